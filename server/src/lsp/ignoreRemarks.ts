import type { PlacedProblem } from '../core/text/position.ts';
import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { diagnosticSource } from '../../../protocol/ids.ts';
import { applyIgnores } from '../core/ignores/applyIgnores.ts';
import { plainText } from '../core/text/plainText.ts';
import { type FileId, fileId } from '../project/fileId.ts';
import type { SourcedIgnores, Timers } from './environment.ts';
import { fileReport } from './report.ts';
import type { TrackedFile } from './trackedFile.ts';

// It is about files beside the one that is typed in.
const pauseMs = 200;

export interface RemarkScope {
  readonly files: readonly TrackedFile[];
  readonly sourcesFor: (file: FileId) => readonly SourcedIgnores[];
  /** What the client calls a file. */
  readonly uriOf: (file: FileId) => string;
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
  /** What that was made from. */
  #basis: readonly unknown[] = [];
  #cancel: (() => void) | undefined;

  constructor(connection: Connection, timers: Timers, read: () => RemarkScope) {
    this.#connection = connection;
    this.#timers = timers;
    this.#read = read;
  }

  changed(): void {
    const { files, sourcesFor } = this.#read();
    if (this.#published.size === 0 && files.every(({ id }) => sourcesFor(id).length === 0)) {
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
    const basis = basisOf(scope);
    if (basis.length === this.#basis.length && basis.every((one, index) => one === this.#basis[index])) {
      return;
    }
    if (files.some(({ tally }) => tally.checking > 0)) {
      return; // nothing is final until they are answered, and then this is called again
    }
    this.#basis = basis;
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

/** Remarks made from the same things are the same. Ignores end with a day. */
function basisOf({ files, sourcesFor, workspace, now }: RemarkScope): readonly unknown[] {
  return [workspace, Math.floor(now / 60_000), ...files.flatMap((file) => [file.uri, file.lines, sourcesFor(file.id)])];
}

function remarksOf({
  files,
  sourcesFor,
  uriOf,
  workspace,
  now,
}: RemarkScope): ReadonlyMap<string, readonly PlacedProblem[]> {
  const uris = new Map<string | undefined, string>();
  const ignoring = files.map((file) => {
    const sources = sourcesFor(file.id);
    sources.forEach(({ uri, list }) => uris.set(list.path, uriOf(fileId(uri))));
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
