import type { PlacedProblem, Range } from '../../core/text/position.ts';
import type { Diagnostic } from 'vscode-languageserver-types';
import { carryOver, haveSameEntries } from '../../core/text/carryOver.ts';
import { type DiagnosticOptions, lineDiagnostics, problemDiagnostic } from './diagnostics.ts';
import type { LineState } from '../../project/workspace/lineState.ts';

/** The diagnostics of one file as `diagnosticsFor` has them, put into words again only for lines that are other ones. */
export class DiagnosticsMemory {
  #optionsText = '';
  #lines: readonly LineState[] = [];
  #byLine: readonly (readonly Diagnostic[])[] = [];
  #ofLines: readonly Diagnostic[] = [];
  #tellAge = false;
  /** Put into words before they are wanted, with which options. */
  #ahead = new WeakMap<LineState, readonly Diagnostic[]>();
  #aheadText = '';
  #shown: { readonly problems: readonly PlacedProblem[]; readonly all: readonly Diagnostic[] } | undefined;

  /** Whether some of what it had last are other words a minute later. */
  get tellsAge(): boolean {
    return this.#tellAge;
  }

  /** Whether more of these lines are to be put into words than should be in one turn. */
  hasMuchToSay(lines: readonly LineState[]): boolean {
    let left = mostAtOnce;
    for (let index = 0; index < lines.length && left > 0; index++) {
      const line = lines[index];
      if (line !== undefined && saysMuch(line) && !this.#isSaid(line, index)) left--;
    }
    return left === 0;
  }

  /** Puts lines into words for `of`, until it `isOver`; whether all are. */
  prepare(lines: readonly LineState[], options: DiagnosticOptions, isOver: () => boolean): boolean {
    const optionsText = textOf(options);
    if (optionsText !== this.#aheadText) {
      this.#ahead = new WeakMap();
      this.#aheadText = optionsText;
    }
    const isSame = optionsText === this.#optionsText;
    for (const [index, line] of lines.entries()) {
      if (!saysMuch(line) || this.#ahead.has(line) || (isSame && this.#isSaid(line, index))) continue;
      if (isOver()) return false;
      this.#ahead.set(line, orNone(lineDiagnostics(line, options)));
    }
    return true;
  }

  /** As far as the line is where it was. */
  #isSaid(line: LineState, index: number): boolean {
    const before = this.#lines[index];
    return before !== undefined && sayTheSame(before, line);
  }

  /** The same list where every diagnostic is the same. */
  of(
    lines: readonly LineState[],
    problems: readonly PlacedProblem[],
    options: DiagnosticOptions,
  ): readonly Diagnostic[] {
    const optionsText = textOf(options);
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
    const ahead = optionsText === this.#aheadText ? this.#ahead : undefined;
    const byLine = carryOver({ entries: this.#lines, made }, lines, sayTheSame, (line, _index, previous) =>
      previous !== undefined && !tellsItsAge(line)
        ? movedTo(previous, line.requirement.tokenRange, options.uri)
        : (ahead?.get(line) ?? orNone(lineDiagnostics(line, options))),
    );
    if (byLine !== this.#byLine) {
      const ofLines = byLine.flat();
      if (!haveSameEntries(ofLines, this.#ofLines)) {
        this.#ofLines = ofLines;
        this.#shown = undefined;
      }
    }
    if (ahead !== undefined) this.#ahead = new WeakMap();
    this.#optionsText = optionsText;
    this.#lines = lines;
    this.#tellAge = lines.some(tellsItsAge);
    this.#byLine = byLine;
  }
}

// Some milliseconds.
const mostAtOnce = 100;

function textOf(options: DiagnosticOptions): string {
  return JSON.stringify({ ...options, now: 0 });
}

/** It takes words, and these are the same ones a minute later. */
function saysMuch(line: LineState): boolean {
  const { state } = line;
  const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
  return outcome?.kind === 'assessed' && outcome.findings.length > 0;
}

const none: readonly Diagnostic[] = Object.freeze([]);

/** One empty list for all, so that lines without diagnostics stay the same. */
function orNone(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.length === 0 ? none : diagnostics;
}

/** The same line, perhaps further up or down. */
function sayTheSame(a: LineState, b: LineState): boolean {
  return a === b || (a.state === b.state && a.comes === b.comes && a.requirement.subject === b.requirement.subject);
}

/** What was said of a line that is at `range` now: all of it is about that place, or about another file. */
function movedTo(diagnostics: readonly Diagnostic[], range: Range, uri: string): readonly Diagnostic[] {
  const before = diagnostics[0]?.range;
  return before === undefined || before.start.line === range.start.line
    ? diagnostics
    : diagnostics.map(({ relatedInformation: beside, ...diagnostic }) => ({
        ...diagnostic,
        range,
        ...(beside && {
          relatedInformation: beside.map((one) =>
            isAt(one.location, uri, before) ? { ...one, location: { uri, range } } : one,
          ),
        }),
      }));
}

function isAt(location: { readonly uri: string; readonly range: Range }, uri: string, { start, end }: Range): boolean {
  const { range } = location;
  return (
    location.uri === uri &&
    range.start.line === start.line &&
    range.start.character === start.character &&
    range.end.line === end.line &&
    range.end.character === end.character
  );
}

/** "As of 5 minutes ago" is another text in a minute. */
function tellsItsAge({ state }: LineState): boolean {
  return state.kind === 'settled' && state.outcome.kind === 'failed' && state.outcome.lastKnown !== undefined;
}
