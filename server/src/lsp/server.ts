import {
  type CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { configurationSection, serverCommands } from '../../../protocol/ids.ts';
import {
  type ImportDatabaseParams,
  type InitializationOptions,
  networkMethod,
  reportFormats,
  reportMethod,
  trustMethod,
  type ReportParams,
  type RescanParams,
  type TrustParams,
} from '../../../protocol/messages.ts';
import { metricsText } from '../features/metrics.ts';
import { clientAbilities, serverCapabilities } from './capabilities.ts';
import { askEditor } from './askEditor.ts';
import { applyAction, serveCodeActions } from './codeActions.ts';
import { decodeNetwork } from './decodeNetwork.ts';
import { databaseFailure, databaseResult } from './database.ts';
import type { DatabaseWish, Environment } from './environment.ts';
import { healthOf, statisticsOf } from './figures.ts';
import { refreshLineFeatures, serveLineFeatures } from './lineFeatures.ts';
import { fixAll } from './fixAll.ts';
import { ignoreEdit } from './ignoreEdit.ts';
import { decidingGlobs } from './lockStore.ts';
import { MetricsPort } from './metricsPort.ts';
import { Progress, type ShownWork } from './progress.ts';
import { Refresher } from './refresher.ts';
import { reportText } from './report.ts';
import { sentDataOf } from './sentData.ts';
import { Session, type SessionWatcher } from './session.ts';
import { SettingsStore } from './settingsStore.ts';

/** Serves one client over `connection`. Everything it remembers lives in its session. */
export function startServer(connection: Connection, environment: Environment): void {
  let abilities = clientAbilities({});
  let settings: SettingsStore | undefined;
  let session: Session | undefined;
  let folderUris: readonly string[] = [];
  const refresher = new Refresher(environment.timers, () => refreshLineFeatures(connection, abilities));

  const metrics = new MetricsPort(
    (port, text) => environment.serveMetrics(port, text),
    () => (session === undefined ? '' : metricsText(statisticsOf(session.engine, environment))),
    connection.console,
  );
  const progress = new Progress(connection, environment.timers);
  const watcher: SessionWatcher = {
    landed: () => {
      if (abilities.refreshesHints || abilities.refreshesLenses) {
        refresher.landed();
      }
    },
    working: (work) => (abilities.workDoneProgress ? progress.begin(work) : unseen),
  };

  connection.onInitialize((params) => {
    abilities = clientAbilities(params.capabilities, initializationOptions(params.initializationOptions));
    const initial = initialSettings(params.initializationOptions);
    settings = new SettingsStore(connection, abilities.configuration, initial);
    // Until the settings are known nothing is asked: they say whom to ask and what never to send.
    // What the client handed over is about the window; several folders may each say something else.
    const folders = params.workspaceFolders ?? [];
    const known = !abilities.configuration || (initial !== undefined && folders.length <= 1);
    const { network, canFetch, storagePath, globalStoragePath } =
      initializationOptions(params.initializationOptions) ?? {};
    session = new Session(connection, environment, known ? settings.current : undefined, watcher, {
      params: decodeNetwork(network),
      storagePath: asPath(storagePath),
      globalStoragePath: asPath(globalStoragePath),
      ...(canFetch === true ? { ask: (request, signal) => askEditor(connection, request, signal) } : {}),
    });
    if (initializationOptions(params.initializationOptions)?.findings === true) {
      session.announceFindings();
    }
    if (initializationOptions(params.initializationOptions)?.searchWorkspace === true) {
      session.wantSearch();
    }
    // Other editors have no such notion: what is opened there is trusted.
    session.setTrusted(initializationOptions(params.initializationOptions)?.trusted !== false);
    takeFolders(folders.map(({ uri }) => uri));
    return {
      capabilities: serverCapabilities(),
      serverInfo: { name: 'Pinwatch', version: environment.version },
    };
  });

  connection.onInitialized(() => {
    if (abilities.dynamicConfiguration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: configurationSection });
    }
    if (abilities.watchedFiles) {
      const watchers = ['**/*.{txt,in}', '**/{osv-scanner,pyproject}.toml', ...decidingGlobs].map((globPattern) => ({
        globPattern,
      }));
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (abilities.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const left = folderUris.filter((uri) => !removed.some((folder) => folder.uri === uri));
        takeFolders([...new Set([...left, ...added.map(({ uri }) => uri)])]);
        if (abilities.configuration && settings !== undefined) {
          void session?.applySettings(settings.held);
        }
        void takeSettings(undefined).then(() => session?.searchAgain());
      });
    }
    void takeSettings(undefined).then(() => session?.searchAgain());
  });

  connection.onNotification(networkMethod, (network: unknown) => session?.applyNetwork(decodeNetwork(network)));
  connection.onNotification(trustMethod, (params: unknown) => session?.setTrusted(isTrusting(params)));
  connection.onDidChangeConfiguration(({ settings: pushed }) => takeSettings(sectionOf(pushed)));
  connection.onDidOpenTextDocument(({ textDocument }) => session?.open(textDocument));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) =>
    session?.change(textDocument.uri, textDocument.version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => session?.close(textDocument.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => session?.changedOnDisk(changes.map(({ uri }) => uri)));
  connection.onHover(({ textDocument, position }) => session?.hover(textDocument.uri, position) ?? null);
  connection.onExecuteCommand(({ command, arguments: args }, token) => execute(command, args?.[0], token));
  serveCodeActions(connection, { session: () => session, abilities: () => abilities });
  serveLineFeatures(connection, { session: () => session, abilities: () => abilities });
  connection.onRequest(reportMethod, (params: unknown, token: CancellationToken) => report(params, token));
  connection.onShutdown(async () => {
    refresher.dispose();
    const ended = Promise.all([metrics.close(), session?.dispose()]);
    // Editors kill a server that takes longer.
    await new Promise<void>((resolve, reject) => {
      const cancelLimit = environment.timers.after(endWithinMs, resolve);
      ended.then(() => resolve(), reject).finally(cancelLimit);
    });
  });
  connection.listen();

  function takeFolders(uris: readonly string[]): void {
    folderUris = uris;
    settings?.setFolders(uris);
    session?.setFolders(uris);
  }

  async function takeSettings(pushed: unknown): Promise<void> {
    if (settings !== undefined && session !== undefined) {
      await session.applySettings(await settings.refresh(pushed));
      await metrics.use(session.settings.metricsPort);
    }
  }

  async function execute(command: string, argument: unknown, token: CancellationToken): Promise<unknown> {
    if (session === undefined) {
      return new ResponseError(ErrorCodes.ServerNotInitialized, 'Pinwatch is not initialized yet.');
    }
    switch (command) {
      case serverCommands.rescan:
        return rescan(session, argument, token);
      case serverCommands.clearCache:
        return session.clearCache();
      case serverCommands.statistics:
        return statisticsOf(session.engine, environment);
      case serverCommands.health:
        return healthOf(session.engine, session.settings, environment);
      case serverCommands.metrics:
        return metricsText(statisticsOf(session.engine, environment));
      case serverCommands.sentData:
        await session.whenReady; // they say what never to send
        return sentDataOf(session.selectedFiles, session.settings);
      case serverCommands.fixAll:
        return fixEverything(session, argument, token);
      case serverCommands.ignoreEdit:
        return ignoreEdit(argument);
      case serverCommands.applyAction:
        return applyAction(connection, session, argument, abilities, token);
      case serverCommands.updateDatabase:
        return changeDatabase(session, { kind: 'update' }, token);
      case serverCommands.importDatabase: {
        const uri = importUri(argument);
        return uri === undefined
          ? new ResponseError(ErrorCodes.InvalidParams, 'The file to import has to be named: { "uri": "file:///…" }.')
          : changeDatabase(session, { kind: 'import', uri }, token);
      }
      default:
        return new ResponseError(ErrorCodes.InvalidParams, `Pinwatch has no command "${command}".`);
    }
  }

  async function rescan(scope: Session, argument: unknown, token: CancellationToken): Promise<unknown> {
    return cancellable(token, 'The rescan was cancelled.', (signal) => scope.rescan(rescanUris(argument), signal));
  }

  async function fixEverything(scope: Session, argument: unknown, token: CancellationToken): Promise<unknown> {
    return cancellable(token, 'The fix was cancelled.', (signal) =>
      fixAll(connection, scope, argument, abilities.codeActions, signal),
    );
  }

  async function changeDatabase(scope: Session, wish: DatabaseWish, token: CancellationToken): Promise<unknown> {
    return cancellable(token, 'The database was left as it was.', async (signal) => {
      const changed = await scope.changeDatabase(wish, signal);
      return changed.kind === 'done' ? databaseResult(changed.summary) : databaseFailure(changed);
    });
  }

  async function report(params: unknown, token: CancellationToken): Promise<unknown> {
    const format = reportFormats.find((one) => one === (params as ReportParams | null)?.format);
    if (session === undefined || format === undefined) {
      return new ResponseError(
        ErrorCodes.InvalidParams,
        `A report has one of these formats: ${reportFormats.join(', ')}.`,
      );
    }
    const scope = session;
    return cancellable(token, 'The report was cancelled.', async (signal) => {
      const files = await scope.examine(undefined, signal);
      const { engine, folders } = scope;
      return {
        text: reportText(files, format, {
          engine,
          folders,
          ignoresOf: (uri) => scope.ignoresOf(uri),
          version: environment.version,
          now: environment.clock.now(),
        }),
      };
    });
  }
}

async function cancellable(
  token: CancellationToken,
  message: string,
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController();
  const listening = token.onCancellationRequested(() => controller.abort());
  try {
    const result = await run(controller.signal);
    return controller.signal.aborted ? new ResponseError(LSPErrorCodes.RequestCancelled, message) : result;
  } finally {
    listening.dispose();
  }
}

function initializationOptions(options: unknown): InitializationOptions | undefined {
  return typeof options === 'object' && options !== null ? options : undefined;
}

function asPath(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function initialSettings(options: unknown): unknown {
  return sectionOf(initializationOptions(options)?.settings);
}

function sectionOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && configurationSection in settings
    ? settings[configurationSection]
    : undefined;
}

function isTrusting(params: unknown): boolean {
  return (params as TrustParams | null)?.trusted === true;
}

const endWithinMs = 5_000;

const unseen: ShownWork = Object.freeze({ report: () => undefined, end: () => undefined });

/** Only what lies on this machine's disk can be read. */
function importUri(argument: unknown): string | undefined {
  const uri = (argument as ImportDatabaseParams | null | undefined)?.uri;
  return typeof uri === 'string' && uri.startsWith('file:///') ? uri : undefined;
}

function rescanUris(argument: unknown): readonly string[] | undefined {
  const uris = (argument as RescanParams | null | undefined)?.uris;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : undefined;
}
