import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { CacheTier, StoredEntry, StoredValue, TierFigures } from '../../scan/cacheTier.ts';
import type { Clock, Log } from '../../scan/ports.ts';
import { type After, afterReal } from './after.ts';
import { setAside } from './cacheFile.ts';
import { type CacheFileError, toCacheFileError } from './cacheFileError.ts';
import { cacheFileName, CacheRows, cacheSchema } from './cacheRows.ts';
import { WriteQueue } from './writeQueue.ts';

export interface DiskCacheOptions {
  /** Made if it is not there. Several processes may use the same one. */
  readonly folder: string;
  /** Of the file; what was used longest ago goes first. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly after?: After;
}

/** Never throws and never fails: without a file that can be used it keeps nothing, and `figures.trouble` says why. */
export function createDiskCache(options: DiskCacheOptions): CacheTier {
  return new DiskCache(options);
}

// SQLite works on the thread that serves the editor, so its work is cut into slices shorter than a frame.
const sliceMs = 8;
const readLimitMs = 1_000;
const writeDelayMs = 100;
const nextSliceDelayMs = 5;
// Nobody waits for the time of last use.
const useDelayMs = 5_000;
const usePrecisionMs = 60 * 60_000;
const mostQueued = 10_000;
const expiryPauseMs = 10 * 60_000;
/** After trouble the file is left alone for so long. */
const troublePauseMs = 5 * 60_000;
const busyDelayMs = 50;
const busyIsTrouble = 100;
const mostDamages = 3;
const closeLimitMs = 4_000;
const clearLimitMs = 2_000;

class DiskCache implements CacheTier {
  readonly #file: string;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #after: After;
  readonly #queue = new WriteQueue(mostQueued);
  readonly #used = new Set<string>();
  readonly #damaged = new Set<string>();
  #rows: CacheRows | undefined;
  #openAgainAt = -Infinity;
  #writeAgainAt = -Infinity;
  #expireAt = -Infinity;
  /** The file could not be opened or read; nothing is kept then. */
  #fileTrouble: string | undefined;
  /** It can be read but not written. */
  #writeTrouble: string | undefined;
  readonly #said = new Set<string>();
  #busyInARow = 0;
  #damages = 0;
  #hits = 0;
  #misses = 0;
  #timer: { readonly delayMs: number; readonly cancel: () => void } | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor({ folder, maxBytes, clock, log, after = afterReal }: DiskCacheOptions) {
    this.#file = path.join(folder, cacheFileName);
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#log = log;
    this.#after = after;
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    const limit = performance.now() + readLimitMs;
    let sliceEnd = performance.now() + sliceMs;
    for (const key of keys) {
      const now = performance.now();
      if (now > limit) {
        break;
      }
      if (now > sliceEnd) {
        await setImmediate();
        sliceEnd = performance.now() + sliceMs;
      }
      try {
        const value = this.#readOne(key);
        if (value !== undefined) {
          found.set(key, value);
        }
      } catch (error) {
        this.#failed(toCacheFileError(this.#file, error), 'read');
        break;
      }
    }
    this.#hits += found.size;
    this.#misses += keys.length - found.size;
    if (this.#damaged.size > 0) {
      this.#schedule(writeDelayMs);
    } else if (this.#used.size > 0) {
      this.#schedule(useDelayMs);
    }
    return found;
  }

  #readOne(key: string): StoredValue | undefined {
    const now = this.#clock.now();
    const queued = this.#queue.get(key);
    if (queued !== undefined) {
      return queued.checkedAt + queued.maxAgeMs > now ? queued : undefined;
    }
    const row = this.#openRows()?.read(key);
    switch (row?.kind) {
      case 'found':
        if (row.expiresAt <= now) {
          return undefined;
        }
        if (now - row.usedAt > usePrecisionMs && this.#used.size < mostQueued) {
          this.#used.add(key);
        }
        return row.value;
      case 'damaged':
        this.#damaged.add(key);
        this.#say(`A row of the cache "${this.#file}" is damaged; it is left out and removed.`);
        return undefined;
      case 'missing':
      case undefined:
        return undefined;
    }
  }

  write(entries: readonly StoredEntry[]): void {
    if (this.#closing !== undefined || entries.length === 0) {
      return;
    }
    entries.forEach((entry) => this.#queue.add(entry));
    this.#schedule(writeDelayMs);
  }

  /** The sooner of two times counts. */
  #schedule(delayMs: number): void {
    if (this.#closing !== undefined || (this.#timer !== undefined && this.#timer.delayMs <= delayMs)) {
      return;
    }
    this.#timer?.cancel();
    const cancel = this.#after(delayMs, () => {
      this.#timer = undefined;
      const state = this.#writeSlice();
      if (state !== 'done') {
        this.#schedule(state === 'busy' ? busyDelayMs : nextSliceDelayMs);
      }
    });
    this.#timer = { delayMs, cancel };
  }

  #writeSlice(): 'done' | 'more' | 'busy' {
    const now = this.#clock.now();
    try {
      const rows = now < this.#writeAgainAt ? undefined : this.#openRows();
      if (rows === undefined) {
        if (this.#busyInARow > 0) {
          return 'busy';
        }
        this.#forgetQueued();
        return 'done';
      }
      const changes = { entries: this.#queue.entries(), used: this.#used, damaged: this.#damaged };
      const written = rows.write(changes, now, sliceMs);
      this.#queue.remove(written.entries);
      written.used.forEach((key) => this.#used.delete(key));
      written.damaged.forEach((key) => this.#damaged.delete(key));
      this.#writable();
      const evicted = rows.evict(sliceMs);
      const expired = now < this.#expireAt || rows.removeExpired(now);
      if (expired && now >= this.#expireAt) {
        this.#expireAt = now + expiryPauseMs;
      }
      return this.#waiting > 0 || !evicted || !expired ? 'more' : 'done';
    } catch (error) {
      return this.#failed(toCacheFileError(this.#file, error), 'write') === 'again' ? 'busy' : 'done';
    }
  }

  get #waiting(): number {
    return this.#queue.size + this.#used.size + this.#damaged.size;
  }

  #writable(): void {
    this.#busyInARow = 0;
    if (this.#writeTrouble !== undefined) {
      this.#writeTrouble = undefined;
      this.#log.info(`The cache "${this.#file}" is written again.`);
    }
  }

  #forgetQueued(): void {
    this.#queue.clear();
    this.#used.clear();
    this.#damaged.clear();
  }

  /** Opened at first use. */
  #openRows(): CacheRows | undefined {
    if (this.#rows !== undefined || this.#closed || this.#clock.now() < this.#openAgainAt) {
      return this.#rows;
    }
    try {
      this.#rows = new CacheRows(this.#file, this.#maxBytes);
      this.#busyInARow = 0;
      this.#fileTrouble = undefined;
    } catch (error) {
      this.#failed(toCacheFileError(this.#file, error), 'open');
    }
    return this.#rows;
  }

  /** Whether what was tried may be tried again at once. */
  #failed(error: CacheFileError, doing: 'open' | 'read' | 'write'): 'again' | 'later' {
    switch (error.fault) {
      case 'busy':
        if (doing === 'open') {
          this.#openAgainAt = this.#clock.now() + busyDelayMs;
        }
        if (doing !== 'read') {
          this.#busyInARow++;
        }
        if (this.#busyInARow === busyIsTrouble) {
          this.#writeTrouble = error.message;
          this.#say(error.message);
        }
        return 'again';
      case 'replaced':
        this.#closeRows();
        return 'again';
      case 'damaged':
        return this.#setAside(error);
      case 'full':
      case 'readOnly':
        if (doing === 'write') {
          this.#writeTrouble = error.message;
          this.#writeAgainAt = this.#clock.now() + troublePauseMs;
          this.#say(error.message);
          this.#forgetQueued();
          return 'later';
        }
        return this.#giveUp(error.message);
      case 'unsupported':
      case 'foreign':
      case 'newer':
      case 'unusable':
        return this.#giveUp(error.message);
    }
  }

  #setAside(error: CacheFileError): 'again' | 'later' {
    this.#closeRows();
    if (++this.#damages > mostDamages) {
      return this.#giveUp(`Answers are kept in memory only. ${error.message}`);
    }
    try {
      const aside = setAside(this.#file, cacheSchema, this.#clock.now());
      if (aside !== undefined) {
        this.#say(`The cache "${this.#file}" was damaged. It was set aside as "${aside}" and is built anew.`);
      }
      return 'again';
    } catch (failure) {
      const { message } = toCacheFileError(this.#file, failure);
      return this.#giveUp(`${message} It is damaged and could not be set aside.`);
    }
  }

  #giveUp(trouble: string): 'later' {
    this.#closeRows();
    this.#openAgainAt = this.#clock.now() + troublePauseMs;
    this.#busyInARow = 0;
    this.#fileTrouble = trouble;
    this.#forgetQueued();
    this.#say(trouble);
    return 'later';
  }

  /** Once. */
  #say(trouble: string): void {
    if (!this.#said.has(trouble)) {
      this.#said.add(trouble);
      this.#log.warn(trouble);
    }
  }

  #closeRows(): void {
    this.#rows?.close();
    this.#rows = undefined;
  }

  async clear(): Promise<number> {
    const queued = [...this.#queue.entries()];
    this.#forgetQueued();
    const limit = performance.now() + clearLimitMs;
    for (;;) {
      try {
        const rows = this.#openRows();
        if (rows === undefined) {
          return queued.length;
        }
        const unwritten = queued.filter(({ key }) => rows.read(key).kind === 'missing').length;
        return rows.clear() + unwritten;
      } catch (error) {
        const state = this.#failed(toCacheFileError(this.#file, error), 'write');
        if (state === 'later' || performance.now() > limit) {
          this.#say(`The cache "${this.#file}" could not be cleared.`);
          return queued.length;
        }
        await setTimeout(busyDelayMs);
      }
    }
  }

  get figures(): TierFigures {
    return {
      ...this.#size(),
      hits: this.#hits,
      misses: this.#misses,
      trouble: this.#fileTrouble ?? this.#writeTrouble,
    };
  }

  #size(): { readonly entries: number; readonly bytes: number } {
    try {
      const rows = this.#openRows();
      return { entries: rows?.entries ?? 0, bytes: rows?.bytes ?? 0 };
    } catch (error) {
      this.#failed(toCacheFileError(this.#file, error), 'read');
      return { entries: 0, bytes: 0 };
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const limit = performance.now() + closeLimitMs;
    while (this.#waiting > 0 && performance.now() < limit) {
      const state = this.#writeSlice();
      if (state === 'done') {
        break;
      }
      await (state === 'busy' ? setTimeout(busyDelayMs) : setImmediate());
    }
    this.#closeRows();
    this.#closed = true;
  }
}
