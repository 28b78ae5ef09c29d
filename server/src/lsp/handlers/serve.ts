import { serverCommands } from '../../../../protocol/ids.ts';
import type { Connection } from 'vscode-languageserver';
import {
  advisoriesMethod,
  networkMethod,
  reportMethod,
  trustMethod,
  type TrustParams,
} from '../../../../protocol/messages.ts';
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
import { executeCommand } from './executeCommand.ts';
import { foldingRange } from './foldingRange.ts';
import { hover } from './hover.ts';
import { inlayHint } from './inlayHint.ts';
import { report } from './report.ts';

/** Has every method of the protocol served by its handler, each behind the guard. */
export function serve(connection: Connection, guard: Guard, environment: Environment, session: Session): void {
  const { project, workspace, reader, linker, disk, settings, answers, age, abilities, completions, words } = session;
  const notified = <P>(method: string, take: (params: P) => unknown) => guard.notification(method, take);

  connection.onDidOpenTextDocument(notified('textDocument/didOpen', didOpen(session)));
  connection.onDidChangeTextDocument(notified('textDocument/didChange', didChange(session)));
  connection.onDidCloseTextDocument(notified('textDocument/didClose', didClose(project, reader, linker)));
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

  connection.onHover(guard.request('textDocument/hover', hover(workspace, age, abilities, words)));
  connection.onDocumentLinks(
    guard.request('textDocument/documentLink', documentLink(workspace, reader, abilities, words)),
  );
  connection.onDocumentSymbol(
    guard.request('textDocument/documentSymbol', documentSymbol(workspace, abilities, words)),
  );
  connection.onFoldingRanges(guard.request('textDocument/foldingRange', foldingRange(workspace, abilities)));
  connection.onCompletion(
    guard.request(
      'textDocument/completion',
      completion(workspace, completions, session.locks, environment.clock, {
        labelDetails: abilities.completionLabelDetails,
        words,
      }),
    ),
  );
  connection.languages.inlayHint.on(guard.request('textDocument/inlayHint', inlayHint(session)));
  connection.onCodeLens(guard.request('textDocument/codeLens', codeLens(session)));
  connection.onCodeAction(guard.request('textDocument/codeAction', codeAction(session, abilities)));
  connection.onCodeActionResolve(
    guard.request('codeAction/resolve', codeActionResolve(connection, session, abilities)),
  );
  connection.onExecuteCommand(
    guard.request('workspace/executeCommand', executeCommand(connection, environment, session), commandName),
  );
  connection.onRequest(advisoriesMethod, guard.request(advisoriesMethod, advisories(workspace)));
  connection.onRequest(reportMethod, guard.request(reportMethod, report(environment, session)));
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
