import type { PackageName } from '../../core/packages/packageName.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Outcome } from '../../core/assessment/outcome.ts';
import type { Ignore } from '../../core/ignores/ignore.ts';
import { carryOver } from '../../core/text/carryOver.ts';
import type { Before, LineState } from './lineState.ts';
import type { Known, Scanner } from '../../engine/lookup/scanner.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { IgnoreMarks } from './ignoreMarks.ts';
import { type Advising, LineAdvice } from './lineAdvice.ts';

/** What someone has decided to live with, and the time it is. */
export interface Ignoring {
  readonly ignores?: readonly Ignore[];
  readonly now: number;
  /** As is usual where absent. */
  readonly advising?: Advising;
}

export interface Showing extends Ignoring {
  /** Nothing is to be told yet of what a requirement asks for, nor is it to be asked. */
  readonly isOpen?: (requirement: PlacedRequirement) => boolean;
  /** That they are lines of. */
  readonly file?: Manifest;
}

/** What each line of a file shows: what is known of it, else what was answered last, else that it is being asked. */
export class LineStates {
  /** From the last run, by look-up. Failures live only here; the scanner keeps none. */
  #outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** When they were taken. */
  #takenAt = -Infinity;
  /** The last answer for a package in this file, kept while another version of it is asked about. */
  readonly #before = new Map<string, Before>();
  readonly #marks: IgnoreMarks;
  readonly #advice = new LineAdvice();
  #shown: Shown = { scanner: undefined, revision: 0, requirements: [], tellings: [], ...always };
  #lines: readonly LineState[] = [];
  #pending: readonly Lookup[] = [];

  /** `fileName`: what an ignore of a group may be about. */
  constructor(fileName: string) {
    this.#marks = new IgnoreMarks(fileName);
  }

  /** Whether they have ever been brought up to date. */
  get areShown(): boolean {
    return this.#shown.scanner !== undefined;
  }

  /** As they were when they were last brought up to date. */
  get lines(): readonly LineState[] {
    return this.#lines;
  }

  /** What nothing is known of, or only something old. */
  get pending(): readonly Lookup[] {
    return this.#pending;
  }

  /** Whether they are as they are at this time, too, as far as nothing but time has passed since they were brought up to date. */
  holdAt(now: number): boolean {
    return this.#shown.scanner !== undefined && holdsAt(this.#shown, now);
  }

  /** Takes the answers of a run; those of the run before it are forgotten. `now`: when they were given. */
  take(outcomes: ReadonlyMap<string, Outcome>, now: number): void {
    if (hasFailures(this.#outcomes) || hasFailures(outcomes)) {
      this.forget(); // what the scanner held before they failed has another state from here on
    }
    this.#outcomes = outcomes;
    this.#takenAt = now;
  }

  /** Every line is to be told again. */
  forget(): void {
    this.#shown = { ...this.#shown, requirements: [], tellings: [], ...never };
  }

  /**
   * Brings every line up to date with what is known this instant; asks nobody. Lines that say what they said before are
   * the same objects, and so is the list where all are.
   */
  bringUpToDate(
    requirements: readonly PlacedRequirement[],
    scanner: Scanner,
    { ignores = [], now, advising, isOpen = () => false, file }: Showing,
  ): readonly LineState[] {
    const sameAdvice = this.#advice.use(advising, file, now);
    const sameMarks = this.#marks.use(ignores, now) && sameAdvice;
    const { revision } = scanner; // read before it is asked: what it works out then raises it
    const isSame = this.#shown.scanner === scanner && this.#shown.revision === revision;
    if (isSame && sameMarks && requirements === this.#shown.requirements && holdsAt(this.#shown, now)) {
      return this.#lines;
    }
    const before = { entries: this.#shown.requirements, made: this.#shown.tellings };
    const changed = this.#shown.scanner === scanner ? scanner.changedSince?.(this.#shown.revision) : undefined;
    let isMoved = false;
    // What the same lines say is remembered already, up to the first one that is worked out again.
    let isNew = requirements.length !== before.entries.length;
    const tellings = carryOver(before, requirements, haveOneSubject, (requirement, index, previous) => {
      const isNews = !isSame && changed?.has(nameIn(requirement)) !== false;
      if (!isNews && previous !== undefined && holdsAt(previous, now)) {
        if (previous.line.requirement !== requirement) {
          isMoved = true;
          previous.line = { requirement, state: previous.line.state };
        }
        if (isNew) this.#remember(previous.line);
        return previous;
      }
      if (!isNew) {
        isNew = true;
        before.made.slice(0, index).forEach(({ line }) => this.#remember(line));
      }
      const told = this.#tell(requirement, scanner, isOpen(requirement));
      this.#remember(told.line);
      return leaveAlike(previous, told, requirement);
    });
    if (isMoved || tellings !== this.#shown.tellings || !sameMarks) {
      this.#lines = tellings.map(({ line }) => this.#marks.of(this.#advice.of(line, scanner)));
      this.#pending = this.#lines
        .filter(({ state }) => state.kind === 'pending')
        .flatMap(({ requirement }) =>
          requirement.subject.kind === 'settled' || isOpen(requirement) ? [] : [requirement.subject.lookup],
        );
    }
    const period = commonPeriod(tellings, { from: now, until: this.#marks.until });
    this.#shown = { scanner, revision, requirements, tellings, ...period };
    return this.#lines;
  }

  #tell(requirement: PlacedRequirement, scanner: Scanner, isOpen: boolean): Telling {
    const { subject } = requirement;
    if (subject.kind === 'settled') {
      return { line: { requirement, state: { kind: 'settled', outcome: subject.outcome } }, ...always };
    }
    const known: Known = isOpen ? { kind: 'unknown' } : scanner.peek(subject.lookup);
    const state = this.#stateOf(requirement, subject.lookup, known);
    const line = { requirement, state };
    return known.kind === 'fresh' && state.kind === 'settled' && state.outcome === known.outcome
      ? { line, from: known.outcome.checkedAt, until: known.until }
      : { line, ...never };
  }

  #stateOf(requirement: PlacedRequirement, lookup: Lookup, known: Known): LineState['state'] {
    const answered = this.#outcomes.get(lookupKey(lookup));
    if (known.kind === 'fresh') {
      // Somebody asked again since, in vain: an answer that is not old yet is no reason to keep that quiet.
      const failedSince =
        answered?.kind === 'failed' && answered.reason !== 'cancelled' && known.outcome.checkedAt <= this.#takenAt;
      return { kind: 'settled', outcome: failedSince ? { ...answered, lastKnown: known.outcome } : known.outcome };
    }
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

  #remember({ requirement, state }: LineState): void {
    if (state.kind !== 'settled') return;
    const { outcome } = state;
    const known = outcome.kind === 'failed' ? outcome.lastKnown : outcome;
    if (known?.kind === 'assessed') {
      const version = versionOrSpecifier(requirement);
      const before = this.#before.get(requirement.normalizedName);
      if (before?.outcome !== known || before.version !== version) {
        this.#before.set(requirement.normalizedName, { version, outcome: known });
      }
    }
  }
}

function hasFailures(outcomes: ReadonlyMap<string, Outcome>): boolean {
  return [...outcomes.values()].some(({ kind }) => kind === 'failed');
}

/** What was last said of the lines of a file, and by whom. */
interface Shown extends Period {
  readonly scanner: Scanner | undefined;
  readonly revision: number;
  readonly requirements: readonly PlacedRequirement[];
  readonly tellings: readonly Telling[];
}

/** A line, and when it stays as it is while its scanner learns nothing new. Nobody else sees it, so that it can be moved. */
interface Telling extends Period {
  line: LineState;
}

/** Between which times something holds. */
interface Period {
  readonly from: number;
  readonly until: number;
}

const always: Period = { from: -Infinity, until: Infinity };
const never: Period = { from: Infinity, until: -Infinity };

function holdsAt({ from, until }: Period, now: number): boolean {
  return from <= now && now < until;
}

function commonPeriod(periods: readonly Period[], first: Period): Period {
  let { from, until } = first;
  for (const one of periods) {
    from = Math.max(from, one.from);
    until = Math.min(until, one.until);
  }
  return { from, until };
}

/** The state of `requirement` now; the objects of before where they say the same. */
function leaveAlike(previous: Telling | undefined, told: Telling, requirement: PlacedRequirement): Telling {
  const { from, until } = told;
  const isAlike = previous?.line.requirement === requirement && isSameState(previous.line.state, told.line.state);
  if (!isAlike) {
    return told;
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

/** What is looked up for it; of what is settled by itself nobody says anything else. */
function nameIn({ subject, normalizedName }: PlacedRequirement): PackageName {
  return subject.kind === 'lookup' ? subject.lookup.name : (normalizedName as PackageName);
}

/** What the outcome is about. */
function versionOrSpecifier({ version, specifier }: PlacedRequirement): string {
  return version ?? specifier;
}
