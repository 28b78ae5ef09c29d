import type { PackageName } from '../../core/packages/packageName.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import type { VectorScores } from '../../core/advisories/severity.ts';
import { readRecord } from '../../core/advisories/readRecord.ts';
import type { Assessment } from '../../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { type Pin, pinKey } from '../../core/assessment/pin.ts';
import { AnswerPages } from './answerPages.ts';
import { advisoryKey, answerKey, derivedKey, packageKey } from './cacheKey.ts';
import type { CacheTier, StoredEntry, StoredValue } from './cacheTier.ts';
import { basisOf, derivedOutcome, type StoredKnowledge } from './derivedAnswers.ts';
import { decodeDerived, type DerivedAnswers, encodeDerived } from './derivedForms.ts';
import { advisoriesOf, type PackageKnowledge, packageKnowledge } from './packageKnowledge.ts';
import type { Clock, Match } from '../ports.ts';
import type { Turns } from '../turns.ts';
import { decodeAnswer, decodePackage, encodePackage, type StoredPackage } from './storedForms.ts';

export interface StoredAnswer {
  readonly matches: readonly Match[];
  readonly checkedAt: number;
}

export interface Loaded {
  /** By `pinKey`. */
  readonly answers: ReadonlyMap<string, StoredAnswer>;
  readonly packages: readonly PackageKnowledge[];
  /** What was worked out before and holds as it stands, by `lookupKey`. */
  readonly derived: ReadonlyMap<string, Assessed>;
}

export interface LoadOptions {
  /** Of packages whose look-ups are all among what was worked out before, and good enough by this, nothing more is loaded. */
  readonly isEnough?: (outcome: Assessed) => boolean;
}

export interface TierStorageOptions {
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Of Pinwatch: what it works out is kept too, and believed by the same version alone. */
  readonly derivedBy?: string | undefined;
  /** The same for what is kept in pages. */
  readonly pagedBy?: string | undefined;
  readonly turns: Turns;
  readonly scores: VectorScores;
}

/**
 * What the scanner keeps in the tiers behind its memory. Another address is another source: its answers are never mixed
 * with these. What does not decode is as good as not there.
 */
export class TierStorage {
  readonly #tiers: readonly CacheTier[];
  readonly #source: string;
  readonly #maxAgeMs: number;
  readonly #clock: Clock;
  readonly #derivedBy: string | undefined;
  readonly #turns: Turns;
  readonly #scores: VectorScores;
  readonly #pages: AnswerPages | undefined;
  /** What storage has of other look-ups of the package, so that writing some does not lose them. */
  readonly #alsoDerived = new Map<PackageName, DerivedAnswers>();

  constructor(
    tiers: readonly CacheTier[],
    source: string,
    { maxAgeMs, clock, derivedBy, pagedBy, turns, scores }: TierStorageOptions,
  ) {
    this.#tiers = tiers;
    this.#source = source;
    this.#maxAgeMs = maxAgeMs;
    this.#clock = clock;
    this.#derivedBy = derivedBy;
    this.#turns = turns;
    this.#scores = scores;
    const paging = tiers.find(({ history }) => history !== undefined);
    this.#pages =
      pagedBy === undefined || paging?.history === undefined
        ? undefined
        : new AnswerPages({ tier: paging, history: paging.history, source, version: pagedBy, clock, maxAgeMs, turns });
  }

  /** Where several packages' answers are kept in one value. */
  get pages(): AnswerPages | undefined {
    return this.#pages;
  }

  /** Whether it is of use to call `keepDerived`: where a tier has no pages. */
  get keepsDerived(): boolean {
    return this.#derivedBy !== undefined && this.#tiers.some(({ history }) => history === undefined);
  }

  async load(lookups: readonly Lookup[], { isEnough = () => false }: LoadOptions = {}): Promise<Loaded> {
    if (this.#tiers.length === 0) {
      return { answers: new Map(), packages: [], derived: new Map() };
    }
    const pins = lookups.filter(isPin);
    const names = [...new Set(lookups.map(({ name }) => name))];
    const answerKeys = pins.map((pin) => answerKey(pin, this.#source));
    const values = await this.#read([
      ...names.map((name) => packageKey(name, this.#source)),
      ...answerKeys,
      ...names.flatMap((name) => this.#derivedKey(name) ?? []),
    ]);
    const answers = new Map<string, StoredAnswer>();
    for (const [index, pin] of pins.entries()) {
      const value = values.get(answerKeys[index] ?? '');
      const matches = value && decodeAnswer(value.json);
      if (value !== undefined && matches !== undefined) {
        answers.set(pinKey(pin), { matches, checkedAt: value.checkedAt });
      }
    }
    const stored = this.#stored(names, values);
    const derived = new Map<string, Assessed>();
    const open = new Set<PackageName>();
    for (const lookup of lookups) {
      const known = stored.get(lookup.name);
      const outcome = known && derivedOutcome(lookup, known, answers.get(lookupKey(lookup)));
      if (outcome !== undefined) {
        derived.set(lookupKey(lookup), outcome);
      }
      if (outcome === undefined || !isEnough(outcome)) {
        open.add(lookup.name);
      }
    }
    const needed = [...stored].filter(([name]) => open.has(name));
    return { answers, packages: await this.#packages(needed), derived };
  }

  keepAnswer(pin: Pin, matches: readonly Match[], checkedAt: number): void {
    this.#pages?.forget(pin.name);
    const json = { matches: matches.map(({ id, modified }) => [id, modified]) };
    this.#write(() => [{ key: answerKey(pin, this.#source), json, checkedAt }]);
  }

  /** What names records that cannot be read is asked for again rather than remembered; nor may what was kept before it. */
  keepKnowledge(knowledge: PackageKnowledge): void {
    this.#pages?.forget(knowledge.name);
    if (knowledge.unreadable.length > 0) {
      this.forgetKnowledge(knowledge.name, knowledge.checkedAt);
      return;
    }
    this.#write(() => [
      {
        key: packageKey(knowledge.name, this.#source),
        // All records as one text and its hash: worth it only where something is derived from them.
        json: encodePackage(knowledge, this.keepsDerived ? basisOf(knowledge) : undefined),
        checkedAt: knowledge.checkedAt,
      },
    ]);
  }

  /** What follows from the knowledge, by `lookupKey`; `keepKnowledge` keeps the knowledge itself. */
  keepDerived(knowledge: PackageKnowledge, answers: ReadonlyMap<string, Assessment>): void {
    const key = this.#derivedKey(knowledge.name);
    if (key === undefined || answers.size === 0 || knowledge.unreadable.length > 0) {
      return;
    }
    const basis = basisOf(knowledge);
    const before = this.#alsoDerived.get(knowledge.name);
    const all = new Map([...(before?.basis === basis ? before.answers : []), ...answers]);
    this.#write(() => [{ key, json: encodeDerived({ basis, answers: all }), checkedAt: knowledge.checkedAt }]);
  }

  /** What is kept of the package no longer says what it is free of. */
  forgetKnowledge(name: PackageName, since: number): void {
    this.#pages?.forget(name);
    this.#write(() => [{ key: packageKey(name, this.#source), json: forgotten, checkedAt: since }]);
  }

  forgetAnswer(pin: Pin, since: number): void {
    this.#pages?.forget(pin.name);
    this.#write(() => [{ key: answerKey(pin, this.#source), json: forgotten, checkedAt: since }]);
  }

  /** Undecoded, by id. */
  keepRecords(records: ReadonlyMap<string, unknown>, fetchedAt: number): void {
    this.#write(() =>
      [...records].map(([id, json]) => ({ key: advisoryKey(id, this.#source), json, checkedAt: fetchedAt })),
    );
  }

  async clear(): Promise<number> {
    this.#pages?.clear();
    const counts = await Promise.all(this.#tiers.map((tier) => tier.clear()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #stored(
    names: readonly PackageName[],
    values: ReadonlyMap<string, StoredValue>,
  ): ReadonlyMap<PackageName, StoredKnowledge> {
    const stored = new Map<PackageName, StoredKnowledge>();
    for (const name of names) {
      const value = values.get(packageKey(name, this.#source));
      const form = value && decodePackage(value.json);
      if (value !== undefined && form !== undefined) {
        const derived = this.#derived(name, form, values);
        stored.set(name, { form, checkedAt: value.checkedAt, derived });
      }
    }
    return stored;
  }

  /** Only of the very knowledge that is kept, and as long as that is relied on. */
  #derived(
    name: PackageName,
    { basis, fetchedAt }: StoredPackage,
    values: ReadonlyMap<string, StoredValue>,
  ): DerivedAnswers | undefined {
    const key = this.#derivedKey(name);
    const value = key === undefined ? undefined : values.get(key);
    const age = this.#clock.now() - fetchedAt;
    if (value === undefined || basis === undefined || age < 0 || age >= this.#maxAgeMs) {
      return undefined;
    }
    const derived = decodeDerived(value.json);
    if (derived?.basis !== basis) {
      return undefined;
    }
    this.#alsoDerived.set(name, derived);
    return derived;
  }

  #derivedKey(name: PackageName): string | undefined {
    return this.#derivedBy === undefined || !this.keepsDerived
      ? undefined
      : derivedKey(name, this.#source, this.#derivedBy);
  }

  async #packages(stored: readonly (readonly [PackageName, StoredKnowledge])[]): Promise<readonly PackageKnowledge[]> {
    const ids = new Set(stored.flatMap(([, { form }]) => form.records.map(([id]) => id)));
    const records = await this.#read([...ids].map((id) => advisoryKey(id, this.#source)));
    const scores = this.#scores;
    const packages: PackageKnowledge[] = [];
    for (const [name, { form, checkedAt }] of stored) {
      const advisories: Advisory[] = [];
      for (const [id] of form.records) {
        if (this.#turns.isOver) {
          await this.#turns.goOn();
        }
        const { advisory, faults } = readRecord(records.get(advisoryKey(id, this.#source))?.json);
        if (advisory?.id === id && faults.length === 0) {
          advisories.push(advisory);
        }
      }
      const { fetchedAt, releases } = form;
      if (advisories.length === form.records.length) {
        const stamps = new Map(form.stamps);
        packages.push(packageKnowledge({ name, advisories, stamps, releases, checkedAt, fetchedAt, scores }));
      }
    }
    return packages;
  }

  /** From the nearest tier that has it; what a farther one has is put into the nearer ones. */
  async #read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    for (const [index, tier] of this.#tiers.entries()) {
      const open = keys.filter((key) => !found.has(key));
      if (open.length === 0) {
        break;
      }
      const values = await tier.read(open);
      values.forEach((value, key) => found.set(key, value));
      const entries = [...values].map(([key, value]) => ({ ...value, key, maxAgeMs: this.#maxAgeMs }));
      if (entries.length > 0) {
        this.#tiers.slice(0, index).forEach((nearer) => nearer.write(entries));
      }
    }
    return found;
  }

  /** Keys are hashes: they are not worked out for nobody. */
  #write(entries: () => readonly Omit<StoredEntry, 'maxAgeMs'>[]): void {
    if (this.#tiers.length === 0) {
      return;
    }
    const complete = entries().map((entry) => ({ ...entry, maxAgeMs: this.#maxAgeMs }));
    this.#tiers.forEach((tier) => tier.write(complete));
  }
}

/** Takes the place of a value, in farther tiers too; decodes as none. */
const forgotten = Object.freeze({ forgotten: true });

/** Those of the undecoded records that became advisories of the package, by id. */
export function recordsById(knowledge: PackageKnowledge, records: readonly unknown[]): ReadonlyMap<string, unknown> {
  const ids = new Set(advisoriesOf(knowledge).map(({ id }) => id));
  return new Map(
    records.flatMap((record) => {
      const id = typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined;
      return typeof id === 'string' && ids.has(id) ? [[id, record] as const] : [];
    }),
  );
}
