import type { PlacedProblem } from '../core/text/position.ts';
import type { Diagnostic } from 'vscode-languageserver-types';
import { carryOver } from '../core/text/carryOver.ts';
import { type DiagnosticOptions, lineDiagnostics, problemDiagnostic } from './diagnostics.ts';
import type { LineState } from '../project/workspace/lineState.ts';

/** The diagnostics of one file as `diagnosticsFor` has them, put into words again only for lines that are other ones. */
export class DiagnosticsMemory {
  #optionsText = '';
  #lines: readonly LineState[] = [];
  #byLine: readonly (readonly Diagnostic[])[] = [];
  #ofLines: readonly Diagnostic[] = [];
  #tellAge = false;
  #shown: { readonly problems: readonly PlacedProblem[]; readonly all: readonly Diagnostic[] } | undefined;

  /** Whether some of what it had last are other words a minute later. */
  get tellsAge(): boolean {
    return this.#tellAge;
  }

  /** The same list where every diagnostic is the same. */
  of(
    lines: readonly LineState[],
    problems: readonly PlacedProblem[],
    options: DiagnosticOptions,
  ): readonly Diagnostic[] {
    const optionsText = JSON.stringify({ ...options, now: 0 });
    if (optionsText !== this.#optionsText || lines !== this.#lines || this.#tellAge) {
      this.#update(lines, options, optionsText);
    }
    if (this.#shown === undefined || !haveSameEntries(problems, this.#shown.problems)) {
      const all = [...this.#ofLines, ...problems.map((problem) => problemDiagnostic(problem))];
      this.#shown = { problems, all };
    }
    return this.#shown.all;
  }

  #update(lines: readonly LineState[], options: DiagnosticOptions, optionsText: string): void {
    const made = optionsText === this.#optionsText ? this.#byLine : [];
    const byLine = carryOver({ entries: this.#lines, made }, lines, isIdentical, (line, _index, previous) =>
      previous !== undefined && !tellsItsAge(line) ? previous : orNone(lineDiagnostics(line, options)),
    );
    if (byLine !== this.#byLine) {
      const ofLines = byLine.flat();
      if (!haveSameEntries(ofLines, this.#ofLines)) {
        this.#ofLines = ofLines;
        this.#shown = undefined;
      }
    }
    this.#optionsText = optionsText;
    this.#lines = lines;
    this.#tellAge = lines.some(tellsItsAge);
    this.#byLine = byLine;
  }
}

const none: readonly Diagnostic[] = Object.freeze([]);

/** One empty list for all, so that lines without diagnostics stay the same. */
function orNone(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.length === 0 ? none : diagnostics;
}

function haveSameEntries(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}

function isIdentical(a: LineState, b: LineState): boolean {
  return a === b;
}

/** "As of 5 minutes ago" is another text in a minute. */
function tellsItsAge({ state }: LineState): boolean {
  return state.kind === 'settled' && state.outcome.kind === 'failed' && state.outcome.lastKnown !== undefined;
}
