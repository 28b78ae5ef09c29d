import { PassThrough } from 'node:stream';
import {
  type CancellationToken,
  type ClientCapabilities,
  type ConfigurationParams,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  WorkDoneProgressCreateRequest,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { createConnection } from 'vscode-languageserver/node';
import { fetchMethod } from '../../protocol/messages/fetch.ts';
import { findingsMethod, type FindingsParams } from '../../protocol/messages/findings.ts';
import { statusMethod, type StatusParams } from '../../protocol/messages/figures/status.ts';
import type { Environment } from '../../server/src/lsp/environment.ts';
import { startServer } from '../../server/src/lsp/server.ts';

type WorkDoneProgressValue = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

export interface ClientOptions {
  /** The `pinwatch` section: answered to `workspace/configuration`, or pushed where `pull` is false. */
  readonly settings?: object;
  /** What a folder's own settings say instead of `settings`, by its URI. */
  readonly folderSettings?: Readonly<Record<string, object>>;
  readonly pull?: boolean;
  readonly folders?: readonly string[];
  /** Beside what `pull` says. */
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: object;
  /** In place of what is said otherwise when the server is initialized. */
  readonly initialize?: object;
  /** Answers `pinwatch/fetch`. */
  readonly fetch?: (params: unknown, token: CancellationToken) => Promise<unknown>;
  /** Asks to be told of all findings. */
  readonly findings?: boolean;
  /** Takes the place of this client's answer to a request of the server. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
}

/** An editor joined to a server in memory. Everything published is kept, and can be waited for. */
export class TestClient {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly statuses: StatusParams[] = [];
  readonly findings: FindingsParams[] = [];
  readonly logged: string[] = [];
  /** What the user was shown. */
  readonly messages: string[] = [];
  /** Edits that the server had applied. */
  readonly applied: WorkspaceEdit[] = [];
  /** What came as `$/progress`, in order, each with its token. */
  readonly progress: { readonly token: number | string; readonly value: WorkDoneProgressValue }[] = [];
  /** Methods of the requests that the server made, but for the ordinary ones at the start. */
  readonly asked: string[] = [];
  readonly #connection: ProtocolConnection;
  readonly #streams: readonly PassThrough[];
  readonly #waiting = new Set<() => void>();
  #settings: object;
  #folderSettings: Readonly<Record<string, object>>;

  static async start(environment: Environment, options: ClientOptions = {}): Promise<TestClient> {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), environment);
    const client = new TestClient(toServer, toClient, options);
    await client.#initialize(options);
    return client;
  }

  private constructor(toServer: PassThrough, toClient: PassThrough, options: ClientOptions) {
    this.#settings = options.settings ?? {};
    this.#folderSettings = options.folderSettings ?? {};
    this.#streams = [toServer, toClient];
    this.#connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.#wake();
    });
    this.#connection.onNotification(statusMethod, (params: StatusParams) => {
      this.statuses.push(params);
      this.#wake();
    });
    this.#connection.onNotification(findingsMethod, (params: FindingsParams) => {
      this.findings.push(params);
      this.#wake();
    });
    this.#connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
      this.#wake();
    });
    this.#connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      this.#wake();
    });
    this.#connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => {
      this.applied.push(edit);
      return { applied: true };
    });
    this.#connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
      this.#connection.onProgress(WorkDoneProgress.type, token, (value) => {
        this.progress.push({ token, value });
        this.#wake();
      });
      this.asked.push(WorkDoneProgressCreateRequest.method);
    });
    this.#connection.onRequest('workspace/configuration', ({ items }: ConfigurationParams) =>
      items.map(({ scopeUri }) => this.#folderSettings[scopeUri ?? ''] ?? this.#settings),
    );
    this.#connection.onRequest('client/registerCapability', () => null);
    if (options.fetch !== undefined) {
      this.#connection.onRequest(fetchMethod, options.fetch);
    }
    for (const method of ['workspace/inlayHint/refresh', 'workspace/codeLens/refresh']) {
      this.#connection.onRequest(method, () => {
        this.asked.push(method);
        this.#wake();
        return null;
      });
    }
    for (const [method, answer] of Object.entries(options.answers ?? {})) {
      this.#connection.onRequest(method, (params: unknown) => {
        this.asked.push(method);
        const given = answer(params);
        this.#wake();
        return given;
      });
    }
    this.#connection.listen();
  }

  initializeResult: InitializeResult | undefined;

  async #initialize({
    pull = true,
    folders = [],
    findings = false,
    capabilities = {},
    initializationOptions = {},
    initialize = {},
  }: ClientOptions): Promise<void> {
    this.initializeResult = await this.#connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {
        ...capabilities,
        textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] }, ...capabilities.textDocument },
        ...(pull ? { workspace: { ...capabilities.workspace, configuration: true } } : {}),
      },
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      ...initialize,
      initializationOptions: {
        findings,
        ...initializationOptions,
        ...(pull ? {} : { settings: { pinwatch: this.#settings } }),
      },
    });
    await this.#connection.sendNotification('initialized', {});
  }

  async open(uri: string, text: string, version = 1, languageId = 'pip-requirements'): Promise<void> {
    const textDocument = { uri, languageId, version, text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces `[start, end)` of one line, as typing does. */
  async edit(uri: string, version: number, line: number, start: number, end: number, text: string): Promise<void> {
    const range = { start: { line, character: start }, end: { line, character: end } };
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async changeOnDisk(uri: string): Promise<void> {
    await this.#connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  }

  async addFolder(uri: string): Promise<void> {
    await this.#connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri, name: uri }], removed: [] },
    });
  }

  async removeFolder(uri: string): Promise<void> {
    await this.#connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [{ uri, name: uri }] },
    });
  }

  async changeSettings(settings: object, folderSettings: Readonly<Record<string, object>> = {}): Promise<void> {
    this.#settings = settings;
    this.#folderSettings = folderSettings;
    await this.#connection.sendNotification('workspace/didChangeConfiguration', { settings: { pinwatch: settings } });
  }

  async cancelProgress(token: number | string): Promise<void> {
    await this.#connection.sendNotification('window/workDoneProgress/cancel', { token });
  }

  async notify(method: string, params: unknown): Promise<void> {
    await this.#connection.sendNotification(method, params);
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.#connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
  }

  /** Any other request about a file. */
  ask<T>(method: string, uri: string, params: object = {}): Promise<T> {
    return this.#connection.sendRequest(method, { textDocument: { uri }, ...params });
  }

  execute<T>(command: string, argument?: object, token?: CancellationToken): Promise<T> {
    const params = { command, ...(argument === undefined ? {} : { arguments: [argument] }) };
    return this.#connection.sendRequest('workspace/executeCommand', params, ...(token === undefined ? [] : [token]));
  }

  request<T>(method: string, params: object, token?: CancellationToken): Promise<T> {
    return this.#connection.sendRequest(method, params, ...(token === undefined ? [] : [token]));
  }

  /** A request answered after everything sent before it has been handled. */
  async settle(uri: string): Promise<void> {
    await this.hover(uri, 0, 0);
  }

  diagnostics(uri: string): readonly Diagnostic[] | undefined {
    return this.published.findLast((params) => params.uri === uri)?.diagnostics;
  }

  /** Resolves with the first value that is not undefined, tried now and after every message from the server. */
  waitFor<T>(what: string, probe: () => T | undefined, timeoutMs = 30_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const give = setTimeout(() => {
        this.#waiting.delete(attempt);
        const last = JSON.stringify({
          published: this.published.at(-1),
          status: this.statuses.at(-1),
          log: this.logged,
        });
        reject(new Error(`waited in vain for ${what}; last: ${last}`));
      }, timeoutMs);
      const attempt = (): void => {
        const value = probe();
        if (value !== undefined) {
          clearTimeout(give);
          this.#waiting.delete(attempt);
          resolve(value);
        }
      };
      this.#waiting.add(attempt);
      attempt();
    });
  }

  waitForDiagnostics(
    uri: string,
    what: string,
    matches: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    return this.waitFor(what, () => {
      const diagnostics = this.diagnostics(uri);
      return diagnostics !== undefined && matches(diagnostics) ? diagnostics : undefined;
    });
  }

  waitForStatus(what: string, matches: (status: StatusParams) => boolean): Promise<StatusParams> {
    return this.waitFor(what, () => {
      const status = this.statuses.at(-1);
      return status !== undefined && matches(status) ? status : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#connection.sendRequest('shutdown');
    this.#connection.dispose();
    this.#streams.forEach((stream) => stream.destroy());
  }

  #wake(): void {
    [...this.#waiting].forEach((attempt) => attempt());
  }
}
