import type { StoredEntry } from '../../../engine/store/cacheTier.ts';

/** Entries that wait to be written, oldest first. Of a key only the last one is kept; beyond the bound the oldest go. */
export class WriteQueue {
  readonly #entries = new Map<string, StoredEntry>();
  readonly #mostEntries: number;
  #dropped = 0;

  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many were given up because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  add(entry: StoredEntry): void {
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
    if (this.#entries.size > this.#mostEntries) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) {
        this.#entries.delete(oldest);
        this.#dropped++;
      }
    }
  }

  get(key: string): StoredEntry | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<StoredEntry> {
    return this.#entries.values();
  }

  /** Takes out what was written, unless something newer has come in its place. */
  remove(written: Iterable<StoredEntry>): void {
    for (const entry of written) {
      if (this.#entries.get(entry.key) === entry) {
        this.#entries.delete(entry.key);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
