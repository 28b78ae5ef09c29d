import { type Connection, type PublishDiagnosticsParams, ShowMessageNotification } from 'vscode-languageserver';
import { findingsMethod, type FindingsParams } from '../../../../protocol/messages/findings.ts';
import { statusMethod, type StatusParams } from '../../../../protocol/messages/figures/status.ts';
import { english, type Words } from '../../core/words/words.ts';
import { SpokenDiagnostics } from './spokenDiagnostics.ts';

/** The connection, with what is sent for people in their language. The log stays English: it is for those who help. */
export function spokenConnection(connection: Connection, words: Words): Connection {
  if (words === english) {
    return connection;
  }
  const diagnostics = new SpokenDiagnostics(words);
  return Object.create(connection, {
    sendDiagnostics: {
      value: (params: PublishDiagnosticsParams) =>
        connection.sendDiagnostics({ ...params, diagnostics: diagnostics.of(params.diagnostics) }),
    },
    sendNotification: {
      value: (type: string | { readonly method: string }, params: unknown) => {
        const method = typeof type === 'string' ? type : type.method;
        return connection.sendNotification(method, spokenParams(method, params, words));
      },
    },
  }) as Connection;
}

function spokenParams(method: string, params: unknown, { said }: Words): unknown {
  switch (method) {
    case statusMethod: {
      const { message, ...status } = params as StatusParams;
      return message === undefined ? status : { ...status, message: said(message) };
    }
    case findingsMethod: {
      const findings = params as FindingsParams;
      return { ...findings, failed: findings.failed.map((one) => ({ ...one, message: said(one.message) })) };
    }
    case ShowMessageNotification.method: {
      const shown = params as { readonly message: string };
      return { ...shown, message: said(shown.message) };
    }
    default:
      return params;
  }
}
