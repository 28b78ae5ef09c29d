import { LRUCache } from 'lru-cache';
import type { StoredEntry } from '../../../engine/store/cacheTier.ts';

/** Entries that wait to be written, oldest first. Of a key only the last one is kept; beyond the bound the oldest go. */
export class WriteQueue {
  readonly #entries: LRUCache<string, StoredEntry>;
  #dropped = 0;

  constructor(mostEntries: number) {
    this.#entries = new LRUCache({
      max: mostEntries,
      dispose: (_entry, _key, reason) => (this.#dropped += reason === 'evict' ? 1 : 0),
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many were given up because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  add(entry: StoredEntry): void {
    this.#entries.set(entry.key, entry);
  }

  /** Adds what was taken out and not written, unless something newer has come in its place. */
  addOld(entry: StoredEntry): void {
    if (!this.#entries.has(entry.key)) {
      this.#entries.set(entry.key, entry);
    }
  }

  /** Gives up the oldest beyond so many. */
  trim(mostEntries: number): void {
    while (this.#entries.size > mostEntries) {
      this.#entries.pop();
    }
  }

  get(key: string): StoredEntry | undefined {
    return this.#entries.peek(key);
  }

  *entries(): Generator<StoredEntry, void> {
    for (const entry of this.#entries.rvalues()) {
      if (entry !== undefined) {
        yield entry;
      }
    }
  }

  /** Takes out what was written, unless something newer has come in its place. */
  remove(written: Iterable<StoredEntry>): void {
    for (const entry of written) {
      if (this.#entries.peek(entry.key) === entry) {
        this.#entries.delete(entry.key);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
