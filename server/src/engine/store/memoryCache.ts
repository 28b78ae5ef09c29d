import type { PackageName } from '../../core/packages/packageName.ts';
import { LRUCache } from 'lru-cache';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { assessReleaseFromFacts } from '../../core/assessment/assessRelease.ts';
import { assessVersionRange } from '../../core/assessment/assessVersionRange.ts';
import type { VectorScores } from '../../core/advisories/severity.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { packPackage, type PackedPackage, unpackPackage } from './packedPackage.ts';
import type { PackageKnowledge } from './packageKnowledge.ts';
import { ChangedPackages } from './changedPackages.ts';
import type { Clock } from '../ports.ts';

export interface CacheLimits {
  readonly maxEntries: number;
  /** How long an answer is relied on. */
  readonly answerTtlMs: number;
  /** How long "no known advisories" is relied on: a new advisory makes it wrong. */
  readonly cleanTtlMs: number;
  /** How long an advisory is kept though its `modified` has not changed: a record may change without it. */
  readonly detailsMaxAgeMs: number;
}

export interface HeldOutcome {
  readonly outcome: Assessed;
  readonly fresh: boolean;
}

/**
 * Outcomes, packages and advisories in memory, least recently used out first. Nothing failed is ever put in. What is too
 * old stays until it is pushed out: it is shown as stale while it is asked again.
 */
export class MemoryCache {
  readonly #clock: Clock;
  readonly #limits: CacheLimits;
  readonly #entries: LRUCache<string, Entry>;
  /** Keys of packages that have come since the last `pack`. */
  readonly #unpacked = new Set<string>();
  #mostEntries = Infinity;
  #evictions = 0;
  readonly #changes = new ChangedPackages();

  constructor(limits: CacheLimits, clock: Clock) {
    this.#clock = clock;
    this.#limits = limits;
    this.#entries = new LRUCache({
      max: limits.maxEntries,
      dispose: (_entry, key, reason) => {
        this.#unpacked.delete(key);
        if (reason === 'evict') {
          this.#evictions++;
          this.#changes.forget();
        }
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** How many packages `pack` could make small. */
  get unpacked(): number {
    return this.#unpacked.size;
  }

  /** Another one whenever what is held has changed. */
  get revision(): number {
    return this.#changes.revision;
  }

  /** What it held something else of at that revision; `undefined` where it cannot tell. */
  changedSince(revision: number): ReadonlySet<PackageName> | undefined {
    return this.#changes.since(revision);
  }

  /** What was answered; or, where all advisories of the package are known, what follows from these. */
  outcome(lookup: Lookup): HeldOutcome | undefined {
    const held = this.answered(lookup);
    return held?.fresh === true ? held : (this.#derived(lookup, held) ?? held);
  }

  /** What was answered; works nothing out. */
  answered(lookup: Lookup): HeldOutcome | undefined {
    if (this.#entries.size === 0) {
      return undefined;
    }
    const entry = this.#entries.get(lookupKey(lookup));
    return entry?.kind === 'outcome'
      ? { outcome: entry.outcome, fresh: entry.isDoubted !== true && this.#holds(entry) }
      : undefined;
  }

  /** As of when `outcome` would tell; `undefined` where it may tell nothing. Works nothing out. */
  checkedAt(lookup: Lookup): number | undefined {
    if (this.#entries.size === 0) {
      return undefined; // as in a run that asks once, for each look-up
    }
    const entry = this.#entries.peek(lookupKey(lookup));
    const answered = entry?.kind === 'outcome' ? entry.outcome.checkedAt : undefined;
    const about = this.#package(lookup.name)?.holding.checkedAt;
    return answered === undefined || about === undefined ? (answered ?? about) : Math.max(answered, about);
  }

  keepOutcome(lookup: Lookup, outcome: Assessed): void {
    const agesFromMs = this.#elapsedMs() - Math.max(0, this.#clock.now() - outcome.checkedAt);
    this.#set(lookupKey(lookup), { kind: 'outcome', outcome, agesFromMs }, lookup.name);
  }

  /**
   * The service has said something else since, which could not be read in full: what is held is out of date. Where it lacks
   * an advisory that was `named` just now, that takes its place.
   */
  doubtOutcome(lookup: Lookup, named?: Assessed): void {
    const key = lookupKey(lookup);
    const entry = this.#entries.get(key);
    if (entry?.kind === 'outcome') {
      const outcome = named === undefined || namesAll(entry.outcome, named) ? entry.outcome : named;
      this.#set(key, { kind: 'outcome', outcome, isDoubted: true }, lookup.name);
    }
  }

  /** What may be shown while it is asked for, and is no answer. */
  keepDoubted(lookup: Lookup, outcome: Assessed): void {
    this.#set(lookupKey(lookup), { kind: 'outcome', outcome, isDoubted: true }, lookup.name);
  }

  isFresh(outcome: Assessed): boolean {
    return this.#isWithin(outcome.checkedAt, this.#ttlMs(outcome));
  }

  /** When a fresh outcome will be too old. */
  freshUntil(outcome: Assessed): number {
    return outcome.checkedAt + this.#ttlMs(outcome);
  }

  #ttlMs({ verdict }: Assessed): number {
    return verdict === 'clean' ? this.#limits.cleanTtlMs : this.#limits.answerTtlMs;
  }

  knowledge(name: PackageName): PackageKnowledge | undefined {
    const entry = this.#package(name);
    return entry && knowledgeIn(entry);
  }

  keepKnowledge(knowledge: PackageKnowledge): void {
    const key = packageKey(knowledge.name);
    this.#set(key, { kind: 'package', holding: knowledge }, knowledge.name);
    this.#unpacked.add(key);
  }

  /** What was told from it stays. */
  forgetKnowledge(name: PackageName): void {
    this.#entries.delete(packageKey(name));
  }

  /**
   * Makes at most so many packages small. They stay at hand: one that is asked for is unpacked, and stays so until memory
   * is collected.
   */
  pack(most: number): void {
    for (const key of [...this.#unpacked].slice(0, most)) {
      this.#unpacked.delete(key);
      const entry = this.#entries.peek(key);
      if (entry?.kind === 'package' && 'facts' in entry.holding) {
        entry.scores = entry.holding.facts.memo?.scores;
        entry.holding = packPackage(entry.holding);
      }
    }
  }

  /** From now on at most so many entries are held; those used longest ago go. */
  limitTo(entries: number): void {
    this.#mostEntries = entries;
    this.#letGo();
  }

  /** How many entries may be held. */
  get capacity(): number {
    return Math.min(this.#mostEntries, this.#limits.maxEntries);
  }

  #letGo(): void {
    while (this.#entries.size > this.#mostEntries) {
      this.#entries.pop();
    }
  }

  /** The advisory as held for exactly this `modified` stamp, which is only ever compared for equality. */
  advisory(id: string, modified: string): Advisory | undefined {
    const entry = this.#entries.get(advisoryKey(id));
    return entry?.kind === 'advisory' &&
      entry.modified === modified &&
      this.#isWithin(entry.fetchedAt, this.#limits.detailsMaxAgeMs)
      ? entry.advisory
      : undefined;
  }

  keepAdvisory(id: string, modified: string, advisory: Advisory): void {
    this.#set(advisoryKey(id), { kind: 'advisory', modified, advisory, fetchedAt: this.#clock.now() }, undefined);
  }

  /** Returns how many entries were forgotten. */
  clear(): number {
    const { size } = this.#entries;
    this.#entries.clear();
    this.#changes.forget();
    return size;
  }

  #set(key: string, entry: Entry, about: PackageName | undefined): void {
    this.#entries.set(key, entry);
    this.#letGo();
    if (about === undefined) {
      this.#changes.forget(); // a record may be about any
    } else {
      this.#changes.add(about);
    }
  }

  /** Only where it is newer than what is held. */
  #derived(lookup: Lookup, held: HeldOutcome | undefined): HeldOutcome | undefined {
    const entry = this.#package(lookup.name);
    if (entry === undefined || (held !== undefined && held.outcome.checkedAt >= entry.holding.checkedAt)) {
      return undefined;
    }
    const knowledge = knowledgeIn(entry);
    const outcome = knowledge.unreadable.length > 0 ? undefined : outcomeFrom(lookup, knowledge);
    if (outcome === undefined) {
      return undefined;
    }
    this.keepOutcome(lookup, outcome);
    return { outcome, fresh: this.isFresh(outcome) };
  }

  /** By both clocks: one may be set back, the other stands still while the machine sleeps. */
  #holds({ outcome, agesFromMs = 0 }: OutcomeEntry): boolean {
    return this.isFresh(outcome) && this.#elapsedMs() - agesFromMs < this.#ttlMs(outcome);
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }

  #package(name: PackageName): PackageEntry | undefined {
    if (this.#entries.size === 0) {
      return undefined;
    }
    const entry = this.#entries.get(packageKey(name));
    return entry?.kind === 'package' && this.#isWithin(entry.holding.fetchedAt, this.#limits.detailsMaxAgeMs)
      ? entry
      : undefined;
  }

  /** A clock that was set back makes things look younger than they are; they are not trusted then. */
  #isWithin(since: number, limitMs: number): boolean {
    const age = this.#clock.now() - since;
    return age >= 0 && age < limitMs;
  }
}

// Keys are texts that no two things have in common, and no hashes: every keystroke looks up every line of the file.

function packageKey(name: PackageName): string {
  return `${name}\n`;
}

function advisoryKey(id: string): string {
  return `\n${id}`;
}

function namesAll(held: Assessed, named: Assessed): boolean {
  const ids = new Set(held.findings.flatMap(({ records }) => records));
  return named.findings.every(({ records }) => records.every((id) => ids.has(id)));
}

/** What the advisories of the package say of a look-up; `undefined` for a version that is none. */
export function outcomeFrom(lookup: Lookup, { facts, checkedAt }: PackageKnowledge): Assessed | undefined {
  const assessment = isPin(lookup) ? assessReleaseFromFacts(lookup, facts) : assessVersionRange(lookup, facts);
  return assessment && { kind: 'assessed', ...assessment, checkedAt };
}

function knowledgeIn(entry: PackageEntry): PackageKnowledge {
  if ('facts' in entry.holding) {
    return entry.holding;
  }
  const recent = entry.unpacked?.deref();
  if (recent !== undefined) {
    return recent;
  }
  const knowledge = unpackPackage(entry.holding, entry.scores);
  entry.unpacked = new WeakRef(knowledge);
  return knowledge;
}

interface PackageEntry {
  readonly kind: 'package';
  holding: PackageKnowledge | PackedPackage;
  unpacked?: WeakRef<PackageKnowledge>;
  scores?: VectorScores | undefined;
}

interface OutcomeEntry {
  readonly kind: 'outcome';
  readonly outcome: Assessed;
  /** When it was given, on the clock that does not jump. */
  readonly agesFromMs?: number;
  readonly isDoubted?: true;
}

type Entry =
  | OutcomeEntry
  | PackageEntry
  | {
      readonly kind: 'advisory';
      readonly modified: string;
      readonly advisory: Advisory;
      readonly fetchedAt: number;
    };
