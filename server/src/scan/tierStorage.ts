import { readRecord } from '../core/advisories/readRecord.ts';
import { isPin, type Lookup } from '../core/assessment/lookup.ts';
import { type Pin, pinKey } from '../core/assessment/pin.ts';
import type { PackageName } from '../core/requirements/model.ts';
import { advisoryKey, answerKey, packageKey } from './cacheKey.ts';
import type { CacheTier, StoredEntry, StoredValue } from './cacheTier.ts';
import { advisoriesOf, type PackageKnowledge, packageKnowledge } from './packageKnowledge.ts';
import type { Match } from './ports.ts';
import { decodeAnswer, decodePackage, encodePackage } from './storedForms.ts';

export interface StoredAnswer {
  readonly matches: readonly Match[];
  readonly checkedAt: number;
}

export interface Loaded {
  /** By `pinKey`. */
  readonly answers: ReadonlyMap<string, StoredAnswer>;
  readonly packages: readonly PackageKnowledge[];
}

/**
 * What the scanner keeps in the tiers behind its memory. Another address is another source: its answers are never mixed
 * with these. What does not decode is as good as not there.
 */
export class TierStorage {
  readonly #tiers: readonly CacheTier[];
  readonly #source: string;
  readonly #maxAgeMs: number;

  constructor(tiers: readonly CacheTier[], source: string, maxAgeMs: number) {
    this.#tiers = tiers;
    this.#source = source;
    this.#maxAgeMs = maxAgeMs;
  }

  async load(lookups: readonly Lookup[]): Promise<Loaded> {
    if (this.#tiers.length === 0) {
      return { answers: new Map(), packages: [] };
    }
    const pins = lookups.filter(isPin);
    const names = [...new Set(lookups.map(({ name }) => name))];
    const values = await this.#read([
      ...names.map((name) => packageKey(name, this.#source)),
      ...pins.map((pin) => answerKey(pin, this.#source)),
    ]);
    const answers = new Map<string, StoredAnswer>();
    for (const pin of pins) {
      const value = values.get(answerKey(pin, this.#source));
      const matches = value && decodeAnswer(value.json);
      if (value !== undefined && matches !== undefined) {
        answers.set(pinKey(pin), { matches, checkedAt: value.checkedAt });
      }
    }
    return { answers, packages: await this.#packages(names, values) };
  }

  keepAnswer(pin: Pin, matches: readonly Match[], checkedAt: number): void {
    const json = { matches: matches.map(({ id, modified }) => [id, modified]) };
    this.#write(() => [{ key: answerKey(pin, this.#source), json, checkedAt }]);
  }

  /** What names records that cannot be read is asked for again rather than remembered; nor may what was kept before it. */
  keepKnowledge(knowledge: PackageKnowledge): void {
    if (knowledge.unreadable.length > 0) {
      this.forgetKnowledge(knowledge.name, knowledge.checkedAt);
      return;
    }
    this.#write(() => [
      {
        key: packageKey(knowledge.name, this.#source),
        json: encodePackage(knowledge),
        checkedAt: knowledge.checkedAt,
      },
    ]);
  }

  /** What is kept of the package no longer says what it is free of. */
  forgetKnowledge(name: PackageName, since: number): void {
    this.#write(() => [{ key: packageKey(name, this.#source), json: forgotten, checkedAt: since }]);
  }

  forgetAnswer(pin: Pin, since: number): void {
    this.#write(() => [{ key: answerKey(pin, this.#source), json: forgotten, checkedAt: since }]);
  }

  /** Undecoded, by id. */
  keepRecords(records: ReadonlyMap<string, unknown>, fetchedAt: number): void {
    this.#write(() =>
      [...records].map(([id, json]) => ({ key: advisoryKey(id, this.#source), json, checkedAt: fetchedAt })),
    );
  }

  async clear(): Promise<number> {
    const counts = await Promise.all(this.#tiers.map((tier) => tier.clear()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #packages(
    names: readonly PackageName[],
    values: ReadonlyMap<string, StoredValue>,
  ): Promise<readonly PackageKnowledge[]> {
    const stored = names.flatMap((name) => {
      const value = values.get(packageKey(name, this.#source));
      const form = value && decodePackage(value.json);
      return value === undefined || form === undefined ? [] : [{ name, form, checkedAt: value.checkedAt }];
    });
    const ids = new Set(stored.flatMap(({ form }) => form.records.map(([id]) => id)));
    const records = await this.#read([...ids].map((id) => advisoryKey(id, this.#source)));
    return stored.flatMap(({ name, form, checkedAt }) => {
      const advisories = form.records.flatMap(([id]) => {
        const { advisory, faults } = readRecord(records.get(advisoryKey(id, this.#source))?.json);
        return advisory?.id === id && faults.length === 0 ? [advisory] : [];
      });
      const { fetchedAt, releases } = form;
      return advisories.length < form.records.length
        ? []
        : [packageKnowledge({ name, advisories, stamps: new Map(form.stamps), releases, checkedAt, fetchedAt })];
    });
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
