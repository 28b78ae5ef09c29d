import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import type { StoredEntry } from '../../../../engine/store/cacheTier.ts';
import type { Clock } from '../../../../engine/ports.ts';
import type { After } from '../after.ts';
import { encodeEntry } from '../encodedEntry.ts';
import { encodeRedisValue, redisKey } from './redisValue.ts';
import type { RowSeal } from '../rowSeal.ts';
import { WriteQueue } from '../writeQueue.ts';

const writeDelayMs = 50;
const sliceMs = 8;
const entriesPerBatch = 100;
const mostQueued = 2_000;
const mostCharacters = 4 * 1024 * 1024;
const closeLimitMs = 3_000;

export interface RedisWriterOptions {
  readonly clock: Clock;
  readonly after: After;
  readonly seal: RowSeal;
  /** The connection, where there is one that can be used now. */
  readonly ready: () => Redis | undefined;
  readonly onWritten: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Writes what is queued in the background, batch by batch. What is queued waits for a connection. */
export class RedisWriter {
  readonly #options: RedisWriterOptions;
  readonly #queue = new WriteQueue(mostQueued);
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: RedisWriterOptions) {
    this.#options = options;
  }

  /** What is still to be written under this key. */
  queued(key: string): StoredEntry | undefined {
    return this.#queue.get(key);
  }

  add(entries: readonly StoredEntry[]): void {
    if (!this.#isClosing) {
      entries.forEach((entry) => this.#queue.add(entry));
      this.schedule();
    }
  }

  /** Forgets what is queued; how much that was. */
  clear(): number {
    const count = this.#queue.size;
    this.#queue.clear();
    return count;
  }

  /** Writes soon; call it, too, when a connection has come about. */
  schedule(): void {
    if (this.#isClosing || this.#queue.size === 0) {
      return;
    }
    this.#cancelTimer ??= this.#options.after(writeDelayMs, () => {
      this.#cancelTimer = undefined;
      void this.#writeBatch();
    });
  }

  /** Writes the rest, for as long as the end may take. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelTimer?.();
    const over = new AbortController();
    const writeAll = async (): Promise<void> => {
      await this.#writing;
      while (this.#queue.size > 0 && this.#options.ready() !== undefined && !over.signal.aborted) {
        await this.#sendBatch();
      }
    };
    const limit = setTimeout(closeLimitMs, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([writeAll(), limit]);
    over.abort();
    this.#queue.clear();
  }

  /** One batch at a time, so that a server that is slow does not have more and more to do. */
  async #writeBatch(): Promise<void> {
    this.#writing ??= this.#sendBatch().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
    if (this.#options.ready() !== undefined) {
      this.schedule();
    }
  }

  async #sendBatch(): Promise<void> {
    const { clock, ready, seal, onWritten, onFailed } = this.#options;
    const redis = ready();
    if (redis === undefined) {
      return;
    }
    const until = performance.now() + sliceMs;
    const pipeline = redis.pipeline();
    const sent: StoredEntry[] = [];
    for (const entry of this.#queue.entries()) {
      const now = clock.now();
      const encoded = encodeEntry(entry, now, mostCharacters, seal);
      if (encoded !== undefined) {
        pipeline.set(redisKey(encoded.key), encodeRedisValue(encoded), 'PX', encoded.expiresAt - now);
      }
      sent.push(entry);
      if (sent.length >= entriesPerBatch || performance.now() > until) {
        break;
      }
    }
    this.#queue.remove(sent);
    try {
      const results = (await pipeline.exec()) ?? [];
      const refused = results.find(([error]) => error !== null)?.[0];
      if (refused) {
        onFailed(refused);
      } else if (results.length > 0) {
        onWritten();
      }
    } catch (error) {
      onFailed(error);
    }
  }
}
