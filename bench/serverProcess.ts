import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import { serverCommands } from '../protocol/ids.ts';
import type { BesideLimit } from '../protocol/messages/initializationOptions.ts';
import { statusMethod, type StatusParams } from '../protocol/messages/figures/status.ts';

export interface ServerOptions {
  readonly execArgv?: readonly string[];
  /** Instead of this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where it keeps what it learns; nowhere where absent. */
  readonly storagePath?: string;
  /** How much it is sent of the advisories beside the worst one; all where absent. */
  readonly beside?: BesideLimit;
}

export interface SourceRequests {
  readonly querybatch: number;
  readonly query: number;
  readonly vulns: number;
}

/** A language server in a process of its own, over Node's IPC as VS Code runs it. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  #onPublish: (params: PublishDiagnosticsParams) => void = () => undefined;
  #status: StatusParams | undefined;
  #onStatus: () => void = () => undefined;
  /** How many diagnostics notifications have come. */
  publishes = 0;
  /** Called for each of them. */
  onAnyPublish: (params: PublishDiagnosticsParams) => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.publishes++;
      this.onAnyPublish(params);
      this.#onPublish(params);
    });
    this.#connection.onNotification(statusMethod, (params: StatusParams) => {
      this.#status = params;
      this.#onStatus();
    });
    this.#connection.listen();
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  static async start(module: string, settings: object, options: ServerOptions = {}): Promise<ServerProcess> {
    const child = fork(module, ['--node-ipc'], {
      execArgv: [...(options.execArgv ?? [])],
      env: options.env ?? process.env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const server = new ServerProcess(child);
    await server.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions: {
        settings: { pinwatch: settings },
        storagePath: options.storagePath,
        beside: options.beside,
      },
    });
    await server.#connection.sendNotification('initialized', {});
    return server;
  }

  /** Opens a document and waits until its diagnostics fulfil `done`; milliseconds. */
  open(uri: string, text: string, done: (params: PublishDiagnosticsParams) => boolean): Promise<number> {
    const textDocument = { uri, languageId: 'pip-requirements', version: 1, text };
    return this.#timed(done, () => this.#connection.sendNotification('textDocument/didOpen', { textDocument }));
  }

  get status(): StatusParams | undefined {
    return this.#status;
  }

  /** Requests to the service so far, as Pinwatch counts them. */
  async requests(): Promise<SourceRequests> {
    const { osv } = await this.#connection.sendRequest<{ osv: { requests: SourceRequests } }>(
      'workspace/executeCommand',
      { command: serverCommands.statistics },
    );
    return osv.requests;
  }

  /** Opens a document and waits for nothing. */
  async openNow(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'pip-requirements', version: 1, text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Inserts text and waits for the diagnostics of that very version; milliseconds. */
  edit(uri: string, version: number, line: number, character: number, text: string, remove = 0): Promise<number> {
    const range = { start: { line, character }, end: { line, character: character + remove } };
    return this.#timed(
      (params) => params.uri === uri && params.version === version,
      () =>
        this.#connection.sendNotification('textDocument/didChange', {
          textDocument: { uri, version },
          contentChanges: [{ range, text }],
        }),
    );
  }

  /** Inserts text and waits for nothing. */
  async editNow(uri: string, version: number, line: number, character: number, text: string): Promise<void> {
    const position = { line, character };
    await this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: position, end: position }, text }],
    });
  }

  async closeNow(uri: string): Promise<void> {
    await this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Pinwatch's cache figures when nothing is under way. */
  whenIdle(holds: (cache: StatusParams['cache']) => boolean = () => true): Promise<StatusParams['cache']> {
    return new Promise((resolve) => {
      this.#onStatus = () => {
        if (this.#status !== undefined && this.#status.state !== 'scanning' && holds(this.#status.cache)) {
          this.#onStatus = () => undefined;
          resolve(this.#status.cache);
        }
      };
      this.#onStatus();
    });
  }

  async stop(): Promise<void> {
    await this.#connection.sendRequest('shutdown');
    const gone = once(this.#child, 'exit');
    await this.#connection.sendNotification('exit');
    await gone;
    this.#connection.dispose();
  }

  #timed(done: (params: PublishDiagnosticsParams) => boolean, send: () => Promise<void>): Promise<number> {
    return new Promise((resolve, reject) => {
      const start = performance.now();
      this.#onPublish = (params) => {
        if (done(params)) {
          this.#onPublish = () => undefined;
          resolve(performance.now() - start);
        }
      };
      send().catch(reject);
    });
  }
}
