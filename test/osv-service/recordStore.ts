import { Matcher } from './matcher.ts';
import { normalizedName, storedRecord, type JsonObject, type StoredRecord } from './storedRecord.ts';
import { microseconds, nanoseconds } from './timestamps.ts';
import { VersionOrder } from './versionOrder.ts';

/** The records the service answers from. What it was started with can be changed at run time and put back by `reset`. */
export class RecordStore {
  private readonly first: readonly StoredRecord[];
  private readonly hasNanoseconds: boolean;
  private readonly matcher = new Matcher(new VersionOrder());
  private readonly byId = new Map<string, StoredRecord>();
  private readonly byPackage = new Map<string, Map<string, StoredRecord>>();
  private readonly withoutDetails = new Set<string>();

  constructor(records: readonly StoredRecord[], options: { readonly hasNanoseconds: boolean }) {
    this.first = records;
    this.hasNanoseconds = options.hasNanoseconds;
    this.reset();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Adds a record, or takes the place of the one with its id. Throws for something that is no OSV record. */
  put(record: unknown): void {
    this.insert(storedRecord(record));
  }

  /** The record leaves index and storage alike: no query finds it, and a GET gets 404. */
  remove(id: string): void {
    const record = this.require(id);
    this.byId.delete(id);
    for (const key of packageKeys(record)) this.byPackage.get(key)?.delete(id);
  }

  /** The record stays in the index, but its details are gone: `querybatch` lists it, `query` leaves it out, a GET gets 404. */
  hideDetails(id: string): void {
    this.withoutDetails.add(this.require(id).id);
  }

  showDetails(id: string): void {
    this.withoutDetails.delete(this.require(id).id);
  }

  /** Forward or back: OSV's stamps do both. */
  setModified(id: string, modified: string): void {
    this.put({ ...this.require(id).json, modified });
  }

  /** From now on the record is answered to a GET only. */
  withdraw(id: string, withdrawn: string): void {
    this.put({ ...this.require(id).json, withdrawn });
  }

  /** Back to the records the service was started with. */
  reset(): void {
    this.byId.clear();
    this.byPackage.clear();
    this.withoutDetails.clear();
    for (const record of this.first) this.insert(record);
  }

  /** The ids of the live records that match, ascending. An empty version stands for every version. */
  match(ecosystem: string, name: string, version: string): readonly string[] {
    const records = this.byPackage.get(packageKey(ecosystem, ecosystem === 'PyPI' ? normalizedName(name) : name));
    if (records === undefined) return [];
    const wanted = ecosystem === 'PyPI' ? normalizedName(name) : name;
    return [...records.values()]
      .filter((record) =>
        record.affected.some(
          (entry) => isIn(ecosystem, entry.ecosystem) && entry.name === wanted && this.matcher.matches(entry, version),
        ),
      )
      .map((record) => record.id)
      .sort();
  }

  /** As a batch answers it: cut to microseconds, always six digits. */
  indexModified(id: string): string {
    return microseconds(this.require(id).modified);
  }

  /** The record as it is answered; `undefined` where there is none, or where its details are gone. */
  details(id: string): JsonObject | undefined {
    const record = this.withoutDetails.has(id) ? undefined : this.byId.get(id);
    if (record === undefined || !this.hasNanoseconds) return record?.json;
    return { ...record.json, modified: nanoseconds(record.modified) };
  }

  /** About how many bytes it takes in an answer. */
  bytesOf(id: string): number {
    return this.byId.get(id)?.size ?? 0;
  }

  /** The records that name this id as an alias, ascending. */
  idsWithAlias(alias: string): readonly string[] {
    return [...this.byId.values()]
      .filter((record) => record.aliases.includes(alias))
      .map((record) => record.id)
      .sort();
  }

  private insert(record: StoredRecord): void {
    if (this.byId.has(record.id)) this.remove(record.id);
    this.byId.set(record.id, record);
    // Withdrawn records are not in the server's index at all.
    if (record.isWithdrawn) return;
    for (const key of packageKeys(record)) {
      const records = this.byPackage.get(key) ?? new Map<string, StoredRecord>();
      this.byPackage.set(key, records.set(record.id, record));
    }
  }

  private require(id: string): StoredRecord {
    const record = this.byId.get(id);
    if (record === undefined) throw new Error(`The OSV service has no record ${id}`);
    return record;
  }
}

function packageKeys(record: StoredRecord): ReadonlySet<string> {
  return new Set(
    record.affected.flatMap(({ ecosystem, name }) => [
      packageKey(ecosystem, name),
      packageKey(ecosystem.replace(/:.*/, ''), name),
    ]),
  );
}

function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem} ${name}`;
}

/** `Debian:12` is found under `Debian` as well. */
function isIn(asked: string, ecosystem: string): boolean {
  return ecosystem === asked || ecosystem.replace(/:.*/, '') === asked;
}
