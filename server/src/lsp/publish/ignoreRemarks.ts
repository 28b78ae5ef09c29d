import type { PlacedProblem } from '../../core/text/position.ts';
import { type Connection, type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { diagnosticSource } from '../../../../protocol/ids.ts';
import { applyIgnores } from '../../core/ignores/applyIgnores.ts';
import { haveSameEntries } from '../../core/text/carryOver.ts';
import { plainText } from '../../core/text/plainText.ts';
import { fileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Environment, Timers } from '../environment.ts';
import type { IgnoreTable } from '../tasks/ignoreTable.ts';
import type { Clock } from '../../engine/ports.ts';
import { fileReport } from '../../features/fileReport.ts';

// It is about files beside the one that is typed in.
const pauseMs = 200;

/** Tells the client, in the ignore files themselves, of ignores that cannot be read, have ended or ignore nothing. */
export class IgnoreRemarks implements DeltaTaker {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #workspace: Workspace;
  readonly #ignores: IgnoreTable;
  readonly #clock: Clock;
  /** What was published last, by URI. */
  readonly #published = new Map<string, string>();
  /** What that was made from. */
  #basis: readonly unknown[] = [];
  #cancel: (() => void) | undefined;

  constructor(
    connection: Connection,
    { timers, clock }: Pick<Environment, 'timers' | 'clock'>,
    workspace: Workspace,
    ignores: IgnoreTable,
  ) {
    this.#connection = connection;
    this.#timers = timers;
    this.#clock = clock;
    this.#workspace = workspace;
    this.#ignores = ignores;
  }

  take(): void {
    if (this.#published.size > 0 || this.#ignores.hasFiles) {
      this.#cancel ??= this.#timers.after(pauseMs, () => {
        this.#cancel = undefined;
        this.#publish();
      });
    }
  }

  dispose(): void {
    this.#cancel?.();
  }

  #publish(): void {
    const files = this.#workspace.selected;
    const now = this.#clock.now();
    const basis = this.#basisOf(files, now);
    if (haveSameEntries(basis, this.#basis)) {
      return;
    }
    if (files.some(({ tally }) => tally.checking > 0)) {
      return; // nothing is final until they are answered, and then this is called again
    }
    this.#basis = basis;
    const remarks = this.#remarksOf(files, now);
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

  /** Remarks made from the same things are the same. Ignores end with a day. */
  #basisOf(files: readonly FileSnapshot[], now: number): readonly unknown[] {
    const day = Math.floor(now / 60_000);
    const parts = files.flatMap(({ id, uri, lines }) => [uri, lines, this.#ignores.sourcesFor(id)]);
    return [this.#workspace.hasWholeWorkspace, day, ...parts];
  }

  #remarksOf(files: readonly FileSnapshot[], now: number): ReadonlyMap<string, readonly PlacedProblem[]> {
    const uris = new Map<string | undefined, string>();
    const ignoring = files.map((file) => {
      const sources = this.#ignores.sourcesFor(file.id);
      sources.forEach(({ uri, list }) => uris.set(list.path, this.#workspace.uriOf(fileId(uri))));
      return { file: fileReport(file, []), lists: sources.map(({ list }) => list) };
    });
    // Only where every file of the workspace is known is an ignore known to be unused.
    const { hasWholeWorkspace } = this.#workspace;
    return new Map(
      applyIgnores(ignoring, now).ignoreFiles.map(({ path, problems }) => [
        uris.get(path) ?? path,
        problems.filter(({ code }) => hasWholeWorkspace || code !== 'ignore.unused'),
      ]),
    );
  }
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
