import type { CacheTier, StoredEntry, StoredValue, TierFigures } from '../../../../engine/store/cacheTier.ts';
import type { Clock, Log } from '../../../../engine/ports.ts';
import { type After, afterReal } from '../after.ts';
import { createRowSeal, type RowSeal } from '../rowSeal.ts';
import { parseRedisUrl } from './redisAddress.ts';
import { mostBytesUnanswered, whyOf } from './redisNode.ts';
import { type NodesEvents, RedisNodes, type RedisTls } from './redisNodes.ts';
import { readValues } from './redisReads.ts';
import { type SilenceLimits, silenceOf } from './redisSilence.ts';
import { RedisTrouble } from './redisTrouble.ts';
import { decodeRedisValue, redisPrefix } from './redisValue.ts';
import { RedisWriter } from './redisWriter.ts';
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
  /** For `rediss://`. A text in place of it says why it cannot be had. */
  readonly tls?: RedisTls | string;
  /** How long a read may take. */
  readonly readLimits?: SilenceLimits;
  /** How long writing may take at the end. */
  readonly closeLimits?: SilenceLimits;
}

export interface RedisTier extends CacheTier {
  /** `entries` and `bytes` are 0: a shared server does not tell what is ours. */
  readonly figures: TierFigures;
}

/**
 * A cache that a team shares: one server, or a cluster, which is found out by asking. It never throws and never makes anybody
 * wait longer than its limits: whatever the servers do, what has not come by then is missing. Begins to connect at once, in
 * the background.
 */
export function createRedisCache(options: RedisCacheOptions): RedisTier {
  const { url, secret, tls = {}, clock, log } = options;
  const address = parseRedisUrl(url);
  const shown = address?.shown ?? 'its address';
  const trouble = new RedisTrouble(shown, clock, log);
  const why =
    address === undefined
      ? 'its address is not of the form redis://HOST:PORT or rediss://HOST:PORT.'
      : secret === undefined
        ? 'others who use that server could change what is kept there. Set PINWATCH_CACHE_KEY to a secret of your team.'
        : typeof tls === 'string'
          ? tls
          : undefined;
  if (address === undefined || secret === undefined || typeof tls === 'string') {
    trouble.begin('address', `Redis${address === undefined ? '' : ` at ${shown}`} is not used: ${why}`);
    return unused(trouble);
  }
  return new RedisCache(options, trouble, (events) => new RedisNodes(address, tls, events, options.after));
}

const usualReadLimits = { silentMs: 2_000, wholeMs: 30_000 };
const usualCloseLimits = { silentMs: 2_000, wholeMs: 3_000 };
const clearLimitMs = 4_000;
const keysAtOnce = 500;

class RedisCache implements RedisTier {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #nodes: RedisNodes;
  readonly #seal: RowSeal;
  readonly #pause: SlowPause;
  readonly #writer: RedisWriter;
  readonly #trouble: RedisTrouble;
  readonly #readLimits: SilenceLimits;
  /** The first read waits for the connection; those after it only if that is not hopeless. */
  #waitsForConnection = true;
  #hits = 0;
  #misses = 0;
  #rejected = 0;
  #hasSaidTooMuch = false;
  #closing: Promise<void> | undefined;

  constructor(
    { secret, clock, log, after = afterReal, readLimits, closeLimits }: RedisCacheOptions,
    trouble: RedisTrouble,
    connect: (events: NodesEvents) => RedisNodes,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.#seal = createRowSeal(secret);
    this.#trouble = trouble;
    this.#pause = new SlowPause(clock);
    this.#readLimits = readLimits ?? usualReadLimits;
    this.#nodes = connect({
      onReady: () => {
        this.#trouble.end('lost');
        this.#writer.schedule();
      },
      onLost: (shown, why) => this.#lost(shown, why),
      onTooMuch: () => this.#tooMuch(),
      onUnmapped: () =>
        this.#trouble.begin(
          'unread',
          `Redis at ${this.#nodes.shown} is a cluster whose user may not ask which server has what (CLUSTER SLOTS).`,
        ),
    });
    this.#writer = new RedisWriter({
      clock,
      after,
      seal: this.#seal,
      nodes: this.#nodes,
      closeLimits: closeLimits ?? usualCloseLimits,
      onWritten: () => {
        this.#nodes.worked();
        this.#trouble.end('unwritten');
      },
      onRefused: (why) => this.#refused('unwritten', why),
    });
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    const over = new AbortController();
    const silence = silenceOf(() => this.#nodes.bytes, this.#readLimits, over.signal);
    const state = await Promise.race([this.#readInto(found, keys, over.signal), silence]);
    over.abort();
    this.#hits += found.size;
    this.#misses += keys.length - found.size;
    if (state === 'late') {
      this.#late();
    } else if (state === 'answered') {
      this.#pause.wasQuick();
      this.#trouble.end('slow');
      this.#trouble.end('unread');
    }
    return found; // what comes later changes nothing
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
    if (asked.length === 0 || this.#pause.isOn) {
      return 'notAsked';
    }
    if (this.#waitsForConnection) {
      await this.#nodes.attempted;
    }
    if (over.aborted || !this.#nodes.isAnyReady) {
      return 'notAsked';
    }
    return readValues(asked, {
      nodes: this.#nodes,
      over,
      take: (key, raw) => this.#take(found, key, raw),
      onForeign: () => this.#reject(),
      onAnswered: () => this.#nodes.worked(),
      onRefused: (why) => this.#refused('unread', why),
    });
  }

  #take(found: Map<string, StoredValue>, key: string, raw: string): void {
    const decoded = decodeRedisValue(key, raw, this.#clock.now(), this.#seal);
    if (decoded.kind === 'found') {
      found.set(key, decoded.value);
    } else if (decoded.kind === 'rejected') {
      this.#reject();
    }
  }

  #reject(): void {
    if (this.#rejected++ === 0) {
      this.#log.warn(
        `Redis at ${this.#nodes.shown} holds values that were not kept with this PINWATCH_CACHE_KEY; they are not used.`,
      );
    }
  }

  #tooMuch(): void {
    this.#rejected++;
    if (!this.#hasSaidTooMuch) {
      this.#hasSaidTooMuch = true;
      const most = mostBytesUnanswered / 1024 / 1024;
      this.#log.warn(`Redis at ${this.#nodes.shown} answers with more than ${most} MB at once; that is not read.`);
    }
  }

  #late(): void {
    this.#waitsForConnection = false;
    if (!this.#nodes.isAnyReady) {
      this.#lost(this.#nodes.shown, 'it does not answer');
    } else {
      const seconds = this.#readLimits.silentMs / 1_000;
      this.#trouble.begin(
        'slow',
        `Redis at ${this.#nodes.shown} does not answer within ${seconds} s; it is left out for a while.`,
      );
    }
    const { silentMs } = this.#readLimits;
    // Timers of different beginnings: what has been silent for most of the time is what was waited for.
    const isAnyLeft = this.#nodes.giveUp(silentMs * 0.8);
    if (!isAnyLeft) {
      this.#pause.wasSlow();
    }
  }

  #lost(shown: string, why: string): void {
    if (this.#closing === undefined) {
      this.#trouble.begin('lost', `Redis at ${shown} cannot be used (${why}).`);
    }
  }

  /** A command was. Where the connection fails, its own event says so. */
  #refused(kind: 'unread' | 'unwritten', why: string): void {
    this.#trouble.begin(kind, `Redis at ${this.#nodes.shown} refuses what it is asked (${why}).`);
  }

  write(entries: readonly StoredEntry[]): void {
    this.#writer.add(entries);
  }

  async clear(): Promise<number> {
    const until = performance.now() + clearLimitMs;
    const counts = await Promise.all(this.#nodes.owners.map((node) => this.#clearNode(node, until)));
    return counts.reduce((sum, count) => sum + count, this.#writer.clear());
  }

  async #clearNode(node: RedisNodes['owners'][number], until: number): Promise<number> {
    let count = 0;
    try {
      let cursor = '0';
      do {
        const [next, keys] = node.isReady ? await node.keys(redisPrefix, cursor) : ['0', []];
        for (let from = 0; from < keys.length; from += keysAtOnce) {
          count += await node.remove(keys.slice(from, from + keysAtOnce));
        }
        cursor = next;
      } while (cursor !== '0' && performance.now() < until);
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError') {
        this.#refused('unwritten', whyOf(error));
      }
    }
    return count;
  }

  get figures(): TierFigures {
    return { ...figuresOf(this.#trouble), hits: this.#hits, misses: this.#misses, rejected: this.#rejected };
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#writer.close();
    this.#nodes.close();
  }
}

function figuresOf(trouble: RedisTrouble): TierFigures {
  return { entries: 0, bytes: 0, hits: 0, misses: 0, rejected: 0, trouble: trouble.message };
}

/** Gives nothing and takes nothing. */
function unused(trouble: RedisTrouble): RedisTier {
  let misses = 0;
  return {
    read: (keys) => {
      misses += keys.length;
      return Promise.resolve(new Map());
    },
    write: () => {},
    clear: () => Promise.resolve(0),
    get figures() {
      return { ...figuresOf(trouble), misses };
    },
    close: () => Promise.resolve(),
  };
}
