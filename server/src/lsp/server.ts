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
import { askClient } from './askClient.ts';
import { askEditor } from './askEditor.ts';
import { clientAbilities, serverCapabilities } from './capabilities.ts';
import { serveCodeActions } from './codeActions.ts';
import { serveCommands } from './commands.ts';
import { CompletionLookups } from './completionLookups.ts';
import { decodeNetwork } from './decodeNetwork.ts';
import { serveDocuments } from './documentSync.ts';
import type { Environment } from './environment.ts';
import { statisticsOf } from './figures.ts';
import { Guard, guardedConnection, guardedTimers, withTimers } from './guard.ts';
import { refreshLineFeatures, serveLineFeatures } from './lineFeatures.ts';
import { fileId, idOfPath } from '../project/fileId.ts';
import { MetricsPort } from './metricsPort.ts';
import { withPlainConsole } from './plainConsole.ts';
import { Progress, type ShownWork } from './progress.ts';
import { Refresher } from './refresher.ts';
import type { Serving } from './serving.ts';
import { Session, type SessionWatcher } from './session.ts';
import type { SettingsSnapshot } from './settingsSnapshot.ts';
import { SettingsStore } from './settingsStore.ts';

export interface RunningServer {
  /** Writes what is known and lets go of everything; soon over, whatever happens. */
  end(): Promise<void>;
}

/** Serves one client. Everything it remembers lives in its session. */
export function startServer(client: Connection, rawEnvironment: Environment): RunningServer {
  const plain = withPlainConsole(client);
  const guard = new Guard(plain.console);
  const { own } = guard;
  const connection = guardedConnection(plain, own);
  const timers = guardedTimers(rawEnvironment.timers, own);
  const environment = withTimers(rawEnvironment, timers);
  let abilities = clientAbilities({});
  let settings: SettingsStore | undefined;
  let session: Session | undefined;
  let folderUris: readonly string[] = [];
  const refresher = new Refresher(timers, () => refreshLineFeatures(connection, timers, abilities));

  const metrics = new MetricsPort(
    (port, text) => environment.serveMetrics(port, text),
    () => (session === undefined ? '' : metricsText(statisticsOf(session.engine, environment))),
    connection.console,
  );
  const progress = new Progress(connection, timers);
  const watcher: SessionWatcher = {
    landed: () => {
      if (abilities.refreshesHints || abilities.refreshesLenses) {
        refresher.landed();
      }
    },
    working: (work) => (abilities.workDoneProgress ? progress.begin(work) : unseen),
  };

  const lookups = new CompletionLookups(timers);

  connection.onInitialize((params) => {
    const options = initializationOptions(params.initializationOptions);
    abilities = clientAbilities(params.capabilities, options);
    const initial = sectionOf(options?.settings);
    settings = new SettingsStore(connection, {
      canPull: abilities.configuration,
      initial,
      timers,
      late: (late) => own('Late settings', () => adopt(late)),
    });
    // Until the settings are known nothing is asked: they say whom to ask and what never to send.
    // What the client handed over is about the window; several folders may each say something else.
    const folders = workspaceFolders(params);
    const known = !abilities.configuration || (isObject(initial) && folders.length <= 1);
    session = new Session(connection, environment, {
      own,
      settings: known ? settings.current : undefined,
      watcher,
      diagnostics: abilities.diagnostics,
      access: {
        params: decodeNetwork(options?.network),
        storagePath: asPath(options?.storagePath),
        globalStoragePath: asPath(options?.globalStoragePath),
        ...(options?.canFetch === true ? { ask: (request, signal) => askEditor(connection, request, signal) } : {}),
      },
    });
    session.watchesFiles = abilities.watchedFiles;
    if (options?.findings === true) {
      session.announceFindings();
    }
    if (options?.searchWorkspace === true) {
      session.wantSearch();
    }
    // Other editors have no such notion: what is opened there is trusted.
    session.setTrusted(options?.trusted !== false);
    takeFolders(folders);
    return {
      capabilities: serverCapabilities(),
      serverInfo: { name: 'Pinwatch', version: environment.version },
    };
  });

  connection.onInitialized(
    guard.notification('initialized', () => {
      if (abilities.dynamicConfiguration) {
        const section = { section: configurationSection };
        register('changes of settings', () =>
          connection.client.register(DidChangeConfigurationNotification.type, section),
        );
      }
      if (abilities.watchedFiles) {
        // Everything: a folder has any name, and so has a file that is included. What is none of ours costs a look at a map.
        const watchers = [{ globPattern: '**/*' }];
        const unwatched = (): void => {
          abilities = { ...abilities, watchedFiles: false };
          if (session !== undefined) {
            session.watchesFiles = false;
          }
        };
        register(
          'changes of files',
          () => connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }),
          unwatched,
        );
      }
      if (abilities.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(
          guard.notification('workspace/didChangeWorkspaceFolders', (event: FoldersChange) => {
            const [added, removed] = [folderUrisIn(event.added), folderUrisIn(event.removed)];
            const gone = new Set(removed.map(fileId));
            const left = folderUris.filter((uri) => !gone.has(fileId(uri)));
            takeFolders([...new Map([...left, ...added].map((uri) => [fileId(uri), uri])).values()]);
            if (abilities.configuration && settings !== undefined) {
              const { held } = settings;
              own('New folders', () => session?.applySettings(held));
            }
            own('New folders', takeSettingsAndSearch);
          }),
        );
      }
      own('The settings', takeSettingsAndSearch);
    }),
  );

  connection.onNotification(
    networkMethod,
    guard.notification(networkMethod, (network: unknown) => session?.applyNetwork(decodeNetwork(network))),
  );
  connection.onNotification(
    trustMethod,
    guard.notification(trustMethod, (params: unknown) => session?.setTrusted(isTrusting(params))),
  );
  connection.onDidChangeConfiguration(
    guard.notification('workspace/didChangeConfiguration', (params: { readonly settings?: unknown } | undefined) =>
      takeSettings(sectionOf(params?.settings)),
    ),
  );
  serveDocuments(connection, guard, () => session);
  const serving: Serving = { session: () => session, abilities: () => abilities, guard, timers };
  serveCommands(connection, serving, environment);
  serveCodeActions(connection, serving);
  serveLineFeatures(connection, serving, lookups);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= finish());
  connection.onShutdown(guard.request('shutdown', end));
  connection.listen();
  return { end };

  async function finish(): Promise<void> {
    refresher.dispose();
    lookups.dispose();
    const ended = Promise.all([metrics.close(), session?.dispose()]);
    // Editors kill a server that takes longer.
    await new Promise<void>((resolve, reject) => {
      const cancelLimit = timers.after(endWithinMs, resolve);
      ended.then(() => resolve(), reject).finally(cancelLimit);
    });
  }

  function takeFolders(uris: readonly string[]): void {
    folderUris = uris;
    settings?.setFolders(uris);
    session?.setFolders(uris);
  }

  async function takeSettings(pushed: unknown): Promise<void> {
    if (settings !== undefined) {
      await adopt(await settings.refresh(pushed));
    }
  }

  async function takeSettingsAndSearch(): Promise<void> {
    await takeSettings(undefined);
    await session?.searchAgain();
  }

  async function adopt(snapshot: SettingsSnapshot): Promise<void> {
    if (session !== undefined) {
      await session.applySettings(snapshot);
      await metrics.use(session.settings.metricsPort);
    }
  }

  /** What a client refuses, or never answers, it does not do. */
  function register(what: string, send: () => Promise<unknown>, refused: () => void = () => undefined): void {
    const asked = askClient({ what: `whether it reports ${what}`, limitMs: registrationLimitMs, timers, send });
    asked.catch((error: unknown) => {
      refused();
      connection.console.warn(`The editor does not report ${what}: ${textOf(error)}`);
    });
  }
}

// It is answered at once, or by a person who is asked.
const registrationLimitMs = 30_000;

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface FoldersChange {
  readonly added?: unknown;
  readonly removed?: unknown;
}

/** A client without workspace folders names its one folder as the root. */
function workspaceFolders({ workspaceFolders: folders, rootUri, rootPath }: StartFolders): readonly string[] {
  if (Array.isArray(folders)) {
    return folderUrisIn(folders);
  }
  if (typeof rootUri === 'string' && rootUri !== '') {
    return [rootUri];
  }
  return typeof rootPath === 'string' && rootPath !== '' ? [idOfPath(rootPath, windowsPath.test(rootPath))] : [];
}

const windowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/u;

interface StartFolders {
  readonly workspaceFolders?: unknown;
  readonly rootUri?: unknown;
  readonly rootPath?: unknown;
}

function folderUrisIn(folders: unknown): readonly string[] {
  return Array.isArray(folders)
    ? folders.flatMap((folder: unknown) => {
        const uri = isObject(folder) && 'uri' in folder ? folder.uri : undefined;
        return typeof uri === 'string' ? [uri] : [];
      })
    : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function initializationOptions(options: unknown): InitializationOptions | undefined {
  return isObject(options) ? options : undefined;
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
