import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  l10n,
  type LogOutputChannel,
  type Uri,
  workspace,
} from 'vscode';
import {
  DidChangeWatchedFilesNotification,
  ExecuteCommandRequest,
  FileChangeType,
  type LanguageClient,
  State,
} from 'vscode-languageclient/node';
import { findingsMethod, type FindingsParams, type IgnoredRequirement } from '../../protocol/messages/findings.ts';
import { environmentsMethod } from '../../protocol/messages/environments.ts';
import { networkMethod } from '../../protocol/messages/network.ts';
import type { OfferedFormat, ServerOffers } from '../../protocol/messages/serverOffers.ts';
import { statusMethod, type StatusParams } from '../../protocol/messages/figures/status.ts';
import { trustMethod, type TrustParams } from '../../protocol/messages/trust.ts';
import { cacheKeyEnvironment, isCacheKey } from './commands/cacheKey.ts';
import { checkedSchemes } from './checkedSchemes.ts';
import { createClient } from './createClient.ts';
import { includePatterns, networkParams, settingId } from './editorSettings.ts';
import { isRedisSecret, redisEnvironment } from './commands/redisPassword.ts';
import { type FileChange, LooseFiles } from './looseFiles.ts';
import { type RequirementFilter, requirementFilters } from './requirementFilters.ts';
import { SelectedEnvironments } from './selectedEnvironments.ts';
import type { Status } from './views/statusView.ts';

/** The language server as the editor sees it: started, asked, started again when it died. Dispose to stop it. */
export class PinwatchClient implements Disposable {
  readonly #context: ExtensionContext;
  readonly #output: LogOutputChannel;
  readonly #statusChanged = new EventEmitter<Status>();
  readonly #findingsChanged = new EventEmitter<FindingsParams>();
  readonly #subscriptions: Disposable[] = [];
  #client: LanguageClient | undefined;
  #started: Promise<void> | undefined;
  /** What the server's process was given besides its own. */
  #environment: Readonly<Record<string, string>> = {};
  #starts = 0;
  #status: Status = { connection: 'starting' };
  /** Grows only: which documents are sent is fixed when a client starts. */
  #schemes: ReadonlySet<string> | undefined;
  #looseFiles: LooseFiles | undefined;
  readonly #environments = new SelectedEnvironments((params) => {
    if (this.#client?.isRunning() === true) {
      void this.#client.sendNotification(environmentsMethod, params);
    }
  });
  #hasSearched = false;
  #ignoredAt: readonly IgnoredRequirement[] = [];

  readonly onDidChangeStatus = this.#statusChanged.event;
  readonly onDidChangeFindings = this.#findingsChanged.event;

  constructor(context: ExtensionContext, output: LogOutputChannel) {
    this.#context = context;
    this.#output = output;
    this.#subscriptions.push(
      this.#statusChanged,
      this.#findingsChanged,
      this.#environments,
      // The environment of a process is what it began with.
      context.secrets.onDidChange(({ key }) => {
        if (isRedisSecret(key) || isCacheKey(key)) {
          void this.#restart();
        }
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        const params: TrustParams = { trusted: true };
        if (this.#client?.isRunning() === true) {
          void this.#client.sendNotification(trustMethod, params);
          void this.#environments.refresh();
        }
      }),
      workspace.onDidOpenTextDocument(() => this.#takeSchemes()),
      workspace.onDidChangeWorkspaceFolders(() => {
        this.#takeSchemes();
        void this.#environments.refresh();
      }),
      workspace.onDidChangeConfiguration((event) => {
        // Which documents are sent is fixed when a client starts.
        if (event.affectsConfiguration(settingId('files.include'))) {
          void this.#restart();
        } else if (event.affectsConfiguration(settingId('cache.redisUrl'))) {
          void this.#redisMoved();
        } else if (event.affectsConfiguration('http') && this.#client?.isRunning() === true) {
          void this.#client.sendNotification(networkMethod, networkParams());
        }
      }),
    );
  }

  get status(): Status {
    return this.#status;
  }

  /** What the user's ignores keep out of the findings, as the server reported it last. */
  get ignoredAt(): readonly IgnoredRequirement[] {
    return this.#ignoredAt;
  }

  get filters(): readonly RequirementFilter[] {
    // Not at activation: the first look at the settings takes as long as all the rest of it.
    const include = includePatterns();
    this.#schemes ??= checkedSchemes(include);
    return requirementFilters(include, this.#schemes);
  }

  /** Starts the server unless it runs. Never rejects: a failed start is logged, and the status says so. */
  start(): Promise<void> {
    this.#started ??= this.#startClient();
    return this.#started;
  }

  /** Runs a command of the server, starting it first where it has stopped. Rejects with a sentence for people. */
  execute<Result>(command: string, args: readonly unknown[], token?: CancellationToken): Promise<Result> {
    return this.request(ExecuteCommandRequest.method, { command, arguments: [...args] }, token);
  }

  /** Sends a request to the server, starting it first where it has stopped. Rejects with a sentence for people. */
  async request<Result>(method: string, params: object, token?: CancellationToken): Promise<Result> {
    const client = await this.#running();
    // The server is ours: what it answers is in protocol/messages/.
    // Without one, an `undefined` would be sent along as a second parameter.
    return token === undefined
      ? client.sendRequest<Result>(method, params)
      : client.sendRequest<Result>(method, params, token);
  }

  /** What a report can be had as, from the server, which starts where it has stopped. */
  async reportFormats(): Promise<readonly OfferedFormat[]> {
    const { initializeResult } = await this.#running();
    const offers = initializeResult?.capabilities.experimental as { readonly pinwatch?: ServerOffers } | undefined;
    return offers?.pinwatch?.reportFormats ?? [];
  }

  /** Resolves when the server has ended. */
  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#started = undefined;
    this.#starts++;
    if (client !== undefined) {
      await client.dispose().catch((error: unknown) => this.#output.debug('The server ended ungracefully.', error));
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0)) {
      subscription.dispose();
    }
    this.#looseFiles?.dispose();
    void this.stop();
  }

  /** The client of a running server. Rejects with a sentence for people. */
  async #running(): Promise<LanguageClient> {
    await this.start();
    const client = this.#client;
    if (client === undefined || !client.isRunning()) {
      throw new Error(l10n.t('The Pinwatch server does not start.'));
    }
    return client;
  }

  /** Another server may have another password, or none. */
  async #redisMoved(): Promise<void> {
    const environment = await this.#secrets();
    if (JSON.stringify(environment) !== JSON.stringify(this.#environment)) {
      await this.#restart();
    }
  }

  /** Without what cannot be read: the team cache then says that it needs a password. */
  async #secrets(): Promise<Readonly<Record<string, string>>> {
    try {
      const { secrets } = this.#context;
      return { ...(await redisEnvironment(secrets)), ...(await cacheKeyEnvironment(secrets)) };
    } catch (error) {
      this.#output.warn('The secret storage of the editor cannot be read.', error);
      return {};
    }
  }

  #takeSchemes(): void {
    if (this.#schemes === undefined) {
      return; // nothing has been started yet
    }
    const schemes = new Set([...this.#schemes, ...checkedSchemes(includePatterns())]);
    if (schemes.size > this.#schemes.size) {
      this.#schemes = schemes;
      void this.#restart();
    }
  }

  async #restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #startClient(): Promise<void> {
    this.#setStatus({ connection: 'starting' });
    const starting = ++this.#starts;
    const environment = await this.#secrets();
    if (starting !== this.#starts) {
      return; // stopped meanwhile, or started again
    }
    this.#environment = environment;
    this.#looseFiles ??= new LooseFiles(
      () => this.filters,
      (uri, change) => this.#looseFileChanged(uri, change),
    );
    this.#looseFiles.refresh();
    const client = createClient({
      context: this.#context,
      output: this.#output,
      filters: this.filters,
      environment,
      hasSearched: () => this.#hasSearched,
      gaveUp: () => this.#gaveUp(client),
    });
    this.#client = client;
    client.onNotification(statusMethod, (status: StatusParams) => {
      if (this.#client === client) {
        this.#setStatus(status);
      }
    });
    client.onNotification(findingsMethod, (findings: FindingsParams) => {
      if (this.#client === client) {
        this.#hasSearched ||= findings.workspace;
        this.#ignoredAt = findings.ignoredAt;
        this.#findingsChanged.fire(findings);
      }
    });
    client.onDidChangeState(({ newState }) => this.#clientChanged(client, newState));
    try {
      await client.start();
    } catch (error) {
      this.#output.error('The server does not start.', error);
      // A server that died while starting is started again by its client, which then goes on.
      if (client.state !== State.Starting && client.state !== State.Running) {
        this.#gaveUp(client);
      }
    }
  }

  #looseFileChanged(uri: Uri, change: FileChange): void {
    const client = this.#client;
    if (client?.isRunning() === true) {
      const changes = [{ uri: client.code2ProtocolConverter.asUri(uri), type: changeTypes[change] }];
      void client.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    }
  }

  #clientChanged(client: LanguageClient, state: State): void {
    if (this.#client !== client) {
      return;
    }
    switch (state) {
      case State.Starting:
      // Between the end of a server and its restart.
      case State.Stopped:
        this.#setStatus({ connection: 'starting' });
        break;
      case State.StartFailed:
        this.#gaveUp(client);
        break;
      case State.Running:
        void this.#environments.refresh();
        break;
    }
  }

  /** The next command makes a new client. */
  #gaveUp(client: LanguageClient): void {
    if (this.#client === client) {
      this.#client = undefined;
      this.#started = undefined;
      this.#setStatus({ connection: 'stopped' });
    }
  }

  #setStatus(status: Status): void {
    this.#status = status;
    this.#statusChanged.fire(status);
  }
}

const changeTypes: Readonly<Record<FileChange, FileChangeType>> = {
  created: FileChangeType.Created,
  changed: FileChangeType.Changed,
  deleted: FileChangeType.Deleted,
};
