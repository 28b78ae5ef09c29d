import type { Redis } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { backoffMs } from '../../../../engine/backoff.ts';
import type { CacheTier, StoredEntry, StoredValue, TierFigures } from '../../../../engine/store/cacheTier.ts';
import type { Clock, Log } from '../../../../engine/ports.ts';
import { type After, afterReal } from '../after.ts';
import { parseRedisUrl, type RedisAddress } from './redisAddress.ts';
import { connectRedis, whyOf } from './redisConnection.ts';
import { RedisTrouble } from './redisTrouble.ts';
import { decodeRedisValue, redisKey, redisPrefix } from './redisValue.ts';
import { RedisWriter } from './redisWriter.ts';
import { createRowSeal, type RowSeal } from '../rowSeal.ts';
import { SlowPause } from './slowPause.ts';

export interface RedisCacheOptions {
  /** `redis://` or `rediss://`. May hold a password, so it is never shown. */
  readonly url: string;
  /**
   * `PINWATCH_CACHE_KEY`. Without it Redis is neither read nor written: anybody else who may use the server could make
   * something vulnerable look clean.
   */
  readonly secret: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly after?: After;
  /** Certificates to trust instead of the usual ones, PEM; for tests. */
  readonly ca?: string;
}

export interface RedisTier extends CacheTier {
  /** `entries` and `bytes` are 0: a shared server does not tell what is ours. */
  readonly figures: TierFigures;
}

/**
 * A cache that a team shares. It never throws and never makes anybody wait longer than `readLimitMs`: whatever the server
 * does, what has not come by then is missing. Begins to connect at once, in the background.
 */
export function createRedisCache(options: RedisCacheOptions): RedisTier {
  return new RedisCache(options);
}

const readLimitMs = 50;
const keysPerCommand = 100;
const backoff = { firstMs: 250, longestMs: 30_000, spread: [0.75, 1] } as const;
const clearLimitMs = 4_000;
// What we keep ourselves under some hundred keys has some megabytes.
const mostBytesUnanswered = 128 * 1024 * 1024;

class RedisCache implements RedisTier {
  readonly #clock: Clock;
  readonly #log: Log;
  /** `undefined` where Redis is not used at all. */
  readonly #address: RedisAddress | undefined;
  readonly #shown: string;
  readonly #seal: RowSeal;
  readonly #pause: SlowPause;
  readonly #writer: RedisWriter;
  readonly #trouble: RedisTrouble;
  #redis: Redis | undefined;
  /** Settles when the first attempt to connect has succeeded or failed. */
  readonly #firstAttempt: Promise<void>;
  #attempted: () => void = () => {};
  #reconnects = 0;
  #hits = 0;
  #misses = 0;
  #rejected = 0;
  /** Since a read was answered last. */
  #bytes = 0;
  #hasSaidTooMuch = false;
  #closing: Promise<void> | undefined;

  constructor({ url, secret, clock, log, after = afterReal, ca }: RedisCacheOptions) {
    this.#clock = clock;
    this.#log = log;
    const address = parseRedisUrl(url);
    this.#address = secret === undefined ? undefined : address;
    this.#shown = address?.shown ?? 'its address';
    this.#seal = createRowSeal(secret);
    this.#trouble = new RedisTrouble(this.#shown, clock, log);
    this.#pause = new SlowPause(clock);
    this.#writer = new RedisWriter({
      clock,
      after,
      seal: this.#seal,
      ready: () => (isReady(this.#redis) ? this.#redis : undefined),
      onWritten: () => {
        this.#answered();
        this.#trouble.end('unwritten');
      },
      onFailed: (error) => this.#failed(error, 'unwritten'),
    });
    this.#firstAttempt = new Promise((resolve) => (this.#attempted = resolve));
    if (this.#address !== undefined) {
      void this.#connect(this.#address, ca);
      return;
    }
    const why =
      address === undefined
        ? 'its address is not of the form redis://HOST:PORT or rediss://HOST:PORT.'
        : 'others who use that server could change what is kept there. Set PINWATCH_CACHE_KEY to a secret of your team.';
    this.#trouble.begin('address', `Redis${address === undefined ? '' : ` at ${this.#shown}`} is not used: ${why}`);
    this.#attempted();
  }

  async #connect(address: RedisAddress, ca: string | undefined): Promise<void> {
    try {
      const redis = await connectRedis(address, ca, {
        onReady: () => {
          this.#attempted();
          this.#trouble.end('lost');
          this.#writer.schedule();
        },
        onLost: (why) => this.#lost(why),
        onReceived: (bytes) => this.#received(bytes),
        reconnectDelayMs: () => backoffMs(backoff, this.#reconnects++, Math.random()),
      });
      if (this.#closing !== undefined) {
        redis.disconnect();
      }
      this.#redis = redis;
    } catch (error) {
      this.#lost(whyOf(error));
    }
  }

  #received(bytes: number): 'goOn' | 'tooMuch' {
    this.#bytes += bytes;
    if (this.#bytes <= mostBytesUnanswered) {
      return 'goOn';
    }
    this.#bytes = 0;
    this.#rejected++;
    if (!this.#hasSaidTooMuch) {
      this.#hasSaidTooMuch = true;
      const most = mostBytesUnanswered / 1024 / 1024;
      this.#log.warn(`Redis at ${this.#shown} answers with more than ${most} MB at once; that is not read.`);
    }
    return 'tooMuch';
  }

  #lost(why: string): void {
    this.#attempted();
    if (this.#closing === undefined) {
      this.#trouble.begin('lost', `Redis at ${this.#shown} cannot be used (${why}).`);
    }
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    const timer = new AbortController();
    // Set before anything else, so that nothing of what follows takes longer.
    const limit = setTimeout(readLimitMs, 'late', { signal: timer.signal }).catch(() => 'late');
    const state = await Promise.race([this.#readInto(found, keys, timer.signal), limit]);
    timer.abort();
    const answered: ReadonlyMap<string, StoredValue> = new Map(found); // what comes later changes nothing
    this.#hits += answered.size;
    this.#misses += keys.length - answered.size;
    if (state === 'late') {
      this.#late();
    } else if (state === 'answered') {
      this.#answered();
      this.#pause.wasQuick();
      this.#trouble.end('slow');
      this.#trouble.end('unread');
    }
    return answered;
  }

  async #readInto(
    found: Map<string, StoredValue>,
    keys: readonly string[],
    over: AbortSignal,
  ): Promise<'answered' | 'failed' | 'notAsked'> {
    const asked: string[] = [];
    for (const key of keys) {
      const queued = this.#writer.queued(key);
      if (queued === undefined) {
        asked.push(key);
      } else if (queued.checkedAt + queued.maxAgeMs > this.#clock.now()) {
        found.set(key, queued);
      }
    }
    await this.#firstAttempt;
    const redis = this.#redis;
    if (asked.length === 0 || over.aborted || this.#pause.isOn || !isReady(redis)) {
      return 'notAsked';
    }
    const commands: Promise<boolean>[] = [];
    for (let from = 0; from < asked.length; from += keysPerCommand) {
      commands.push(this.#readSome(redis, asked.slice(from, from + keysPerCommand), found, over));
    }
    return (await Promise.all(commands)).every((answered) => answered) ? 'answered' : 'failed';
  }

  async #readSome(
    redis: Redis,
    keys: readonly string[],
    found: Map<string, StoredValue>,
    over: AbortSignal,
  ): Promise<boolean> {
    try {
      const values = await redis.mget(keys.map(redisKey));
      this.#bytes = 0;
      const now = this.#clock.now();
      for (const [index, key] of over.aborted ? [] : keys.entries()) {
        const raw = values[index];
        const decoded = typeof raw === 'string' ? decodeRedisValue(key, raw, now, this.#seal) : undefined;
        if (decoded?.kind === 'found') {
          found.set(key, decoded.value);
        } else if (decoded?.kind === 'rejected') {
          this.#reject();
        }
      }
      return true;
    } catch (error) {
      this.#failed(error, 'unread');
      return false;
    }
  }

  #reject(): void {
    if (this.#rejected++ === 0) {
      this.#log.warn(
        `Redis at ${this.#shown} holds values that were not kept with this PINWATCH_CACHE_KEY; they are not used.`,
      );
    }
  }

  #late(): void {
    if (isReady(this.#redis) && this.#pause.wasSlow()) {
      this.#trouble.begin(
        'slow',
        `Redis at ${this.#shown} does not answer within ${readLimitMs} ms; it is left out for a while.`,
      );
    }
  }

  #answered(): void {
    this.#reconnects = 0;
  }

  /** A command failed. Where the connection did, its own event says so. */
  #failed(error: unknown, kind: 'unread' | 'unwritten'): void {
    if (error instanceof Error && error.name === 'ReplyError') {
      this.#trouble.begin(kind, `Redis at ${this.#shown} refuses what it is asked (${whyOf(error)}).`);
    }
  }

  write(entries: readonly StoredEntry[]): void {
    if (this.#address !== undefined) {
      this.#writer.add(entries);
    }
  }

  async clear(): Promise<number> {
    let count = this.#writer.clear();
    const until = performance.now() + clearLimitMs;
    try {
      let cursor = '0';
      do {
        if (!isReady(this.#redis)) {
          break;
        }
        const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${redisPrefix}*`, 'COUNT', 500);
        count += keys.length === 0 ? 0 : await this.#redis.unlink(keys);
        cursor = next;
      } while (cursor !== '0' && performance.now() < until);
    } catch (error) {
      this.#failed(error, 'unwritten');
    }
    return count;
  }

  get figures(): TierFigures {
    return {
      entries: 0,
      bytes: 0,
      hits: this.#hits,
      misses: this.#misses,
      rejected: this.#rejected,
      trouble: this.#trouble.message,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#writer.close();
    this.#redis?.disconnect();
  }
}

function isReady(redis: Redis | undefined): redis is Redis {
  return redis?.status === 'ready';
}
