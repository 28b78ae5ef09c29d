import type { Settings } from '../../../protocol/settings.ts';
import { type ConstraintPins, noConstraints } from '../core/assessment/constraints.ts';
import { type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import { isIncomplete, type Outcome } from '../core/assessment/outcome.ts';
import type { Ignore } from '../core/policy/ignore.ts';
import { markIgnored, markOutcome } from '../core/policy/markIgnored.ts';
import {
  type PlacedFile,
  placeRequirements,
  rememberedTargets,
  type TargetOf,
} from '../core/report/placeRequirements.ts';
import type { PlacedProblem, PlacedRequirement } from '../core/report/scanReport.ts';
import { matchesName } from '../core/requirements/glob.ts';
import type { Range, RequirementsFile } from '../core/requirements/model.ts';
import type { Before, LineState } from '../features/lineState.ts';
import type { Scanner } from '../scan/scanner.ts';
import type { Run } from './run.ts';

export interface TrackedDocument {
  readonly uri: string;
  /** `undefined` for a file read from disk. */
  readonly languageId: string | undefined;
  readonly version: number | undefined;
}

/** What someone has decided to live with, and the time it is. */
export interface Ignoring {
  readonly ignores: readonly Ignore[];
  readonly now: number;
}

/** What other files say of one. */
export interface FileLinks {
  readonly constraints: ConstraintPins;
  readonly includedAt: readonly { readonly uri: string; readonly range: Range }[];
  /** Includes of this file that were not read. */
  readonly problems: readonly PlacedProblem[];
}

/** One requirement file the server looks after: its text, what was answered last, and what is shown for each line. */
export class TrackedFile {
  readonly uri: string;
  readonly languageId: string | undefined;
  /** The editor's version; `undefined` for a file read from disk. */
  version: number | undefined;
  /** Found by a scan of the workspace: keeps its diagnostics when its editor is closed. */
  inWorkspace = false;
  run: Run | undefined;
  cancelTimer: (() => void) | undefined;
  failedRuns = 0;
  #file: RequirementsFile;
  #placed: PlacedFile;
  #links: FileLinks = { constraints: noConstraints, includedAt: [], problems: [] };
  #targetOf: TargetOf;
  /** Lines of the last edit: what looks half-typed there is not complained about until typing pauses. */
  #editedLines: ReadonlySet<number> = new Set();
  /** From the last run, by look-up. Failures live only here; the scanner keeps none. */
  #outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** The last answer for a package in this file, kept while another version of it is asked about. */
  readonly #before = new Map<string, Before>();
  #lines: readonly LineState[] = [];
  #isShown = false;

  constructor(document: TrackedDocument, file: RequirementsFile, settings: Settings) {
    this.uri = document.uri;
    this.languageId = document.languageId;
    this.version = document.version;
    this.#file = file;
    this.#targetOf = rememberedTargets(privateNames(settings), noConstraints);
    this.#placed = placeRequirements(file, this.#targetOf);
  }

  get file(): RequirementsFile {
    return this.#file;
  }

  /** Takes the new text; `editedLines` are 0-based lines of that text. */
  update(file: RequirementsFile, version: number | undefined, editedLines: ReadonlySet<number>): void {
    this.#file = file;
    this.version = version;
    this.#editedLines = editedLines;
    this.#placed = placeRequirements(file, this.#targetOf);
  }

  applySettings(settings: Settings): void {
    this.#targetOf = rememberedTargets(privateNames(settings), this.#links.constraints);
    this.#placed = placeRequirements(this.#file, this.#targetOf);
  }

  /** Whether it includes files or is included: an edit may then change what other files show. */
  get isLinked(): boolean {
    return (
      this.#links.includedAt.length > 0 ||
      this.#file.items.some((item) => item.kind === 'include' || item.kind === 'constraint')
    );
  }

  get includedAt(): FileLinks['includedAt'] {
    return this.#links.includedAt;
  }

  /** Takes what other files say of this one; whether that changes what it shows. */
  link(links: FileLinks, settings: Settings): boolean {
    const before = this.#links;
    this.#links = links;
    const constrained = !sameConstraints(before.constraints, links.constraints);
    if (constrained) {
      this.applySettings(settings);
    }
    return (
      constrained ||
      JSON.stringify([before.includedAt, before.problems]) !== JSON.stringify([links.includedAt, links.problems])
    );
  }

  typingPaused(): void {
    this.#editedLines = new Set();
  }

  get hasUnsaidProblems(): boolean {
    return this.#placed.problems.some((problem) => this.#isUnsaid(problem));
  }

  /** Problems to show now. */
  get problems(): readonly PlacedProblem[] {
    return [...this.#placed.problems.filter((problem) => !this.#isUnsaid(problem)), ...this.#links.problems];
  }

  lookups(): readonly Lookup[] {
    return this.#placed.requirements.flatMap(({ subject }) => (subject.kind === 'lookup' ? [subject.lookup] : []));
  }

  /** What nothing is known of, or only something old. */
  pending(): readonly Lookup[] {
    return this.#lines.flatMap(({ requirement: { subject }, state }) =>
      state.kind === 'pending' && subject.kind === 'lookup' ? [subject.lookup] : [],
    );
  }

  /** Whether something is to be asked that no run under way asks already. */
  get asksForMore(): boolean {
    return this.pending().some((lookup) => this.run?.asksAbout(lookup) !== true);
  }

  /** Takes the answers of a run that was for this file. */
  settle(outcomes: ReadonlyMap<string, Outcome>): void {
    this.#outcomes = outcomes;
    const failed = this.lookups().some((lookup) => failedOrIncomplete(outcomes.get(lookupKey(lookup))));
    this.failedRuns = failed ? this.failedRuns + 1 : 0;
  }

  forgetOutcomes(): void {
    this.#outcomes = new Map();
  }

  /** Whether its lines have ever been shown. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** What each line showed when it was last brought up to date. */
  get lines(): readonly LineState[] {
    return this.#lines;
  }

  /** Brings every line up to date with what is known this instant; asks nobody. */
  bringUpToDate(scanner: Scanner, { ignores, now }: Ignoring): readonly LineState[] {
    this.#lines = this.#placed.requirements.map((requirement) => {
      const state = this.#stateOf(requirement, scanner);
      if (state.kind === 'settled') {
        this.#remember(requirement.normalizedName, versionOrSpecifier(requirement), state.outcome);
      }
      return { requirement, state: withIgnored(requirement, state, ignores, now) };
    });
    this.#isShown = true;
    return this.#lines;
  }

  #stateOf(requirement: PlacedRequirement, scanner: Scanner): LineState['state'] {
    const { subject } = requirement;
    if (subject.kind === 'settled') {
      return { kind: 'settled', outcome: subject.outcome };
    }
    const known = scanner.peek(subject.lookup);
    if (known.kind === 'fresh') {
      return { kind: 'settled', outcome: known.outcome };
    }
    const answered = this.#outcomes.get(lookupKey(subject.lookup));
    const before = this.#before.get(requirement.normalizedName);
    if (answered?.kind === 'failed') {
      // The cache may have been cleared, or the service changed, since this very version was found vulnerable here.
      const same = before?.version === versionOrSpecifier(requirement) ? before.outcome : undefined;
      const lastKnown = answered.lastKnown ?? same;
      return { kind: 'settled', outcome: lastKnown === undefined ? answered : { ...answered, lastKnown } };
    }
    const isNewer = answered?.kind === 'assessed' && answered.local !== undefined;
    if (known.kind === 'stale' && !isNewer) {
      return { kind: 'pending', before: { version: versionOrSpecifier(requirement), outcome: known.outcome } };
    }
    if (answered !== undefined) {
      return { kind: 'settled', outcome: answered }; // pushed out of a small cache meanwhile
    }
    return before === undefined ? { kind: 'pending' } : { kind: 'pending', before };
  }

  #remember(name: string, version: string, outcome: Outcome): void {
    const known = outcome.kind === 'failed' ? outcome.lastKnown : outcome;
    if (known?.kind === 'assessed') {
      this.#before.set(name, { version, outcome: known });
    }
  }

  #isUnsaid(problem: PlacedProblem): boolean {
    return problem.incomplete && this.#editedLines.has(problem.range.start.line);
  }
}

/** Marks what is shown; what is remembered stays as it was answered, since ignores change. */
function withIgnored(
  requirement: PlacedRequirement,
  state: LineState['state'],
  ignores: readonly Ignore[],
  now: number,
): LineState['state'] {
  if (state.kind === 'settled') {
    const outcome = markOutcome(state.outcome, requirement, ignores, now);
    return outcome === state.outcome ? state : { ...state, outcome };
  }
  const { before } = state;
  if (before === undefined) {
    return state;
  }
  const release = { normalizedName: requirement.normalizedName, version: before.version };
  const outcome = markIgnored(before.outcome, release, ignores, now);
  return outcome === before.outcome ? state : { ...state, before: { ...before, outcome } };
}

/** What the outcome is about. */
function versionOrSpecifier({ version, specifier }: PlacedRequirement): string {
  return version ?? specifier;
}

function failedOrIncomplete(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'failed' || (outcome?.kind === 'assessed' && isIncomplete(outcome));
}

function sameConstraints(a: ConstraintPins, b: ConstraintPins): boolean {
  const text = (pins: ConstraintPins): string =>
    JSON.stringify([...pins].map(([name, pin]) => (pin === 'conflicting' ? [name] : [name, pin.text, pin.source])));
  return a.size === b.size && text(a) === text(b);
}

function privateNames(settings: Settings): (name: string) => boolean {
  return (name) => settings.privatePackages.some((pattern) => matchesName(pattern, name));
}
