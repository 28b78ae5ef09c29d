import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type MessageConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { serverCommands } from '../../protocol/ids.ts';
import { statusMethod, type StatusParams } from '../../protocol/messages/figures/status.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from './demoRecords.ts';
import { serverScript } from './serverProcess.ts';

export interface FuzzResult {
  readonly messages: number;
  /** What went wrong, in words; empty where nothing did. */
  readonly faults: readonly string[];
}

/**
 * Random messages from a seed for the real server: texts, addresses, orders, settings, files on disk, answers to its questions.
 * It must not end nor leave a request without an answer; afterwards a fresh server must show the same.
 */
export async function fuzzServer(seed: number, messages: number): Promise<FuzzResult> {
  const service = await startOsvService({ records: [demoRecords] });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-fuzz-'));
  const faults: string[] = [];
  try {
    const chaos = new Chaos(seed, folder, service);
    const server = new FuzzedServer(() => chaos.answer(), faults);
    await server.start(chaos.startFolders, chaos.currentSettings);
    for (let sent = 0; sent < messages && faults.length === 0; sent++) {
      chaos.step(server);
      if (sent % 1000 === 999) {
        await server.settle(`message ${sent}`);
      }
    }
    if (faults.length === 0) {
      service.reset();
      const state = chaos.calm();
      await server.adopt(state, chaos);
      const after = await server.shown();
      await server.end();
      const fresh = new FuzzedServer(() => ({ kind: 'result', value: null }), faults);
      await fresh.start(state.folders, state.settings);
      state.documents.forEach((text, uri) => fresh.open(uri, text));
      const expected = await fresh.shown();
      await fresh.end();
      faults.push(...differences(after, expected));
    } else {
      await server.end();
    }
    return { messages, faults };
  } finally {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface CalmState {
  readonly folders: readonly string[];
  readonly settings: object;
  readonly documents: ReadonlyMap<string, string>;
}

type Answer =
  { readonly kind: 'result'; readonly value: unknown } | { readonly kind: 'error' } | { readonly kind: 'never' };

/** Decides what happens next, and remembers what the client's side of it has come to. */
class Chaos {
  readonly #random: () => number;
  readonly #folder: string;
  readonly #service: OsvService;
  readonly #names: readonly string[];
  readonly #open = new Map<string, { version: number; text: string }>();
  #isCalm = false;
  #folders: readonly string[];
  settings: object;

  constructor(seed: number, folder: string, service: OsvService) {
    this.#random = seeded(seed);
    this.#folder = folder;
    this.#service = service;
    this.#names = ['a', 'ws (1) @ c++', 'é 日本', '100%', 'b/c'].flatMap((name) =>
      ['requirements.txt', 'dev-requirements.in', 'constraints.txt', 'base.req'].map((file) => `${name}/${file}`),
    );
    this.#folders = [this.#uri('')];
    this.settings = this.currentSettings;
    for (const name of this.#names) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), this.#text());
    }
  }

  get startFolders(): readonly string[] {
    return this.#folders;
  }

  get currentSettings(): object {
    return {
      osv: { url: this.#service.url, timeoutSeconds: 5 },
      index: { url: 'none' },
      scan: { debounceMilliseconds: 20 },
    };
  }

  /** To a question of the server. */
  answer(): Answer {
    if (this.#isCalm || this.#chance(0.6)) {
      return { kind: 'result', value: undefined };
    }
    return this.#pick<Answer>([
      { kind: 'error' },
      { kind: 'never' },
      { kind: 'result', value: null },
      { kind: 'result', value: [] },
      { kind: 'result', value: 'odd' },
      { kind: 'result', value: [null, null, null] },
    ]);
  }

  step(server: FuzzedServer): void {
    const uri = this.#anyUri();
    const at = { line: this.#below(6), character: this.#below(30) };
    this.#pick<() => void>([
      () => this.#openOne(server, uri),
      () => this.#openOne(server, uri),
      () => this.#edit(server),
      () => this.#edit(server),
      () => this.#edit(server),
      () => this.#edit(server),
      () => this.#oddChange(server, uri),
      () => {
        this.#open.delete(uri);
        server.notify('textDocument/didClose', { textDocument: { uri } });
      },
      () => server.notify('textDocument/didSave', { textDocument: { uri } }),
      () => this.#disk(server),
      () => this.#disk(server),
      () => this.#configure(server),
      () => this.#changeFolders(server),
      () => this.#service.faults.set(this.#pick(['querybatch', 'query', 'vulns']), this.#fault(), { times: 1 }),
      () => server.ask('textDocument/hover', { textDocument: { uri }, position: at }),
      () => server.ask('textDocument/completion', { textDocument: { uri }, position: at }),
      () => server.ask('textDocument/codeLens', { textDocument: { uri } }),
      () => server.ask('textDocument/documentSymbol', { textDocument: { uri } }),
      () => server.ask('textDocument/documentLink', { textDocument: { uri } }),
      () => server.ask('textDocument/foldingRange', { textDocument: { uri } }),
      () => server.ask('textDocument/inlayHint', { textDocument: { uri }, range: { start: at, end: at } }),
      () =>
        server.ask('textDocument/codeAction', {
          textDocument: { uri },
          range: { start: at, end: at },
          context: { diagnostics: [] },
        }),
      () => server.ask('workspace/executeCommand', { command: this.#command(), arguments: [this.#argument(uri)] }),
      () => server.ask(this.#pick(['textDocument/hover', 'textDocument/codeAction', 'none/such']), this.#odd(uri)),
      () =>
        server.notify(this.#pick(['pinwatch/network', 'pinwatch/trust', '$/setTrace', 'none/such']), this.#odd(uri)),
    ])();
  }

  /** From here on every answer is an ordinary one; what the client has open, and what a server is to know of it. */
  calm(): CalmState {
    this.#isCalm = true;
    this.settings = this.currentSettings;
    this.#folders = [this.#uri('')];
    return {
      folders: this.#folders,
      settings: this.settings,
      documents: new Map([...this.#open].map(([uri, { text }]) => [uri, text])),
    };
  }

  versionOf(uri: string): number {
    return (this.#open.get(uri)?.version ?? 0) + 1;
  }

  #openOne(server: FuzzedServer, uri: string): void {
    const text = this.#text();
    this.#open.set(uri, { version: 1, text });
    server.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'pip-requirements', version: 1, text },
    });
  }

  #edit(server: FuzzedServer): void {
    const uri = this.#pick([...this.#open.keys()]);
    const document = uri === undefined ? undefined : this.#open.get(uri);
    if (uri === undefined || document === undefined) {
      return;
    }
    const lines = document.text.split('\n');
    const line = this.#below(lines.length);
    const before = lines[line] ?? '';
    const start = this.#below(before.length + 1);
    const end = start + this.#below(before.length - start + 1);
    const text = this.#chance(0.5) ? this.#line() : this.#pick(['', '\n', '1', '#', ' ', '==', '\\\n']);
    lines[line] = before.slice(0, start) + text + before.slice(end);
    document.text = lines.join('\n');
    document.version += 1;
    server.notify('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: [{ range: { start: { line, character: start }, end: { line, character: end } }, text }],
    });
  }

  #oddChange(server: FuzzedServer, uri: string): void {
    const range = this.#pick<unknown>([
      null,
      undefined,
      {},
      { start: { line: 9, character: 9 }, end: { line: 0, character: 0 } },
      { start: { line: -1, character: 0 }, end: { line: 1e9, character: 1e9 } },
    ]);
    const changes = this.#pick<unknown>([
      [{ range, text: this.#line() }],
      [{ range }],
      [null],
      null,
      'x',
      [{ text: 7 }],
    ]);
    const document = this.#open.get(uri);
    const version = (document?.version ?? 0) + 1;
    server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
    if (document !== undefined) {
      // The client goes on from a text that both know.
      document.version = version + 1;
      server.notify('textDocument/didChange', {
        textDocument: { uri, version: document.version },
        contentChanges: [{ text: document.text }],
      });
    }
  }

  #disk(server: FuzzedServer): void {
    const name = this.#pick([...this.#names, 'a/osv-scanner.toml', 'uv.lock', 'osv-scanner.toml', 'b']);
    const file = path.join(this.#folder, name);
    const type = this.#pick([1, 2, 3]);
    try {
      if (type === 3) {
        rmSync(file, { recursive: true, force: true });
      } else if (path.extname(name) !== '') {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, name.endsWith('.toml') ? this.#toml() : this.#text());
      }
    } catch {
      // A folder stands where a file would be written; the event says otherwise, as events do.
    }
    server.notify('workspace/didChangeWatchedFiles', {
      changes: this.#pick<unknown>([
        [{ uri: this.#uri(name), type }],
        [{ uri: this.#uri(name), type }],
        null,
        [null, {}],
      ]),
    });
  }

  #configure(server: FuzzedServer): void {
    const { osv, ...others } = this.currentSettings as { readonly osv: object };
    this.settings = this.#pick<object>([
      { osv, ...others },
      { osv, ...others, enable: this.#chance(0.5) },
      { osv, ...others, privacy: { privatePackages: this.#pick<unknown>([['django'], 'x', null, [3]]) } },
      { osv, ...others, ignore: [{ id: 'CVE-2021-35042', reason: 'no' }] },
      { osv: { url: this.#pick<unknown>(['nonsense', null, 5, '']) }, ...others },
      { osv, files: { include: ['**/*.req'], exclude: this.#pick<unknown>([['**/b/**'], 'x', null]) } },
    ]);
    server.settings = this.settings;
    server.notify('workspace/didChangeConfiguration', {
      settings: this.#pick<unknown>([{ pinwatch: this.settings }, null, {}]),
    });
  }

  #changeFolders(server: FuzzedServer): void {
    const one = this.#pick([
      this.#uri('a'),
      this.#uri('b'),
      'file://wsl.localhost/U/home',
      'file:///tmp/%zz',
      'x:y',
      '',
    ]);
    const change = this.#chance(0.5)
      ? { added: [{ uri: one, name: 'x' }], removed: [] }
      : { added: [], removed: [{ uri: one, name: 'x' }] };
    server.notify('workspace/didChangeWorkspaceFolders', { event: change });
  }

  #fault(): Parameters<OsvService['faults']['set']>[1] {
    return this.#pick<Parameters<OsvService['faults']['set']>[1]>([
      { kind: 'status', status: 503 },
      { kind: 'html', status: 502 },
      { kind: 'reset' },
    ]);
  }

  #command(): string {
    return this.#pick([...Object.values(serverCommands).filter((one) => !/database/iu.test(one)), 'none.such', '']);
  }

  #argument(uri: string): unknown {
    return this.#pick<unknown>([undefined, null, { uris: [uri] }, { uris: [null, 3] }, { uris: 'x' }, 7, 'x', {}]);
  }

  #odd(uri: string): unknown {
    return this.#pick<unknown>([
      {},
      { textDocument: null },
      { textDocument: { uri } },
      { textDocument: { uri: 5 } },
      [],
    ]);
  }

  #anyUri(): string {
    return this.#chance(0.85)
      ? this.#uri(this.#pick(this.#names))
      : this.#pick([
          'untitled:Untitled-1',
          'file:///c%3A/ws/requirements.txt',
          'file://host/share/requirements.txt',
          'git:/x?y#z',
          '%',
          '',
        ]);
  }

  /** As VS Code spells it. */
  #uri(name: string): string {
    const { href } = pathToFileURL(path.join(this.#folder, name));
    return href.replace(/[@+()&,;=$!'*:~](?!\/\/)/gu, (character, at: number) =>
      at < 'file:'.length ? character : `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  }

  #text(): string {
    return Array.from({ length: this.#below(8) }, () => this.#line()).join('\n');
  }

  #toml(): string {
    return this.#pick(['', '[[IgnoredVulns]]\nid = "CVE-2021-35042"\nreason = "x"\n', '[[', '\u0000']);
  }

  #line(): string {
    return this.#pick([
      'django==3.2.0',
      'Django == 3.2.0 ; python_version < "3"',
      'django>=3.2,<4',
      'six==1.16.0',
      'jinja2',
      '-r base.req',
      '-c constraints.txt',
      '-r ../a/requirements.txt',
      '-r %zz/../\u0000x.txt',
      '-r file:///etc/passwd',
      '-c https://user:token@host.example/c.txt',
      '# a comment',
      '  --hash=sha256:00',
      'foo @ file:///x/foo-1.0-py3-none-any.whl',
      'é日本𝄞\ud800==1',
      '-e .',
      '[]\\',
      '==',
      '',
    ]);
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#below(all.length)] as T;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(of: number): boolean {
    return this.#random() < of;
  }
}

const refusal: Answer = { kind: 'error' };
const answerLimitMs = 30_000;

class FuzzedServer {
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #faults: string[];
  readonly #open = new Set<Promise<unknown>>();
  readonly #published = new Map<string, readonly Diagnostic[]>();
  readonly #waiting = new Set<() => void>();
  #status: StatusParams | undefined;
  #isEnding = false;
  settings: object = {};

  constructor(answer: () => Answer, faults: string[]) {
    this.#faults = faults;
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', serverScript, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#child.stdin === null || this.#child.stdout === null) {
      throw new Error('the server has no pipes');
    }
    this.#child.once('exit', (code, signal) => {
      if (!this.#isEnding) {
        faults.push(`the server ended with ${code ?? signal}`);
      }
    });
    this.#connection = createProtocolConnection(
      new StreamMessageReader(this.#child.stdout),
      new StreamMessageWriter(this.#child.stdin),
    );
    this.#connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: PublishDiagnosticsParams) => {
        this.#published.set(uri, diagnostics);
        this.#wake();
      },
    );
    this.#connection.onNotification(statusMethod, (status: StatusParams) => {
      this.#status = status;
      this.#wake();
    });
    // Whatever the server asks; the type of a protocol's connection hides that this can be said.
    (this.#connection as unknown as MessageConnection).onRequest((method: string, params: unknown) => {
      // A person may look at a preview for half an hour before the client answers.
      const decided = answer();
      const given = decided.kind === 'never' && method === 'workspace/applyEdit' ? refusal : decided;
      switch (given.kind) {
        case 'never':
          return new Promise<never>(() => undefined);
        case 'error':
          return new ResponseError(-32601, 'refused');
        case 'result':
          return given.value === undefined ? this.#ordinary(method, params) : given.value;
      }
    });
    this.#connection.onError(() => undefined);
    this.#connection.listen();
  }

  async start(folders: readonly string[], settings: object): Promise<void> {
    this.settings = settings;
    await this.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          applyEdit: true,
          didChangeWatchedFiles: { dynamicRegistration: true },
          didChangeConfiguration: { dynamicRegistration: true },
          codeLens: { refreshSupport: true },
        },
        window: { workDoneProgress: true },
      },
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      initializationOptions: { findings: true, settings: { pinwatch: settings } },
    });
    this.notify('initialized', {});
  }

  open(uri: string, text: string): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'pip-requirements', version: 1, text } });
  }

  notify(method: string, params: unknown): void {
    this.#connection.sendNotification(method, params).catch(() => undefined);
  }

  /** Whatever the answer is, there has to be one. */
  ask(method: string, params: unknown): void {
    const asked = this.#connection.sendRequest(method, params).then(
      () => undefined,
      () => undefined,
    );
    this.#open.add(asked);
    void asked.then(() => this.#open.delete(asked));
  }

  /** Every request so far has been answered. */
  async settle(when: string): Promise<void> {
    this.ask('textDocument/hover', { textDocument: { uri: 'file:///none' }, position: { line: 0, character: 0 } });
    const open = [...this.#open];
    const isInTime = await within(answerLimitMs, Promise.all(open));
    if (!isInTime && this.#faults.length === 0) {
      this.#faults.push(`${this.#open.size} requests had no answer after ${answerLimitMs / 1000} s, at ${when}`);
    }
  }

  /** Tells the server what the client's state is, as if nothing odd had happened. */
  async adopt({ folders, settings, documents }: CalmState, chaos: Chaos): Promise<void> {
    this.settings = settings;
    const odd = ['a', 'b'].map((name) => `${folders[0] ?? ''}/${name}`);
    const removed = [...odd, 'file://wsl.localhost/U/home', 'file:///tmp/%zz', 'x:y', ''];
    this.notify('workspace/didChangeWorkspaceFolders', {
      event: {
        added: folders.map((uri) => ({ uri, name: uri })),
        removed: removed.map((uri) => ({ uri, name: uri })),
      },
    });
    this.notify('pinwatch/trust', { trusted: true });
    this.notify('pinwatch/network', {});
    this.notify('workspace/didChangeConfiguration', { settings: { pinwatch: settings } });
    for (const [uri, text] of documents) {
      const version = chaos.versionOf(uri);
      this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    }
    await this.settle('the end');
    await this.#connection
      .sendRequest('workspace/executeCommand', { command: serverCommands.clearCache })
      .catch(() => undefined);
  }

  /** What is shown once everything has been searched and answered, by file. */
  async shown(): Promise<ReadonlyMap<string, readonly string[]>> {
    await this.settle('the last look');
    await this.#connection
      .sendRequest('workspace/executeCommand', { command: serverCommands.rescan, arguments: [] })
      .catch((error: unknown) => this.#faults.push(`a rescan failed: ${String(error)}`));
    await this.#settled();
    return new Map(
      [...this.#published]
        .filter(([, diagnostics]) => diagnostics.length > 0)
        .map(([uri, diagnostics]) => [uri, diagnostics.map(textOf).sort()]),
    );
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await within(
      5_000,
      this.#connection.sendRequest('shutdown').catch(() => undefined),
    );
    this.#child.kill('SIGKILL');
    this.#connection.dispose();
  }

  /** Nothing is being looked up, and nothing new has come for a while. */
  async #settled(): Promise<void> {
    const quietMs = 1_500;
    const isDone = await within(
      60_000,
      new Promise<void>((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const look = (): void => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            if (this.#status?.state !== 'scanning') {
              this.#waiting.delete(look);
              resolve();
            }
          }, quietMs);
        };
        this.#waiting.add(look);
        look();
      }),
    );
    if (!isDone) {
      this.#faults.push(`it was still ${this.#status?.state ?? 'silent'} a minute later`);
    }
  }

  #ordinary(method: string, params: unknown): unknown {
    switch (method) {
      case 'workspace/configuration':
        return (params as { readonly items: readonly unknown[] }).items.map(() => this.settings);
      case 'workspace/applyEdit':
        return { applied: false };
      default:
        return null;
    }
  }

  #wake(): void {
    [...this.#waiting].forEach((look) => look());
  }
}

function textOf({ range, code, message }: Diagnostic): string {
  return `${range.start.line}:${range.start.character} ${String(code)} ${JSON.stringify(message)}`;
}

function differences(
  actual: ReadonlyMap<string, readonly string[]>,
  expected: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const uris = new Set([...actual.keys(), ...expected.keys()]);
  return [...uris].flatMap((uri) => {
    const [one, other] = [actual.get(uri) ?? [], expected.get(uri) ?? []];
    return JSON.stringify(one) === JSON.stringify(other)
      ? []
      : [`${uri} shows ${JSON.stringify(one)}, and a fresh server ${JSON.stringify(other)}`];
  });
}

async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), limitMs)));
  const isInTime = await Promise.race([work.then(() => true), limit]);
  clearTimeout(timer);
  return isInTime;
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
