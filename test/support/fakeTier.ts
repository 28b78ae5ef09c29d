import type { CacheTier, StoredEntry, StoredValue, TierHistory } from '../../server/src/engine/store/cacheTier.ts';

/** Storage in memory: what was written is JSON text, as on a disk. */
export class FakeTier implements CacheTier {
  readonly texts = new Map<string, { readonly text: string; readonly checkedAt: number }>();
  /** Keys of each `read`. */
  readonly reads: (readonly string[])[] = [];

  read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    this.reads.push(keys);
    const found = keys.flatMap((key) => {
      const entry = this.texts.get(key);
      return entry === undefined
        ? []
        : [[key, { json: JSON.parse(entry.text) as unknown, checkedAt: entry.checkedAt }] as const];
    });
    return Promise.resolve(new Map(found));
  }

  write(entries: readonly StoredEntry[]): void {
    entries.forEach(({ key, json, checkedAt }) => this.texts.set(key, { text: JSON.stringify(json), checkedAt }));
  }

  clear(): Promise<number> {
    const { size } = this.texts;
    this.texts.clear();
    return Promise.resolve(size);
  }

  get figures() {
    return { entries: this.texts.size, bytes: 0, hits: 0, misses: 0, rejected: 0, trouble: undefined };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The same, and it tells what has changed by a clock of the test. */
export class FakePagingTier extends FakeTier {
  readonly #now: () => number;
  readonly #writtenAt = new Map<string, number>();
  /** `false`: it cannot tell. */
  canTell = true;

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  readonly history: TierHistory = {
    writtenSince: (sinceMs) => {
      const since = [...this.#writtenAt].filter(([key, at]) => at >= sinceMs && this.texts.has(key));
      const changes = since.map(([key]) => [key, this.texts.get(key)?.checkedAt ?? 0] as const);
      return Promise.resolve(this.canTell ? new Map(changes) : undefined);
    },
    flush: () => Promise.resolve(true),
  };

  override write(entries: readonly StoredEntry[]): void {
    super.write(entries);
    entries.forEach(({ key }) => this.#writtenAt.set(key, this.#now()));
  }
}
