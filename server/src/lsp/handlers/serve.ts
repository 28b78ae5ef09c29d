import { serverCommands } from '../../../../protocol/ids.ts';
import { type CancellationToken, type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { advisoriesMethod } from '../../../../protocol/messages/advisories.ts';
import { environmentsMethod } from '../../../../protocol/messages/environments.ts';
import { networkMethod } from '../../../../protocol/messages/network.ts';
import { reportMethod } from '../../../../protocol/messages/report.ts';
import { trustMethod, type TrustParams } from '../../../../protocol/messages/trust.ts';
import { fileId, type FileId } from '../../project/fileId.ts';
import { decodeEnvironments } from '../client/decodeEnvironments.ts';
import { decodeNetwork } from '../client/decodeNetwork.ts';
import type { Environment } from '../environment.ts';
import type { Guard } from '../guard.ts';
import type { Session } from '../session.ts';
import { advisories } from './advisories.ts';
import { codeAction, codeActionResolve } from './codeAction.ts';
import { codeLens } from './codeLens.ts';
import { completion } from './completion.ts';
import { didChange } from './didChange.ts';
import { didChangeWatchedFiles } from './didChangeWatchedFiles.ts';
import { didClose } from './didClose.ts';
import { didOpen } from './didOpen.ts';
import { didSave } from './didSave.ts';
import { documentLink } from './documentLink.ts';
import { documentSymbol } from './documentSymbol.ts';
import { fieldsOf } from './documentParams.ts';
import { executeCommand } from './executeCommand.ts';
import { foldingRange } from './foldingRange.ts';
import { hover } from './hover.ts';
import { inlayHint } from './inlayHint.ts';
import { report } from './report.ts';
import { fitsShape, type ParamsShape } from './requestParams.ts';

/** Has every method of the protocol served by its handler, each behind the guard. */
export function serve(connection: Connection, guard: Guard, environment: Environment, session: Session): void {
  const { project, workspace, openings, reader, linker, disk, settings, answers, age } = session;
  const { abilities, completions, words } = session;
  // What asks about a document that is still being read waits for it; what names none waits for all. The library has registrations
  // of its own for each method, which look into the params first and fail at those that are none.
  const asked = <P, R>(
    method: string,
    shape: ParamsShape,
    answer: (params: P, token: CancellationToken) => R | PromiseLike<R>,
    nameOf?: (params: P) => string,
  ): void => {
    const answered = guard.request<P, R | ResponseError>(
      method,
      (params, token) => {
        if (!fitsShape(params, shape)) {
          return new ResponseError(
            ErrorCodes.InvalidParams,
            `The params of ${method} are not what the protocol has there.`,
          );
        }
        const whole = openings.whole(documentOf(params));
        return whole === undefined ? answer(params, token) : whole.then(() => answer(params, token));
      },
      nameOf,
    );
    connection.onRequest(method, answered);
  };
  const notified = <P>(method: string, take: (params: P) => unknown) => guard.notification(method, take);

  connection.onDidOpenTextDocument(notified('textDocument/didOpen', didOpen(session)));
  connection.onDidChangeTextDocument(notified('textDocument/didChange', didChange(session)));
  connection.onDidCloseTextDocument(notified('textDocument/didClose', didClose(project, openings, reader, linker)));
  connection.onDidSaveTextDocument(notified('textDocument/didSave', didSave(disk, settings)));
  connection.onDidChangeWatchedFiles(notified('workspace/didChangeWatchedFiles', didChangeWatchedFiles(disk)));
  connection.onNotification(
    networkMethod,
    notified(networkMethod, (network: unknown) => answers.useNetwork(decodeNetwork(network))),
  );
  connection.onNotification(
    trustMethod,
    notified(trustMethod, (params: unknown) => {
      session.ignoreReading.setTrusted(isTrusting(params));
      return session.configs.setTrusted(isTrusting(params));
    }),
  );

  connection.onNotification(
    environmentsMethod,
    notified(environmentsMethod, async (params: unknown) => {
      if (session.locks.select(decodeEnvironments(params))) await linker.follow();
    }),
  );

  asked('textDocument/hover', { of: 'place' }, hover(workspace, age, abilities, session));
  asked('textDocument/documentLink', { of: 'document' }, documentLink(workspace, reader, abilities, words));
  asked('textDocument/documentSymbol', { of: 'document' }, documentSymbol(workspace, abilities, words));
  asked('textDocument/foldingRange', { of: 'document' }, foldingRange(workspace, abilities));
  asked(
    'textDocument/completion',
    { of: 'place' },
    completion(workspace, completions, session.locks, environment.clock, {
      labelDetails: abilities.completionLabelDetails,
      words,
    }),
  );
  asked('textDocument/inlayHint', { of: 'range' }, inlayHint(session));
  asked('textDocument/codeLens', { of: 'document' }, codeLens(session));
  asked('textDocument/codeAction', { of: 'actions' }, codeAction(session, abilities));
  asked('codeAction/resolve', {}, codeActionResolve(connection, session, abilities));
  asked('workspace/executeCommand', { of: 'command' }, executeCommand(connection, environment, session), commandName);
  asked(advisoriesMethod, {}, advisories(workspace));
  asked(reportMethod, {}, report(environment, session));
}

function documentOf(params: unknown): FileId | undefined {
  const { uri } = fieldsOf(fieldsOf(params)['textDocument']);
  return typeof uri === 'string' ? fileId(uri) : undefined;
}

function isTrusting(params: unknown): boolean {
  return (params as TrustParams | null)?.trusted === true;
}

/** Commands are counted one by one; what is none of ours is not named. */
function commandName(params: { readonly command?: unknown } | undefined): string {
  const known: readonly unknown[] = Object.values(serverCommands);
  const command = params?.command;
  return known.includes(command) ? String(command) : 'workspace/executeCommand';
}
