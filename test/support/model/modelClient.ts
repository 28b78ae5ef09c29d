import type { CodeLens, Diagnostic } from 'vscode-languageserver-protocol';
import type { FindingsParams } from '../../../protocol/messages/findings.ts';
import type { StatusParams } from '../../../protocol/messages/figures/status.ts';
import type { Environment } from '../../../server/src/lsp/environment.ts';
import { TestClient } from '../lspHarness.ts';

export interface ModelClientOptions {
  readonly folders: readonly string[];
  readonly settings: object;
  readonly folderSettings: Readonly<Record<string, object>>;
  readonly trusted: boolean;
  readonly watches: boolean;
  /** Has the whole workspace searched. */
  readonly searches: boolean;
}

/** What a client shows, in words that can be compared. */
export interface Shown {
  /** Of every line of the model's files, by `file line`; absent where there is none. */
  readonly hovers: ReadonlyMap<string, string>;
  /** By file; those without any are absent. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly status: Omit<StatusParams, 'cache' | 'oldestAnswerAt'> | undefined;
  /** The lens as the client drew it last, by file. */
  readonly lenses: ReadonlyMap<string, string>;
  readonly findings: FindingsParams | undefined;
}

interface ModelDocument {
  version: number;
  /** As the server has it. */
  text: string;
  /** A change could not be applied: the server knows that it has not what the editor shows. */
  isLost: boolean;
}

/** An editor: it draws a lens again when its document changes or when it is asked to. */
export class ModelClient {
  readonly test: TestClient;
  readonly documents = new Map<string, ModelDocument>();
  readonly #lenses = new Map<string, string>();
  readonly #lensesToDraw = new Set<string>();
  #refreshes = 0;

  static async start(environment: Environment, options: ModelClientOptions): Promise<ModelClient> {
    const { folders, settings, folderSettings, trusted, watches, searches } = options;
    const test = await TestClient.start(environment, {
      folders,
      settings,
      folderSettings,
      findings: true,
      capabilities: {
        workspace: {
          workspaceFolders: true,
          codeLens: { refreshSupport: true },
          didChangeWatchedFiles: { dynamicRegistration: watches },
        },
        window: { workDoneProgress: true },
      },
      initializationOptions: { trusted, searchWorkspace: searches },
    });
    return new ModelClient(test);
  }

  private constructor(test: TestClient) {
    this.test = test;
  }

  async open(uri: string, text: string): Promise<void> {
    this.documents.set(uri, { version: 1, text, isLost: false });
    this.#lensesToDraw.add(uri);
    await this.test.open(uri, text);
  }

  /** Only where it is open. After a change that cannot be read the server has to be given the text whole. */
  async change(uri: string, text: string, sent: 'whole' | 'lines' | 'unreadable'): Promise<void> {
    const document = this.documents.get(uri);
    if (document === undefined) {
      return;
    }
    const lines = document.text.split('\n');
    document.version++;
    document.text = sent === 'unreadable' ? document.text : text;
    document.isLost = sent === 'unreadable' || (document.isLost && sent !== 'whole');
    this.#lensesToDraw.add(uri);
    const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const range = { start: { line: 0, character: 0 }, end };
    const contentChanges = sent === 'whole' ? [{ text }] : sent === 'lines' ? [{ range, text }] : [{ range }];
    const textDocument = { uri, version: document.version };
    await this.test.notify('textDocument/didChange', { textDocument, contentChanges });
  }

  async close(uri: string): Promise<void> {
    if (this.documents.delete(uri)) {
      this.#lenses.delete(uri);
      this.#lensesToDraw.delete(uri);
      await this.test.close(uri);
    }
  }

  /** Raised with every message. */
  get activity(): number {
    const { published, statuses, findings, logged, asked, progress, messages } = this.test;
    return [published, statuses, findings, logged, asked, progress, messages].reduce((sum, all) => sum + all.length, 0);
  }

  /** As an editor does when it has time. */
  async drawLenses(): Promise<void> {
    const refreshes = this.test.asked.filter((method) => method === 'workspace/codeLens/refresh').length;
    if (refreshes > this.#refreshes) {
      this.#refreshes = refreshes;
      [...this.documents.keys()].forEach((uri) => this.#lensesToDraw.add(uri));
    }
    const uris = [...this.#lensesToDraw];
    this.#lensesToDraw.clear();
    for (const uri of uris) {
      this.#lenses.set(uri, await this.lensNow(uri));
    }
  }

  async lensNow(uri: string): Promise<string> {
    const lenses = await this.test.ask<readonly CodeLens[]>('textDocument/codeLens', uri);
    return lenses.map(({ command }) => command?.title ?? '').join('|');
  }

  async shown(uris: readonly string[], mostLines: number): Promise<Shown> {
    const hovers = new Map<string, string>();
    for (const uri of uris) {
      for (let line = 0; line < mostLines; line++) {
        const hover = await this.test.hover(uri, line, 0);
        if (hover !== null) {
          hovers.set(`${uri} ${line}`, ageless(JSON.stringify(hover.contents)));
        }
      }
    }
    const last = new Map(this.test.published.map(({ uri, diagnostics }) => [uri, diagnostics]));
    const { cache, oldestAnswerAt, ...status } = this.test.statuses.at(-1) ?? {};
    void [cache, oldestAnswerAt];
    return {
      hovers,
      diagnostics: new Map([...last].filter(([, diagnostics]) => diagnostics.length > 0).map(agelessDiagnostics)),
      status: this.test.statuses.length === 0 ? undefined : (status as Shown['status']),
      lenses: new Map(this.#lenses),
      findings: this.test.findings.at(-1),
    };
  }
}

/** How long ago something was checked depends on who asked when. */
function ageless(text: string): string {
  return text.replace(/(?:just now|\d+ (?:min|h|days) ago)/gu, 'some time ago');
}

function agelessDiagnostics([uri, diagnostics]: readonly [string, readonly Diagnostic[]]): [string, Diagnostic[]] {
  const texts = diagnostics.map((one) => ageless(JSON.stringify(one))).sort();
  return [uri, texts.map((text) => JSON.parse(text) as Diagnostic)];
}
