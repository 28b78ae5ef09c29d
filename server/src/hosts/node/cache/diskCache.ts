import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { CacheTier, StoredEntry, StoredValue, TierFigures, TierHistory } from '../../../engine/store/cacheTier.ts';
import { counted } from '../../../core/text/counted.ts';
import type { Clock, Log } from '../../../engine/ports.ts';
import { type After, afterReal } from './after.ts';
import { cacheFileName } from './cacheRows.ts';
import { busyDelayMs, DiskCacheFile } from './diskCacheFile.ts';
import { createRowSeal, type RowSeal } from './rowSeal.ts';
import { WriteQueue } from './writeQueue.ts';

export interface DiskCacheOptions {
  /** Made if it is not there. Several processes may use the same one. */
  readonly folder: string;
  /** Of the file; what was used longest ago goes first. */
  readonly maxBytes: number;
  /** `PINWATCH_CACHE_KEY`: what was kept with another one, or with none, is not believed. */
  readonly secret?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly after?: After;
  /** Registers a call for the last moment of the process, when nothing can be waited for; returns what calls it off. */
  readonly atExit?: ((call: () => void) => () => void) | undefined;
}

export interface DiskTier extends CacheTier {
  /** How many of the rows that are kept would not be believed. */
  countRejected(): number;
}

/** Never throws and never fails: without a file that can be used it keeps nothing, and `figures.trouble` says why. */
export function createDiskCache(options: DiskCacheOptions): DiskTier {
  return new DiskCache(options);
}

// SQLite works on the thread that serves the editor, so its work is cut into slices shorter than a frame.
const sliceMs = 8;
// A second, and some more for a great many keys.
const readLimitMs = 1_000;
const readLimitPerKeyMs = 0.2;
const writeDelayMs = 100;
const nextSliceDelayMs = 5;
// Nobody waits for the time of last use.
const useDelayMs = 5_000;
const usePrecisionMs = 60 * 60_000;
const mostQueued = 10_000;
// Above this the one who writes waits for a slice each time, so that nothing has to be dropped.
const manyQueued = mostQueued / 2;
const expiryPauseMs = 10 * 60_000;
const closeLimitMs = 3_500;
const atOnceLimitMs = 2_000;
const clearLimitMs = 2_000;
// Two hundred thousand look-ups; to read more would take longer than what it is to spare.
const mostChanges = 200_000;

const removals = [
  ['evicted', 'made room for newer ones'],
  ['expired', 'were too old and are removed'],
] as const;

class DiskCache implements DiskTier {
  readonly #path: string;
  readonly #file: DiskCacheFile;
  readonly #seal: RowSeal;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #after: After;
  readonly #queue = new WriteQueue(mostQueued);
  readonly #used = new Set<string>();
  readonly #damaged = new Set<string>();
  #expireAt = -Infinity;
  #pressAgainAt = -Infinity;
  #hits = 0;
  #misses = 0;
  #rejected = 0;
  readonly #removed = { evicted: 0, expired: 0 };
  /** Of those, what the log was told. */
  #audited = { evicted: 0, expired: 0 };
  readonly history: TierHistory = {
    writtenSince: (sinceMs) => Promise.resolve(this.#writtenSince(sinceMs)),
    flush: () => this.#writeAll(),
  };
  readonly #callOff: (() => void) | undefined;
  #timer: { readonly delayMs: number; readonly cancel: () => void } | undefined;
  #closing: Promise<void> | undefined;

  constructor({ folder, maxBytes, secret, clock, log, after = afterReal, atExit }: DiskCacheOptions) {
    this.#path = path.join(folder, cacheFileName);
    this.#seal = createRowSeal(secret);
    this.#file = new DiskCacheFile({
      path: this.#path,
      maxBytes,
      seal: this.#seal,
      clock,
      log,
      onUnwritable: () => this.#forgetQueued(),
    });
    this.#clock = clock;
    this.#log = log;
    this.#after = after;
    this.#callOff = atExit?.(() => this.#writeAtOnce());
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    const limit = performance.now() + readLimitMs + keys.length * readLimitPerKeyMs;
    await this.#whenOpen(limit);
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
      const read = await this.#tryToRead(key, limit);
      if (read === 'failed') {
        break;
      }
      if (read !== undefined) {
        found.set(key, read);
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

  /** Where others open it at the same moment, it takes another try. */
  async #whenOpen(limit: number): Promise<void> {
    while (this.#file.open() === undefined && this.#file.isBusy && performance.now() < limit) {
      await setTimeout(busyDelayMs);
    }
  }

  /** What another process holds or has just made again is tried again. */
  async #tryToRead(key: string, limit: number): Promise<StoredValue | undefined | 'failed'> {
    for (;;) {
      try {
        return this.#readOne(key);
      } catch (error) {
        if (this.#file.failed(error, 'read') === 'later' || performance.now() > limit) {
          return 'failed';
        }
        await setTimeout(busyDelayMs);
      }
    }
  }

  #readOne(key: string): StoredValue | undefined {
    const now = this.#clock.now();
    const queued = this.#queue.get(key);
    if (queued !== undefined) {
      return queued.checkedAt + queued.maxAgeMs > now ? queued : undefined;
    }
    const row = this.#file.open()?.read(key);
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
        this.#rejected++;
        this.#damaged.add(key);
        this.#file.say(`A row of the cache "${this.#path}" is damaged; it is left out and removed.`, {
          event: 'cache.rejected',
          tier: 'disk',
          reason: 'damaged',
        });
        return undefined;
      case 'foreign':
        this.#reject(key);
        return undefined;
      case 'missing':
      case undefined:
        return undefined;
    }
  }

  #reject(key: string): void {
    this.#rejected++;
    if (this.#seal.isSecret) {
      // What cannot be believed must not stand in the way of what will be kept under its key.
      this.#damaged.add(key);
    }
    const why = this.#seal.isSecret
      ? 'kept without this PINWATCH_CACHE_KEY'
      : 'kept with a PINWATCH_CACHE_KEY, and none is set';
    this.#file.say(`The cache "${this.#path}" holds answers that were ${why}; they are not used.`, {
      event: 'cache.rejected',
      tier: 'disk',
      reason: 'foreign',
    });
  }

  write(entries: readonly StoredEntry[]): void {
    if (this.#closing !== undefined || entries.length === 0) {
      return;
    }
    for (const entry of entries) {
      this.#queue.add(entry);
      if (this.#queue.size > manyQueued && performance.now() >= this.#pressAgainAt) {
        this.#pressAgainAt = this.#writeSlice() === 'busy' ? performance.now() + busyDelayMs : -Infinity;
      }
    }
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
      const rows = this.#file.openToWrite();
      if (rows === undefined) {
        if (this.#file.isBusy) {
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
      this.#file.written();
      const evicted = rows.evict(sliceMs);
      this.#removed.evicted += evicted.count;
      const expired = now < this.#expireAt ? { count: 0, isDone: true } : rows.removeExpired(now);
      this.#removed.expired += expired.count;
      if (expired.isDone && now >= this.#expireAt) {
        this.#expireAt = now + expiryPauseMs;
      }
      if (this.#waiting > 0 || !evicted.isDone || !expired.isDone) {
        return 'more';
      }
      this.#audit();
      return 'done';
    } catch (error) {
      return this.#file.failed(error, 'write') === 'again' ? 'busy' : 'done';
    }
  }

  /** One line for what was removed since the last one. */
  #audit(): void {
    for (const [what, why] of removals) {
      const count = this.#removed[what] - this.#audited[what];
      if (count > 0) {
        this.#log.debug(`${counted(count, 'entry', 'entries')} of the cache "${this.#path}" ${why}.`, {
          event: `cache.${what}`,
          tier: 'disk',
          entries: count,
        });
      }
    }
    this.#audited = { ...this.#removed };
  }

  get #waiting(): number {
    return this.#queue.size + this.#used.size + this.#damaged.size;
  }

  #forgetQueued(): void {
    this.#queue.clear();
    this.#used.clear();
    this.#damaged.clear();
  }

  async clear(): Promise<number> {
    const queued = [...this.#queue.entries()];
    this.#forgetQueued();
    const limit = performance.now() + clearLimitMs;
    for (;;) {
      try {
        const rows = this.#file.open();
        if (rows === undefined) {
          return queued.length;
        }
        const unwritten = queued.filter(({ key }) => rows.read(key).kind === 'missing').length;
        return rows.clear() + unwritten;
      } catch (error) {
        const state = this.#file.failed(error, 'write');
        if (state === 'later' || performance.now() > limit) {
          this.#file.say(`The cache "${this.#path}" could not be cleared.`);
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
      rejected: this.#rejected,
      ...this.#removed,
      trouble: this.#file.trouble,
    };
  }

  #size(): { readonly entries: number; readonly bytes: number } {
    try {
      const rows = this.#file.open();
      return { entries: rows?.entries ?? 0, bytes: rows?.bytes ?? 0 };
    } catch (error) {
      this.#file.failed(error, 'read');
      return { entries: 0, bytes: 0 };
    }
  }

  countRejected(): number {
    try {
      return this.#file.open()?.countRejected() ?? 0;
    } catch (error) {
      this.#file.failed(error, 'read');
      return 0;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#writeAll();
    this.#file.close();
    this.#callOff?.();
  }

  async #writeAll(): Promise<boolean> {
    const limit = performance.now() + closeLimitMs;
    while (this.#waiting > 0 && performance.now() < limit) {
      const state = this.#writeSlice();
      if (state === 'done') {
        break;
      }
      await (state === 'busy' ? setTimeout(busyDelayMs) : setImmediate());
    }
    return this.#waiting === 0;
  }

  /** What is queued will be written. */
  #writtenSince(sinceMs: number): ReadonlyMap<string, number> | undefined {
    try {
      const rows = this.#file.open()?.writtenSince(sinceMs, mostChanges);
      const queued = [...this.#queue.entries()].map(({ key, checkedAt }) => [key, checkedAt] as const);
      return rows && (queued.length === 0 ? rows : new Map([...rows, ...queued]));
    } catch (error) {
      this.#file.failed(error, 'read');
      return undefined;
    }
  }

  /** For the last moment: a process that is ended without `close` loses nothing either. */
  #writeAtOnce(): void {
    this.#timer?.cancel();
    const limit = performance.now() + atOnceLimitMs;
    while (this.#queue.size > 0 && performance.now() < limit) {
      if (this.#writeSlice() === 'done') {
        break;
      }
    }
    this.#file.close();
  }
}
