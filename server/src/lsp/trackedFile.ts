import type { Settings } from '../../../protocol/settings.ts';
import type { ConstraintPins } from '../core/assessment/constraints.ts';
import { type DecidedVersions, nothingDecided } from '../core/assessment/decidedVersions.ts';
import { isPin, type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import { isIncomplete, type Outcome } from '../core/assessment/outcome.ts';
import type { Ignore } from '../core/policy/ignore.ts';
import { carryOver } from '../core/report/carryOver.ts';
import { type PlacedFile, rememberedTargets, RequirementPlacer } from '../core/report/placeRequirements.ts';
import type { PlacedProblem, PlacedRequirement } from '../core/report/scanReport.ts';
import { matchesName } from '../core/requirements/glob.ts';
import type { Range, RequirementsFile } from '../core/requirements/model.ts';
import { DiagnosticsMemory } from '../features/diagnosticsMemory.ts';
import type { Before, LineState } from '../features/lineState.ts';
import type { Known, Scanner } from '../scan/scanner.ts';
import { IgnoreMarks } from './ignoreMarks.ts';
import type { Run } from './run.ts';

export interface TrackedDocument {
  readonly uri: string;
  /** `undefined` for a file read from disk. */
  readonly languageId: string | undefined;
  readonly version: number | undefined;
}

/** What someone has decided to live with, and the time it is. */
export interface Ignoring {
  readonly ignores?: readonly Ignore[];
  readonly now: number;
}

/** What other files say of one. */
export interface FileLinks {
  /** What decides versions that its lines leave open. */
  readonly decided: DecidedVersions;
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
  #links: FileLinks = { decided: nothingDecided, includedAt: [], problems: [] };
  #placer: RequirementPlacer;
  #awaitsDecision = false;
  /** What decides its versions has been known once; it may change, but is never unknown again. */
  #hasDecision = false;
  /** Lines of the last edit: what looks half-typed there is not complained about until typing pauses. */
  #editedLines: ReadonlySet<number> = new Set();
  /** From the last run, by look-up. Failures live only here; the scanner keeps none. */
  #outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** The last answer for a package in this file, kept while another version of it is asked about. */
  readonly #before = new Map<string, Before>();
  #shown: Shown = { scanner: undefined, revision: 0, requirements: [], tellings: [] };
  #lines: readonly LineState[] = [];
  #pending: readonly Lookup[] = [];
  /** What was published of the lines, for those that stay as they are. */
  readonly diagnostics = new DiagnosticsMemory();
  readonly #marks = new IgnoreMarks();

  constructor(document: TrackedDocument, file: RequirementsFile, settings: Settings) {
    this.uri = document.uri;
    this.languageId = document.languageId;
    this.version = document.version;
    this.#file = file;
    this.#placer = new RequirementPlacer(rememberedTargets(privateNames(settings), nothingDecided));
    this.#placed = this.#placer.place(file);
  }

  get file(): RequirementsFile {
    return this.#file;
  }

  /** Takes the new text; `editedLines` are 0-based lines of that text. */
  update(file: RequirementsFile, version: number | undefined, editedLines: ReadonlySet<number>): void {
    this.#file = file;
    this.version = version;
    this.#editedLines = editedLines;
    this.#placed = this.#placer.place(file);
  }

  applySettings(settings: Settings): void {
    this.#placer = new RequirementPlacer(rememberedTargets(privateNames(settings), this.#links.decided));
    this.#placed = this.#placer.place(this.#file);
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

  /** Whether it is still to be read what decides its ranges: until then they are neither judged nor asked about. */
  get awaitsDecision(): boolean {
    return this.#awaitsDecision && this.#placed.requirements.some((requirement) => this.#isUndecided(requirement));
  }

  /** Takes what other files say of this one, `isAll` or as far as it is known; whether that changes what it shows. */
  link(links: FileLinks, settings: Settings, isAll: boolean): boolean {
    const before = this.#links;
    const waited = this.awaitsDecision;
    this.#links = links;
    this.#hasDecision ||= isAll;
    this.#awaitsDecision = !this.#hasDecision;
    const isDecidedNow = waited && isAll;
    if (isDecidedNow) {
      this.#shown = { ...this.#shown, requirements: [], tellings: [] };
    }
    const decidesElse = !isSameDecision(before.decided, links.decided);
    if (decidesElse) {
      this.applySettings(settings);
    }
    return (
      isDecidedNow ||
      decidesElse ||
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
    return this.#placed.requirements.flatMap((requirement) => this.#lookupOf(requirement));
  }

  /** What nothing is known of, or only something old. */
  pending(): readonly Lookup[] {
    return this.#pending;
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
    return this.#shown.scanner !== undefined;
  }

  /** What each line showed when it was last brought up to date. */
  get lines(): readonly LineState[] {
    return this.#lines;
  }

  /**
   * Brings every line up to date with what is known this instant; asks nobody. Lines that say what they said before are
   * the same objects, and so is the list where all are.
   */
  bringUpToDate(scanner: Scanner, { ignores = [], now }: Ignoring): readonly LineState[] {
    const { requirements } = this.#placed;
    const sameMarks = this.#marks.use(ignores, now);
    const { revision } = scanner; // read before it is asked: what it works out then raises it
    const isSame = this.#shown.scanner === scanner && this.#shown.revision === revision;
    if (
      isSame &&
      sameMarks &&
      requirements === this.#shown.requirements &&
      this.#shown.tellings.every((told) => holdsAt(told, now))
    ) {
      return this.#lines;
    }
    const before = { entries: this.#shown.requirements, made: this.#shown.tellings };
    const tellings = carryOver(before, requirements, haveOneSubject, (requirement, _index, previous) => {
      const stays = isSame && previous !== undefined && holdsAt(previous, now);
      const told = stays ? previous : this.#tell(requirement, scanner);
      if (told.line.state.kind === 'settled') {
        this.#remember(requirement, told.line.state.outcome);
      }
      return leaveAlike(previous, told, requirement);
    });
    if (tellings !== this.#shown.tellings || !sameMarks) {
      this.#lines = tellings.map(({ line }) => this.#marks.of(line));
      this.#pending = this.#lines
        .filter(({ state }) => state.kind === 'pending')
        .flatMap(({ requirement }) => this.#lookupOf(requirement));
    }
    this.#shown = { scanner, revision, requirements, tellings };
    return this.#lines;
  }

  #lookupOf(requirement: PlacedRequirement): readonly Lookup[] {
    const { subject } = requirement;
    return subject.kind === 'settled' || this.#isUndecided(requirement) ? [] : [subject.lookup];
  }

  #isUndecided({ subject }: PlacedRequirement): boolean {
    return this.#awaitsDecision && subject.kind === 'lookup' && !isPin(subject.lookup);
  }

  #tell(requirement: PlacedRequirement, scanner: Scanner): Telling {
    const { subject } = requirement;
    if (subject.kind === 'settled') {
      return {
        line: { requirement, state: { kind: 'settled', outcome: subject.outcome } },
        from: -Infinity,
        until: Infinity,
      };
    }
    const known: Known = this.#isUndecided(requirement) ? { kind: 'unknown' } : scanner.peek(subject.lookup);
    const state = this.#stateOf(requirement, subject.lookup, known);
    const line = { requirement, state };
    return known.kind === 'fresh'
      ? { line, from: known.outcome.checkedAt, until: known.until }
      : { line, from: Infinity, until: -Infinity };
  }

  #stateOf(requirement: PlacedRequirement, lookup: Lookup, known: Known): LineState['state'] {
    if (known.kind === 'fresh') {
      return { kind: 'settled', outcome: known.outcome };
    }
    const answered = this.#outcomes.get(lookupKey(lookup));
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

  #remember(requirement: PlacedRequirement, outcome: Outcome): void {
    const known = outcome.kind === 'failed' ? outcome.lastKnown : outcome;
    if (known?.kind === 'assessed') {
      const version = versionOrSpecifier(requirement);
      const before = this.#before.get(requirement.normalizedName);
      if (before?.outcome !== known || before.version !== version) {
        this.#before.set(requirement.normalizedName, { version, outcome: known });
      }
    }
  }

  #isUnsaid(problem: PlacedProblem): boolean {
    return problem.incomplete && this.#editedLines.has(problem.range.start.line);
  }
}

/** What was last said of the lines of a file, and by whom. */
interface Shown {
  readonly scanner: Scanner | undefined;
  readonly revision: number;
  readonly requirements: readonly PlacedRequirement[];
  readonly tellings: readonly Telling[];
}

/** A line, and between which times it stays as it is while its scanner learns nothing new. */
interface Telling {
  readonly line: LineState;
  readonly from: number;
  readonly until: number;
}

function holdsAt({ from, until }: Telling, now: number): boolean {
  return from <= now && now < until;
}

/** What is told of `requirement` now; the objects of before where they say the same. */
function leaveAlike(previous: Telling | undefined, told: Telling, requirement: PlacedRequirement): Telling {
  const { from, until } = told;
  const isAlike = previous?.line.requirement === requirement && isSameState(previous.line.state, told.line.state);
  if (!isAlike) {
    return told.line.requirement === requirement ? told : { ...told, line: { ...told.line, requirement } };
  }
  return previous.from === from && previous.until === until ? previous : { line: previous.line, from, until };
}

/** The same line, perhaps at another place. */
function haveOneSubject(a: PlacedRequirement, b: PlacedRequirement): boolean {
  return a.subject === b.subject;
}

function isSameState(a: LineState['state'], b: LineState['state']): boolean {
  if (a.kind === 'settled' || b.kind === 'settled') {
    return a.kind === 'settled' && b.kind === 'settled' && a.outcome === b.outcome;
  }
  return a.before?.version === b.before?.version && a.before?.outcome === b.before?.outcome;
}

/** What the outcome is about. */
function versionOrSpecifier({ version, specifier }: PlacedRequirement): string {
  return version ?? specifier;
}

function failedOrIncomplete(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'failed' || (outcome?.kind === 'assessed' && isIncomplete(outcome));
}

function isSameDecision(a: DecidedVersions, b: DecidedVersions): boolean {
  return (
    sameConstraints(a.constraints, b.constraints) &&
    a.locked.length === b.locked.length &&
    a.locked.every((lock, index) => lock === b.locked[index])
  );
}

function sameConstraints(a: ConstraintPins, b: ConstraintPins): boolean {
  const text = (pins: ConstraintPins): string =>
    JSON.stringify([...pins].map(([name, pin]) => (pin === 'conflicting' ? [name] : [name, pin.text, pin.source])));
  return a.size === b.size && text(a) === text(b);
}

function privateNames(settings: Settings): (name: string) => boolean {
  return (name) => settings.privatePackages.some((pattern) => matchesName(pattern, name));
}
