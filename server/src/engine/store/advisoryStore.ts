import type { Advisory } from '../../core/advisories/advisory.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { VectorScores } from '../../core/advisories/severity.ts';
import { Epoch } from '../epoch.ts';
import type { Clock, Match } from '../ports.ts';
import { Turns } from '../turns.ts';
import type { CacheTier } from './cacheTier.ts';
import { keepDerived } from './keepDerived.ts';
import { type CacheLimits, type HeldOutcome, MemoryCache } from './memoryCache.ts';
import { outdated, type PackageKnowledge } from './packageKnowledge.ts';
import { Recall, type Recalled } from './recall.ts';
import { recordsById, TierStorage } from './tierStorage.ts';

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
  /** What was worked out is kept in pages for this version of Pinwatch, while packages stay in memory. Call `close` at the end. */
  readonly pagedBy?: string | undefined;
}

export interface StoreFigures {
  readonly entries: number;
  readonly capacity: number;
  readonly evictions: number;
}

/**
 * All that is known, in memory and in the tiers behind it; the only owner of both. What is asked of it is answered from
 * memory, at once and without a hash; `recall` brings into memory what the tiers know. Nothing failed is ever kept.
 */
export class AdvisoryStore {
  readonly #memory: MemoryCache;
  readonly #storage: TierStorage;
  readonly #clock: Clock;
  readonly #outcomesOnly: boolean;
  readonly #recall: Recall;
  readonly #clearings = new Epoch();
  /** Of the vectors of all packages. */
  readonly scores = new VectorScores();
  /** For all that works out much of what is held. */
  readonly turns: Turns;

  constructor({ sourceId, tiers, limits, clock, turns, outcomesOnly, pagedBy }: StoreParts) {
    this.turns = turns ?? new Turns();
    this.#memory = new MemoryCache(limits, clock);
    this.#storage = new TierStorage(tiers, sourceId, {
      maxAgeMs: limits.detailsMaxAgeMs,
      clock,
      derivedBy: outcomesOnly?.version,
      pagedBy: outcomesOnly?.version ?? pagedBy,
      turns: this.turns,
      scores: this.scores,
    });
    this.#clock = clock;
    this.#outcomesOnly = outcomesOnly !== undefined;
    this.#recall = new Recall({
      memory: this.#memory,
      storage: this.#storage,
      clock,
      turns: this.turns,
      outcomesOnly: this.#outcomesOnly,
    });
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
  recall(lookups: readonly Lookup[], again = false, onRecalled: () => void = () => undefined): Promise<Recalled> {
    return this.#recall.recall(lookups, { again, isCurrent: this.mark(), onRecalled });
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

  /** As `keepDerived`. */
  keepDerived(knowledge: PackageKnowledge | undefined, outcomes: ReadonlyMap<Lookup, Assessed>): void {
    keepDerived(this.#storage, knowledge, outcomes);
  }

  /** For the end. The tiers are closed after it. */
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
    this.#storage.pages?.clear();
    this.#memory.limitTo(entries);
  }

  /** Forgets everything; returns how many entries that were. */
  async clear(): Promise<number> {
    this.#clearings.next();
    return this.#memory.clear() + (await this.#storage.clear());
  }
}
