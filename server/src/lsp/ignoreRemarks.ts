import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { diagnosticSource } from '../../../protocol/ids.ts';
import { applyIgnores } from '../core/policy/applyIgnores.ts';
import type { PlacedProblem } from '../core/report/scanReport.ts';
import { plainText } from '../core/report/plainText.ts';
import type { SourcedIgnores, Timers } from './environment.ts';
import { fileReport } from './report.ts';
import type { TrackedFile } from './trackedFile.ts';

// It is about files beside the one that is typed in.
const pauseMs = 200;

export interface RemarkScope {
  readonly files: readonly TrackedFile[];
  readonly sourcesFor: (uri: string) => readonly SourcedIgnores[];
  /** Every requirements file of the workspace is among the files: only then is an ignore known to be unused. */
  readonly workspace: boolean;
  readonly now: number;
}

/** Tells the client, in the ignore files themselves, of ignores that cannot be read, have ended or ignore nothing. */
export class IgnoreRemarks {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #read: () => RemarkScope;
  /** What was published last, by URI. */
  readonly #published = new Map<string, string>();
  #cancel: (() => void) | undefined;

  constructor(connection: Connection, timers: Timers, read: () => RemarkScope) {
    this.#connection = connection;
    this.#timers = timers;
    this.#read = read;
  }

  changed(): void {
    const { files, sourcesFor } = this.#read();
    if (this.#published.size === 0 && files.every(({ uri }) => sourcesFor(uri).length === 0)) {
      return;
    }
    this.#cancel ??= this.#timers.after(pauseMs, () => {
      this.#cancel = undefined;
      this.#publish(this.#read());
    });
  }

  dispose(): void {
    this.#cancel?.();
  }

  #publish(scope: RemarkScope): void {
    const { files } = scope;
    if (files.some(({ lines }) => lines.some(({ state }) => state.kind === 'pending'))) {
      return; // nothing is final until they are answered, and then this is called again
    }
    const remarks = remarksOf(scope);
    for (const uri of new Set([...this.#published.keys(), ...remarks.keys()])) {
      const diagnostics = (remarks.get(uri) ?? []).map(diagnosticOf);
      const text = JSON.stringify(diagnostics);
      if (text !== (this.#published.get(uri) ?? '[]')) {
        void this.#connection.sendDiagnostics({ uri, diagnostics });
      }
      if (diagnostics.length === 0) {
        this.#published.delete(uri);
      } else {
        this.#published.set(uri, text);
      }
    }
  }
}

function remarksOf({ files, sourcesFor, workspace, now }: RemarkScope): ReadonlyMap<string, readonly PlacedProblem[]> {
  const uris = new Map<string | undefined, string>();
  const ignoring = files.map((file) => {
    const sources = sourcesFor(file.uri);
    sources.forEach(({ uri, list }) => uris.set(list.path, uri));
    return { file: fileReport(file, []), lists: sources.map(({ list }) => list) };
  });
  return new Map(
    applyIgnores(ignoring, now).ignoreFiles.map(({ path, problems }) => [
      uris.get(path) ?? path,
      problems.filter(({ code }) => workspace || code !== 'ignore.unused'),
    ]),
  );
}

function diagnosticOf({ range, message, code }: PlacedProblem): Diagnostic {
  const isDone = code === 'ignore.unused' || code === 'ignore.expired';
  return {
    range,
    severity: isDone ? DiagnosticSeverity.Information : DiagnosticSeverity.Warning,
    source: diagnosticSource,
    code,
    message: plainText(message),
  };
}
