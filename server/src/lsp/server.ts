import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver';
import { configurationSection } from '../../../protocol/ids.ts';
import {
  type InitializationOptions,
  networkMethod,
  trustMethod,
  type TrustParams,
} from '../../../protocol/messages.ts';
import { metricsText } from '../features/metrics.ts';
import { clientAbilities, serverCapabilities } from './capabilities.ts';
import { askEditor } from './askEditor.ts';
import { serveCodeActions } from './codeActions.ts';
import { serveCommands } from './commands.ts';
import { CompletionLookups } from './completionLookups.ts';
import { decodeNetwork } from './decodeNetwork.ts';
import type { Environment } from './environment.ts';
import { statisticsOf } from './figures.ts';
import { refreshLineFeatures, serveLineFeatures } from './lineFeatures.ts';
import { decidingGlobs } from './lockStore.ts';
import { MetricsPort } from './metricsPort.ts';
import { withPlainConsole } from './plainConsole.ts';
import { Progress, type ShownWork } from './progress.ts';
import { Refresher } from './refresher.ts';
import type { Serving } from './serving.ts';
import { Session, type SessionWatcher } from './session.ts';
import { SettingsStore } from './settingsStore.ts';

export interface RunningServer {
  /** Writes what is known and lets go of everything; soon over, whatever happens. */
  end(): Promise<void>;
}

/** Serves one client. Everything it remembers lives in its session. */
export function startServer(client: Connection, environment: Environment): RunningServer {
  const connection = withPlainConsole(client);
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

  const lookups = new CompletionLookups(environment.timers);

  connection.onInitialize((params) => {
    const options = initializationOptions(params.initializationOptions);
    abilities = clientAbilities(params.capabilities, options);
    const initial = sectionOf(options?.settings);
    settings = new SettingsStore(connection, abilities.configuration, initial);
    // Until the settings are known nothing is asked: they say whom to ask and what never to send.
    // What the client handed over is about the window; several folders may each say something else.
    const folders = params.workspaceFolders ?? [];
    const known = !abilities.configuration || (initial !== undefined && folders.length <= 1);
    session = new Session(connection, environment, {
      settings: known ? settings.current : undefined,
      watcher,
      access: {
        params: decodeNetwork(options?.network),
        storagePath: asPath(options?.storagePath),
        globalStoragePath: asPath(options?.globalStoragePath),
        ...(options?.canFetch === true ? { ask: (request, signal) => askEditor(connection, request, signal) } : {}),
      },
    });
    if (options?.findings === true) {
      session.announceFindings();
    }
    if (options?.searchWorkspace === true) {
      session.wantSearch();
    }
    // Other editors have no such notion: what is opened there is trusted.
    session.setTrusted(options?.trusted !== false);
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
  connection.onDidOpenTextDocument(({ textDocument }) => session?.documents.open(textDocument));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) =>
    session?.documents.change(textDocument.uri, textDocument.version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => session?.documents.close(textDocument.uri));
  connection.onDidChangeWatchedFiles(({ changes }) => session?.documents.changedOnDisk(changes.map(({ uri }) => uri)));
  const serving: Serving = { session: () => session, abilities: () => abilities };
  serveCommands(connection, serving, environment);
  serveCodeActions(connection, serving);
  serveLineFeatures(connection, serving, lookups);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= finish());
  connection.onShutdown(end);
  connection.listen();
  return { end };

  async function finish(): Promise<void> {
    refresher.dispose();
    lookups.dispose();
    const ended = Promise.all([metrics.close(), session?.dispose()]);
    // Editors kill a server that takes longer.
    await new Promise<void>((resolve, reject) => {
      const cancelLimit = environment.timers.after(endWithinMs, resolve);
      ended.then(() => resolve(), reject).finally(cancelLimit);
    });
  }

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
}

function initializationOptions(options: unknown): InitializationOptions | undefined {
  return typeof options === 'object' && options !== null ? options : undefined;
}

function asPath(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function sectionOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && configurationSection in settings
    ? settings[configurationSection]
    : undefined;
}

function isTrusting(params: unknown): boolean {
  return (params as TrustParams | null)?.trusted === true;
}

const endWithinMs = 4_000;

const unseen: ShownWork = Object.freeze({ report: () => undefined, end: () => undefined });
