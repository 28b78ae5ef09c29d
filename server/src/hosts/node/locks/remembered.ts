import { LRUCache } from 'lru-cache';

/** What was made of files and folders, for as long as they stay as they are. The least recently used go first. */
export class Remembered<Value> {
  readonly #entries = new LRUCache<string, { readonly stamp: string; readonly value: Value }>({ max: mostEntries });

  /** What `make` made when the stamp was the same, or makes now. */
  async of(key: string, stamp: string, make: () => Promise<Value> | Value): Promise<Value> {
    const known = this.#entries.get(key);
    const entry = known?.stamp === stamp ? known : { stamp, value: await make() };
    this.#entries.set(key, entry);
    return entry.value;
  }
}

// A monorepo has some dozens of locks and environments.
const mostEntries = 500;
