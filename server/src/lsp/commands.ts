import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type ExecuteCommandParams,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { serverCommands } from '../../../protocol/ids.ts';
import {
  type ImportDatabaseParams,
  reportMethod,
  type ReportParams,
  type RescanParams,
} from '../../../protocol/messages.ts';
import { editorFormatIds } from '../core/report/formats.ts';
import { fileId, isOnDisk } from '../project/fileId.ts';
import { metricsText } from '../features/metrics.ts';
import { editApplier } from './applyEdit.ts';
import { applyAction } from './codeActions.ts';
import { databaseFailure, databaseResult } from './database.ts';
import type { DatabaseWish, Environment } from './environment.ts';
import { healthOf, statisticsOf } from './figures.ts';
import { fixAll } from './fixAll.ts';
import { ignoreEdit } from './ignoreEdit.ts';
import { hasLicenceRules } from './policies.ts';
import { reportText } from './report.ts';
import { sentDataOf } from './sentData.ts';
import type { Serving } from './serving.ts';
import type { Session } from './session.ts';
import { signalOf } from './signalOf.ts';

/** Serves the commands that a person gives, and the report. */
export function serveCommands(connection: Connection, serving: Serving, environment: Environment): void {
  const { session, abilities, guard } = serving;
  connection.onExecuteCommand(
    guard.request('workspace/executeCommand', ({ command, arguments: args }: ExecuteCommandParams, token) => {
      const served = session();
      return served === undefined
        ? new ResponseError(ErrorCodes.ServerNotInitialized, 'Pinwatch is not initialized yet.')
        : execute(served, command, Array.isArray(args) ? args[0] : undefined, token);
    }),
  );
  connection.onRequest(
    reportMethod,
    guard.request(reportMethod, (params: unknown, token) => report(session(), params, environment, token)),
  );

  async function execute(
    served: Session,
    command: string,
    argument: unknown,
    token: CancellationToken,
  ): Promise<unknown> {
    switch (command) {
      case serverCommands.rescan: {
        const uris = rescanUris(argument);
        return uris === 'unclear'
          ? new ResponseError(ErrorCodes.InvalidParams, 'Files to rescan are named so: { "uris": ["file:///…"] }.')
          : cancellable(token, 'The rescan was cancelled.', (signal) => served.rescan(uris, signal));
      }
      case serverCommands.clearCache:
        return served.clearCache();
      case serverCommands.statistics:
        return statisticsOf(served.engine, environment);
      case serverCommands.health:
        return healthOf(served.engine, served.settings, environment, served.memoryTrouble);
      case serverCommands.metrics:
        return metricsText(statisticsOf(served.engine, environment));
      case serverCommands.sentData:
        await served.whenReady; // they say what never to send
        return sentDataOf(served.selectedFiles, served.settings, hasLicenceRulesAnywhere(served));
      case serverCommands.fixAll:
        return cancellable(token, 'The fix was cancelled.', (signal) =>
          fixAll(editApplier(connection, serving.timers), served, argument, abilities().codeActions, signal),
        );
      case serverCommands.ignoreEdit:
        return ignoreEdit(argument);
      case serverCommands.applyAction:
        return applyAction(connection, serving, served, argument, token);
      case serverCommands.updateDatabase:
        return changeDatabase(served, { kind: 'update' }, token);
      case serverCommands.importDatabase: {
        const uri = importUri(argument);
        return uri === undefined
          ? new ResponseError(ErrorCodes.InvalidParams, 'The file to import has to be named: { "uri": "file:///…" }.')
          : changeDatabase(served, { kind: 'import', uri }, token);
      }
      default:
        return new ResponseError(ErrorCodes.InvalidParams, `Pinwatch has no command "${command}".`);
    }
  }
}

function hasLicenceRulesAnywhere(session: Session): boolean {
  return session.selectedFiles.some(({ uri }) => hasLicenceRules(session.settingsFor(uri)));
}

async function changeDatabase(session: Session, wish: DatabaseWish, token: CancellationToken): Promise<unknown> {
  return cancellable(token, 'The database was left as it was.', async (signal) => {
    const changed = await session.changeDatabase(wish, signal);
    return changed.kind === 'done' ? databaseResult(changed.summary) : databaseFailure(changed);
  });
}

async function report(
  session: Session | undefined,
  params: unknown,
  { version, clock }: Environment,
  token: CancellationToken,
): Promise<unknown> {
  const format = editorFormatIds.find((one) => one === (params as ReportParams | null)?.format);
  if (session === undefined || format === undefined) {
    return new ResponseError(
      ErrorCodes.InvalidParams,
      `A report has one of these formats: ${editorFormatIds.join(', ')}.`,
    );
  }
  return cancellable(token, 'The report was cancelled.', async (signal) => {
    const files = session.inReportOrder(await session.examine(undefined, signal));
    const { engine, folders, unread, skipped, settings } = session;
    const { offlineMaxDataAgeDays: maxDataAgeDays } = settings;
    const ignoresOf = session.ignoresOf.bind(session);
    const scope = { engine, folders, unread, skipped, ignoresOf, maxDataAgeDays, version, now: clock.now() };
    return { text: reportText(files, format, scope) };
  });
}

async function cancellable(
  token: CancellationToken,
  message: string,
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const { signal, dispose } = signalOf(token);
  try {
    const result = await run(signal);
    return signal.aborted ? new ResponseError(LSPErrorCodes.RequestCancelled, message) : result;
  } finally {
    dispose();
  }
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
