import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { statusMethod, type StatusParams } from '../../protocol/messages/figures/status.ts';

export const serverScript = path.resolve(import.meta.dirname, '../../server/src/main/serverMain.ts');

export interface ServerProcessOptions {
  readonly settings: object;
  /** Where answers are kept between runs. */
  readonly storagePath: string;
  readonly folders?: readonly string[];
  /** Of the client, which the server watches; this process unless said otherwise. */
  readonly clientProcess?: number;
  /** Before the script. */
  readonly nodeOptions?: readonly string[];
  /** Besides that of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The language server in a process of its own, which can be killed. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly logged: string[] = [];
  readonly #connection: ProtocolConnection;
  readonly #published = new Map<string, readonly Diagnostic[]>();
  readonly #waiting = new Set<() => void>();
  #status: StatusParams | undefined;

  static async start({
    settings,
    storagePath,
    folders = [],
    clientProcess = process.pid,
    nodeOptions = [],
    env = {},
  }: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(nodeOptions, env);
    await server.#connection.sendRequest('initialize', {
      processId: clientProcess,
      rootUri: null,
      capabilities: {},
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      initializationOptions: { storagePath, settings: { pinwatch: settings } },
    });
    await server.#connection.sendNotification('initialized', {});
    return server;
  }

  private constructor(nodeOptions: readonly string[], env: Readonly<Record<string, string>>) {
    const options = ['--disable-warning=ExperimentalWarning', ...nodeOptions];
    this.child = spawn(process.execPath, [...options, serverScript, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    assert.ok(this.child.stdin && this.child.stdout);
    this.#connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout),
      new StreamMessageWriter(this.child.stdin),
    );
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, params.diagnostics);
      this.#wake();
    });
    this.#connection.onNotification(statusMethod, (status: StatusParams) => {
      this.#status = status;
      this.#wake();
    });
    this.#connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    this.#connection.listen();
  }

  async open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: 'pip-requirements', version: 1, text };
    await this.#connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** The whole text, as a new version. */
  async replace(uri: string, version: number, text: string): Promise<void> {
    const textDocument = { uri, version };
    await this.#connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
  }

  execute<T>(command: string, argument?: object): Promise<T> {
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    return this.#connection.sendRequest('workspace/executeCommand', params);
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.#connection.sendRequest(method, params);
  }

  /** Resolves when it holds; looked at after every message of the server. */
  waitFor(what: string, holds: (server: ServerProcess) => boolean, timeoutMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`waited in vain for ${what}; status: ${JSON.stringify(this.#status)}`));
      }, timeoutMs);
      const look = (): void => {
        if (holds(this)) {
          clearTimeout(timer);
          this.#waiting.delete(look);
          resolve();
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  get status(): StatusParams | undefined {
    return this.#status;
  }

  diagnostics(uri: string): readonly Diagnostic[] | undefined {
    return this.#published.get(uri);
  }

  /** As when the machine loses its power. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    this.#connection.dispose();
  }

  /** As LSP asks for; the exit code. */
  async stop(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    await this.#connection.sendRequest('shutdown');
    await this.#connection.sendNotification('exit');
    const [code] = (await ended) as [number | null];
    this.#connection.dispose();
    return code;
  }

  /** Ends it by a signal, or by closing its standard input; the exit code, and how long that took. */
  async endBy(how: NodeJS.Signals | 'end of input'): Promise<{ readonly code: number | null; readonly ms: number }> {
    const startedAt = performance.now();
    const ended = once(this.child, 'exit');
    if (how === 'end of input') {
      this.child.stdin?.end();
    } else {
      this.child.kill(how);
    }
    const [code] = (await ended) as [number | null];
    this.#connection.dispose();
    return { code, ms: performance.now() - startedAt };
  }

  #wake(): void {
    [...this.#waiting].forEach((look) => look());
  }
}
