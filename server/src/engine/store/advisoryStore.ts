import type { Advisory } from '../../core/advisories/advisory.ts';
import { folding } from '../../core/assessment/findings.ts';
import { assessRelease } from '../../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { advisoriesAffecting, preparing } from '../../core/advisories/packageAdvisories.ts';
import { VectorScores } from '../../core/advisories/severity.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { Epoch } from '../epoch.ts';
import type { Clock, Match } from '../ports.ts';
import { Turns } from '../turns.ts';
import { byPackage } from './byPackage.ts';
import type { CacheTier } from './cacheTier.ts';
import { follows } from './derivedAnswers.ts';
import { type CacheLimits, type HeldOutcome, MemoryCache } from './memoryCache.ts';
import { advisoriesById, outdated, type PackageKnowledge } from './packageKnowledge.ts';
import { type StoredAnswer, recordsById, TierStorage } from './tierStorage.ts';

export interface StoreParts {
  /** Says whose answers these are, in storage that others may share: its address. */
  readonly sourceId: string;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly limits: CacheLimits;
  readonly clock: Clock;
  /** Where others wait for the same thread. */
  readonly turns?: Turns;
  /**
   * For a run that asks once and about no package as a whole: packages leave memory when their look-ups are answered, and
   * what was worked out is kept in the tiers too, for the same version of Pinwatch. Call `close` at its end.
   */
  readonly outcomesOnly?: { readonly version: string } | undefined;
}

export interface Recalled {
  /** Fresh answers that storage tells as they stand, by `lookupKey`. In memory too, but for a run that asks once. */
  readonly known: ReadonlyMap<string, Assessed>;
  /** What storage knows to be vulnerable without the details at hand, by `lookupKey`: never in memory as an answer. */
  readonly bare: ReadonlyMap<string, Assessed>;
}

export interface StoreFigures {
  readonly entries: number;
  readonly capacity: number;
  readonly evictions: number;
}

// A farther tier is asked twice for each portion.
const mostAtOnce = 1_000;

/**
 * All that is known, in memory and in the tiers behind it; the only owner of both. What is asked of it is answered from
 * memory, at once and without a hash; `recall` brings into memory what the tiers know. Nothing failed is ever kept.
 */
export class AdvisoryStore {
  readonly #memory: MemoryCache;
  readonly #storage: TierStorage;
  readonly #clock: Clock;
  readonly #outcomesOnly: boolean;
  readonly #clearings = new Epoch();
  /** Of the vectors of all packages. */
  readonly scores = new VectorScores();
  /** For all that works out much of what is held. */
  readonly turns: Turns;

  constructor({ sourceId, tiers, limits, clock, turns, outcomesOnly }: StoreParts) {
    this.turns = turns ?? new Turns();
    this.#memory = new MemoryCache(limits, clock);
    this.#storage = new TierStorage(tiers, sourceId, {
      maxAgeMs: limits.detailsMaxAgeMs,
      clock,
      derivedBy: outcomesOnly?.version,
      turns: this.turns,
      scores: this.scores,
    });
    this.#clock = clock;
    this.#outcomesOnly = outcomesOnly !== undefined;
  }

  get figures(): StoreFigures {
    const { size: entries, capacity, evictions } = this.#memory;
    return { entries, capacity, evictions };
  }

  /** Another one whenever what memory holds has changed. */
  get revision(): number {
    return this.#memory.revision;
  }

  /** As `Scanner.changedSince`. */
  changedSince(revision: number): ReadonlySet<PackageName> | undefined {
    return this.#memory.changedSince(revision);
  }

  /** Tells whether nothing was cleared since now: answers to what was asked before a `clear` are given, but not kept. */
  mark(): () => boolean {
    return this.#clearings.mark();
  }

  /** What was answered, or follows from what is known of the package. */
  outcome(lookup: Lookup): HeldOutcome | undefined {
    return this.#memory.outcome(lookup);
  }

  /** What was answered, and nothing that would have to be worked out. */
  answered(lookup: Lookup): HeldOutcome | undefined {
    return this.#memory.answered(lookup);
  }

  isFresh(outcome: Assessed): boolean {
    return this.#memory.isFresh(outcome);
  }

  /** When a fresh outcome will be too old. */
  freshUntil(outcome: Assessed): number {
    return this.#memory.freshUntil(outcome);
  }

  /** All that is known of a package, however old. */
  knowledge(name: PackageName): PackageKnowledge | undefined {
    return this.#memory.knowledge(name);
  }

  /** The advisory as held for exactly this `modified` stamp. */
  advisory({ id, modified }: Match): Advisory | undefined {
    return this.#memory.advisory(id, modified);
  }

  /**
   * Takes what the tiers know of these into memory. `again`: the answers are asked for again, and what is held of the
   * packages says what of them has changed. `onRecalled` is called after each part of them.
   */
  async recall(lookups: readonly Lookup[], again = false, onRecalled: () => void = () => undefined): Promise<Recalled> {
    const isCurrent = this.mark();
    const paged = again ? undefined : await this.#storage.pages?.load(lookups);
    const known = new Map<string, Assessed>();
    const bare = new Map<string, Assessed>();
    const open = paged === undefined || !isCurrent() ? lookups : this.#takePaged(lookups, paged, known);
    // A run that asks once holds some packages as a whole at a time: what is kept of an estate does not fit into memory.
    const letsGo = this.#outcomesOnly && !again;
    const most = this.turns.areTaken ? mostAtATime : letsGo ? mostAtOnce : Infinity;
    for (const portion of portions(byPackage(open), most)) {
      if (this.turns.isOver) {
        await this.turns.take();
      }
      await this.#recall(portion, { again, isCurrent, bare });
      if (letsGo && isCurrent()) {
        this.#settle(portion, known);
      }
      onRecalled();
    }
    return { known, bare };
  }

  /** Packages of which all is fresh become known, and are let go of. */
  #settle(lookups: readonly Lookup[], known: Map<string, Assessed>): void {
    for (const [name, group] of byPackage(lookups)) {
      const held = group.map((lookup) => [lookupKey(lookup), this.outcome(lookup)] as const);
      if (held.every(([, outcome]) => outcome?.fresh === true)) {
        held.forEach(([key, outcome]) => outcome && known.set(key, outcome.outcome));
        this.settled(name); // nobody has to ask about it
      }
    }
  }

  /** Those that pages tell of become known; returns the others. */
  #takePaged(
    lookups: readonly Lookup[],
    paged: ReadonlyMap<string, Assessed>,
    known: Map<string, Assessed>,
  ): readonly Lookup[] {
    return lookups.filter((lookup) => {
      const key = lookupKey(lookup);
      const outcome = paged.get(key);
      const isNews =
        outcome !== undefined && this.isFresh(outcome) && outcome.checkedAt > (this.#memory.checkedAt(lookup) ?? 0);
      if (isNews) {
        known.set(key, outcome);
        if (!this.#outcomesOnly) {
          this.#memory.keepOutcome(lookup, outcome);
        }
      }
      return !isNews;
    });
  }

  async #recall(
    lookups: readonly Lookup[],
    { again, isCurrent, bare }: { again: boolean; isCurrent: () => boolean; bare: Map<string, Assessed> },
  ): Promise<void> {
    const keepsWorked = this.#storage.keepsDerived || this.#storage.pages !== undefined;
    const known = new Set(keepsWorked ? lookups.filter((lookup) => this.outcome(lookup)) : []);
    const isEnough = (outcome: Assessed): boolean => !again && this.isFresh(outcome);
    const { answers, packages, derived } = await this.#storage.load(lookups, { isEnough });
    const loaded = new Map(packages.map((knowledge) => [knowledge.name, knowledge]));
    for (const [name, group] of byPackage(lookups)) {
      const knowledge = loaded.get(name);
      if (knowledge !== undefined) {
        await this.turns.ahead(preparing(knowledge.facts.advisories));
      }
      for (const [index, lookup] of group.entries()) {
        if (knowledge !== undefined) {
          await this.#foldAhead(lookup, knowledge);
        }
        if (this.turns.isOver) {
          await this.turns.goOn();
        }
        if (!isCurrent()) {
          return;
        }
        // With its look-ups, not all packages first: who shows them in between would work all of these out at once.
        if (index === 0 && knowledge !== undefined) {
          this.#takeKnowledge(knowledge);
        }
        const answer = isPin(lookup) ? answers.get(lookupKey(lookup)) : undefined;
        const named = this.#take(lookup, answer, derived.get(lookupKey(lookup)));
        if (named !== undefined) {
          bare.set(lookupKey(lookup), named);
        }
      }
    }
    // Whoever asks again wants the packages, and no answer: none is worked out for the next run.
    if (keepsWorked && !again) {
      const recalled = byPackage(lookups.filter((lookup) => !known.has(lookup)));
      const knowledgeOf = new Map(packages.map((knowledge) => [knowledge.name, knowledge]));
      recalled.forEach((group, name) => this.#keepRecalled(knowledgeOf.get(name), name, group));
    }
  }

  async #foldAhead(lookup: Lookup, { facts }: PackageKnowledge): Promise<void> {
    if (this.turns.areTaken && facts.memo !== undefined) {
      const version = isPin(lookup) ? parseVersion(lookup.version) : undefined;
      const { advisories } = facts;
      const told =
        version === undefined
          ? advisories.entries.map(({ advisory }) => advisory)
          : advisoriesAffecting(advisories, version);
      const records = told.map((advisory) => ({ id: advisory.id, advisory }));
      await this.turns.ahead(folding(lookup.name, records, facts.memo));
    }
  }

  #takeKnowledge(knowledge: PackageKnowledge): void {
    const isNewer = knowledge.checkedAt > (this.knowledge(knowledge.name)?.checkedAt ?? 0);
    if (this.#isPast(knowledge) && isNewer) {
      this.#memory.keepKnowledge(knowledge);
    }
  }

  /** An answer of the service with all its details. */
  keepOutcome(lookup: Lookup, outcome: Assessed): void {
    this.#memory.keepOutcome(lookup, outcome);
  }

  /**
   * The service has said something else since, which could not be read in full: what is held is out of date. Where it lacks
   * an advisory that was `named` just now, that takes its place.
   */
  doubtOutcome(lookup: Lookup, named?: Assessed): void {
    this.#memory.doubtOutcome(lookup, named);
  }

  /** What the service matched, for a later run to describe. */
  keepAnswer(pin: Pin, matches: readonly Match[], checkedAt: number): void {
    this.#storage.keepAnswer(pin, matches, checkedAt);
  }

  forgetAnswer(pin: Pin, since: number): void {
    this.#storage.forgetAnswer(pin, since);
  }

  keepKnowledge(knowledge: PackageKnowledge): void {
    this.#memory.keepKnowledge(knowledge);
    this.#storage.keepKnowledge(knowledge);
  }

  /** The service named records that could not be had: what is held of the package no longer says what it is free of. */
  doubtKnowledge(name: PackageName, matches: readonly Match[]): void {
    const held = this.knowledge(name);
    const missing = held === undefined ? [] : outdated(held, matches).map(({ id }) => id);
    if (held !== undefined && missing.length > 0) {
      const unreadable = [...new Set([...held.unreadable, ...missing])];
      this.#memory.keepKnowledge({ ...held, unreadable });
      this.#storage.forgetKnowledge(name, this.#clock.now());
    }
  }

  /** The records, undecoded, that the knowledge was made of. */
  keepRecords(knowledge: PackageKnowledge, records: readonly unknown[], fetchedAt: number): void {
    this.#storage.keepRecords(recordsById(knowledge, records), fetchedAt);
  }

  /** One whole advisory under the service's stamp, with its record as it came. */
  keepAdvisory({ id, modified }: Match, advisory: Advisory, record: unknown): void {
    this.#memory.keepAdvisory(id, modified, advisory);
    this.#storage.keepRecords(new Map([[id, record]]), this.#clock.now());
  }

  /**
   * What was just worked out, from the knowledge or without having any, need not be worked out the next time, where storage
   * says the same by itself.
   */
  keepDerived(knowledge: PackageKnowledge | undefined, outcomes: ReadonlyMap<Lookup, Assessed>): void {
    const { pages } = this.#storage;
    outcomes.forEach((outcome, lookup) => pages?.note(lookup, outcome, knowledge));
    if (this.#storage.keepsDerived && knowledge !== undefined) {
      const derived = [...outcomes].filter(([lookup, outcome]) => follows(lookup, outcome, knowledge));
      this.#storage.keepDerived(knowledge, new Map(derived.map(([lookup, outcome]) => [lookupKey(lookup), outcome])));
    }
  }

  /** For the end of a run that asks once. The tiers are closed after it. */
  async close(): Promise<void> {
    await this.#storage.pages?.write((outcome) => this.isFresh(outcome));
  }

  /** The look-ups of a package are answered. */
  settled(name: PackageName): void {
    if (this.#outcomesOnly) {
      this.#memory.forgetKnowledge(name);
    }
  }

  /** How many packages in memory could be made small. */
  get unpacked(): number {
    return this.#memory.unpacked;
  }

  pack(most: number): void {
    this.#memory.pack(most);
  }

  limitTo(entries: number): void {
    this.#memory.limitTo(entries);
  }

  /** Forgets everything; returns how many entries that were. */
  async clear(): Promise<number> {
    this.#clearings.next();
    return this.#memory.clear() + (await this.#storage.clear());
  }

  /** Into memory; returns what is known of the look-up without its details. */
  #take(lookup: Lookup, stored: StoredAnswer | undefined, derived: Assessed | undefined): Assessed | undefined {
    const answer = stored && this.#isPast(stored) ? stored : undefined;
    const worked = derived !== undefined && this.#isPast(derived) ? derived : undefined;
    const isNewer = ({ checkedAt }: StoredAnswer | Assessed): boolean =>
      checkedAt > (this.#memory.checkedAt(lookup) ?? 0);
    if (worked !== undefined) {
      if (isNewer(worked)) {
        this.#memory.keepOutcome(lookup, worked);
      }
    } else if (answer !== undefined && isPin(lookup)) {
      if (!this.#isDescribed(lookup, answer)) {
        return this.#named(lookup, answer);
      }
      if (isNewer(answer)) {
        this.#memory.keepOutcome(lookup, this.#storedOutcome(lookup, answer));
      } else {
        this.outcome(lookup); // memory says as much by itself; worked out now, it is at hand for the next key
      }
    }
    return undefined;
  }

  /** What the service named, without its details: shown, and no answer. */
  #named(pin: Pin, { matches, checkedAt }: StoredAnswer): Assessed {
    const records = matches.map(({ id }) => ({ id, advisory: undefined }));
    const named: Assessed = { kind: 'assessed', ...assessRelease(pin, records, undefined), checkedAt };
    if (this.outcome(pin) === undefined) {
      this.#memory.keepDoubted(pin, named);
    }
    return named;
  }

  #keepRecalled(recalled: PackageKnowledge | undefined, name: PackageName, lookups: readonly Lookup[]): void {
    const knowledge = this.knowledge(name);
    if (knowledge !== recalled) {
      return; // something newer is in memory
    }
    const outcomes = new Map<Lookup, Assessed>();
    for (const lookup of lookups) {
      const held = this.outcome(lookup);
      if (held?.fresh === true) outcomes.set(lookup, held.outcome);
    }
    this.keepDerived(knowledge, outcomes);
  }

  /** Whether the details of the answer are at hand as they are now. */
  #isDescribed({ name }: Pin, { matches }: StoredAnswer): boolean {
    const knowledge = this.knowledge(name);
    return matches.length === 0 || (knowledge !== undefined && outdated(knowledge, matches).length === 0);
  }

  #storedOutcome(pin: Pin, { matches, checkedAt }: StoredAnswer): Assessed {
    const knowledge = this.knowledge(pin.name);
    const held = advisoriesById(knowledge);
    const records = matches.map(({ id }) => ({ id, advisory: held.get(id) }));
    return { kind: 'assessed', ...assessRelease(pin, records, knowledge?.facts), checkedAt };
  }

  /** What was kept while a clock was ahead would look new again, once the time has come. */
  #isPast({ checkedAt }: { readonly checkedAt: number }): boolean {
    return checkedAt <= this.#clock.now();
  }
}

// What storage is asked for at a time where others wait: a few milliseconds of it.
const mostAtATime = 100;

/** The look-ups of a package stay together. */
function portions(groups: ReadonlyMap<PackageName, readonly Lookup[]>, most: number): readonly (readonly Lookup[])[] {
  const all: Lookup[][] = [];
  for (const group of groups.values()) {
    const last = all.at(-1);
    if (last === undefined || last.length + group.length > most) {
      all.push([...group]);
    } else {
      last.push(...group);
    }
  }
  return all;
}
