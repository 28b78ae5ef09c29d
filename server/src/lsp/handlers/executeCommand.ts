import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type ExecuteCommandParams,
  ResponseError,
} from 'vscode-languageserver';
import { serverCommands } from '../../../../protocol/ids.ts';
import type { ImportDatabaseParams } from '../../../../protocol/messages/database.ts';
import type { RescanParams } from '../../../../protocol/messages/rescan.ts';
import { metricsText } from '../../features/metrics.ts';
import { fileId, isOnDisk } from '../../project/fileId.ts';
import { cancellable } from '../client/cancellable.ts';
import type { DatabaseWish, Environment } from '../environment.ts';
import { spokenFix, spokenHealth } from '../language/spokenAnswers.ts';
import type { Session } from '../session.ts';
import { applyAction } from './codeAction.ts';
import { databaseFailure, databaseResult } from './commands/database.ts';
import { statisticsOf } from './commands/figures.ts';
import { serverHealth } from './commands/health.ts';
import { metricsFiguresOf } from './commands/metrics.ts';
import { fixAll } from './commands/fixAll.ts';
import { ignoreEdit } from './commands/ignoreEdit.ts';
import { effectiveSettingsOf } from './commands/effectiveSettings.ts';
import { sentDataOf } from './commands/sentData.ts';
import { stopIgnoreEdit } from './commands/stopIgnoreEdit.ts';

/** `workspace/executeCommand`: the commands that a person gives. */
export function executeCommand(
  connection: Connection,
  environment: Environment,
  session: Session,
): (params: ExecuteCommandParams, token: CancellationToken) => unknown {
  const { workspace, engine, recorder, checks, answers, settings, raises, words } = session;
  const changeDatabase = (wish: DatabaseWish, token: CancellationToken): Promise<unknown> =>
    cancellable<unknown>(token, 'The database is unchanged.', async (signal) => {
      const changed = await answers.changeDatabase(wish, signal);
      return changed.kind === 'done' ? databaseResult(changed.summary) : databaseFailure(changed);
    });
  return async ({ command, arguments: args }, token) => {
    const argument: unknown = Array.isArray(args) ? args[0] : undefined;
    switch (command) {
      case serverCommands.rescan: {
        const uris = rescanUris(argument);
        return uris === 'unclear'
          ? new ResponseError(ErrorCodes.InvalidParams, 'Files to rescan are named so: { "uris": ["file:///…"] }.')
          : cancellable(token, 'The rescan was cancelled.', (signal) => checks.rescan(uris, signal));
      }
      case serverCommands.clearCache:
        raises.clear();
        return answers.clearCache();
      case serverCommands.statistics:
        await recorder.ready;
        return statisticsOf(engine, recorder, workspace, environment);
      case serverCommands.health:
        return spokenHealth(await serverHealth(session, environment), words);
      case serverCommands.metrics:
        return metricsText(await metricsFiguresOf(session, environment));
      case serverCommands.sentData:
        await settings.whenReady; // they say what never to send
        return sentDataOf(workspace);
      case serverCommands.effectiveSettings:
        await settings.whenReady;
        return effectiveSettingsOf(session);
      case serverCommands.fixAll:
        return cancellable(token, 'The fix was cancelled.', async (signal) =>
          spokenFix(await fixAll(session, argument, signal), words),
        );
      case serverCommands.ignoreEdit:
        return ignoreEdit(argument);
      case serverCommands.stopIgnoreEdit:
        return stopIgnoreEdit(workspace, argument);
      case serverCommands.applyAction:
        return applyAction(connection, session, argument, token);
      case serverCommands.updateDatabase:
        return changeDatabase({ kind: 'update' }, token);
      case serverCommands.importDatabase: {
        const uri = importUri(argument);
        return uri === undefined
          ? new ResponseError(ErrorCodes.InvalidParams, 'The file to import has to be named: { "uri": "file:///…" }.')
          : changeDatabase({ kind: 'import', uri }, token);
      }
      default:
        return new ResponseError(ErrorCodes.InvalidParams, `Pinwatch has no command "${command}".`);
    }
  };
}

/** Only what lies on this machine's disk can be read. */
function importUri(argument: unknown): string | undefined {
  const uri = (argument as ImportDatabaseParams | null | undefined)?.uri;
  return typeof uri === 'string' && isOnDisk(fileId(uri)) ? uri : undefined;
}

/** `undefined`: all of them. What cannot be understood must not end in a search of the whole workspace. */
function rescanUris(argument: unknown): readonly string[] | 'unclear' | undefined {
  const uris: unknown = (argument as RescanParams | null | undefined)?.uris ?? undefined;
  if (uris === undefined) {
    return undefined;
  }
  return Array.isArray(uris) && uris.every((uri) => typeof uri === 'string') ? uris : 'unclear';
}
