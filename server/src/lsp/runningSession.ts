import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
} from 'vscode-languageserver';
import { configurationSection } from '../../../protocol/ids.ts';
import { fileId } from '../project/fileId.ts';
import type { SettingsSnapshot } from '../project/workspace/settingsSnapshot.ts';
import { askClient } from './client/askClient.ts';
import { type ClientAbilities, clientAbilities } from './client/capabilities.ts';
import {
  clientAccess,
  folderUrisIn,
  initializationOptions,
  isObject,
  sectionOf,
  workspaceFolders,
} from './client/initializeParams.ts';
import { SettingsStore } from './client/settingsStore.ts';
import type { Environment } from './environment.ts';
import type { Guard } from './guard.ts';
import { serve } from './handlers/serve.ts';
import { MetricsPort } from './metricsPort.ts';
import { monitoringPages } from './monitoringPages.ts';
import { spokenConnection } from './language/spokenConnection.ts';
import { wordsFor } from './language/wordsFor.ts';
import { createSession, type Session } from './session.ts';

/** One session from the client's first words to its last: what it may do, its settings and folders as they come. */
export class RunningSession {
  readonly #connection: Connection;
  readonly #environment: Environment;
  readonly #guard: Guard;
  readonly #abilities: ClientAbilities;
  readonly #settings: SettingsStore;
  readonly #session: Session;
  readonly #metrics: MetricsPort;
  #folders: readonly string[];

  constructor(client: Connection, environment: Environment, guard: Guard, params: InitializeParams) {
    const options = initializationOptions(params.initializationOptions);
    const words = wordsFor(options?.language ?? params.locale, environment.languages);
    const connection = spokenConnection(client, words);
    guard.speak(words);
    const abilities = clientAbilities(params.capabilities, options);
    const given = sectionOf(options?.settings);
    const { timers } = environment;
    this.#connection = connection;
    this.#environment = environment;
    this.#guard = guard;
    this.#abilities = abilities;
    this.#folders = workspaceFolders(params);
    this.#settings = new SettingsStore(connection, {
      canPull: abilities.configuration,
      initial: given,
      timers,
      late: (late) => guard.own('Late settings', () => this.#adopt(late)),
    });
    this.#settings.setFolders(this.#folders);
    // Until the settings are known nothing is asked: they say whom to ask and what never to send.
    // What the client handed over is about the window; several folders may each say something else.
    const areKnown = !abilities.configuration || (isObject(given) && this.#folders.length <= 1);
    this.#session = createSession(connection, environment, guard.own, {
      abilities,
      access: clientAccess(connection, options),
      settings: areKnown ? this.#settings.current : undefined,
      folders: this.#folders,
      // Other editors have no such notion: what is opened there is trusted.
      isTrusted: options?.trusted !== false,
      searches: options?.searchWorkspace === true,
      wantsFindings: options?.findings === true,
      words,
    });
    const { recorder } = this.#session;
    guard.measure(
      (method, durationMs, end) => {
        recorder.record(method, durationMs);
        recorder.ends.add(method, end);
      },
      () => environment.clock.now(),
    );
    this.#metrics = new MetricsPort(
      (port, pages) => environment.serveMetrics(port, pages),
      monitoringPages(this.#session, environment),
      connection.console,
    );
    serve(connection, guard, environment, this.#session);
    connection.onDidChangeConfiguration(
      guard.notification('workspace/didChangeConfiguration', (changed: { readonly settings?: unknown } | undefined) =>
        this.#takeSettings(sectionOf(changed?.settings)),
      ),
    );
  }

  /** The client is ready to be asked. */
  begin(): void {
    const { client, workspace } = this.#connection;
    if (this.#abilities.dynamicConfiguration) {
      const section = { section: configurationSection };
      this.#register('changes of settings', () => client.register(DidChangeConfigurationNotification.type, section));
    }
    if (this.#abilities.watchedFiles) {
      // Everything: a folder has any name, and so has a file that is included. What is none of ours costs a look at a map.
      const watchers = [{ globPattern: '**/*' }];
      this.#register(
        'changes of files',
        () => client.register(DidChangeWatchedFilesNotification.type, { watchers }),
        () => (this.#session.disk.watches = false),
      );
    }
    if (this.#abilities.workspaceFolders) {
      workspace.onDidChangeWorkspaceFolders(
        this.#guard.notification('workspace/didChangeWorkspaceFolders', (event: FoldersChange | null | undefined) =>
          this.#changeFolders(event ?? {}),
        ),
      );
    }
    this.#guard.own('The settings', () => this.#takeSettingsAndSearch());
  }

  async end(): Promise<void> {
    await Promise.all([this.#metrics.close(), this.#session.dispose()]);
  }

  #changeFolders(event: FoldersChange): void {
    const [added, removed] = [folderUrisIn(event.added), folderUrisIn(event.removed)];
    const gone = new Set(removed.map(fileId));
    const left = this.#folders.filter((uri) => !gone.has(fileId(uri)));
    this.#folders = [...new Map([...left, ...added].map((uri) => [fileId(uri), uri])).values()];
    this.#settings.setFolders(this.#folders);
    this.#session.folders.take(this.#folders);
    if (this.#abilities.configuration) {
      const { held } = this.#settings;
      this.#guard.own('New folders', () => this.#session.settings.take(held));
    }
    this.#guard.own('New folders', () => this.#takeSettingsAndSearch());
  }

  async #takeSettings(pushed: unknown): Promise<void> {
    await this.#adopt(await this.#settings.refresh(pushed));
  }

  async #takeSettingsAndSearch(): Promise<void> {
    await this.#takeSettings(undefined);
    await this.#session.folders.searchWanted();
  }

  async #adopt(snapshot: SettingsSnapshot): Promise<void> {
    await this.#session.settings.take(snapshot);
    await this.#metrics.use(this.#session.workspace.settings.window.metricsPort);
  }

  /** What a client refuses, or never answers, it does not do. */
  #register(what: string, send: () => Promise<unknown>, refused: () => void = () => undefined): void {
    const { timers } = this.#environment;
    const asked = askClient({ what: `whether it reports ${what}`, limitMs: registrationLimitMs, timers, send });
    asked.catch((error: unknown) => {
      refused();
      this.#connection.console.warn(`The editor does not report ${what}: ${textOf(error)}`);
    });
  }
}

// It is answered at once, or by a person who is asked.
const registrationLimitMs = 30_000;

interface FoldersChange {
  readonly added?: unknown;
  readonly removed?: unknown;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
