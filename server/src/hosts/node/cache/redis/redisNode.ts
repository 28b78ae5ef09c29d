import type { ChainableCommander, Redis, RedisOptions } from 'ioredis';
import { errorCode } from '../../files/errorCode.ts';
import type { RedisHost } from './redisAddress.ts';

export interface NodeEvents {
  onReady(): void;
  /** Why, in a word or code: never the server's text, never an argument. */
  onLost(why: string): void;
  /** More has come at once than is read; the connection is made again. */
  onTooMuch(): void;
  /** How long to wait before the next attempt. */
  reconnectDelayMs(): number;
}

/** What a server said to one command. `elsewhere`: another one may answer it. `lost`: there is no connection. */
export type NodeAnswer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'elsewhere' | 'lost' }
  | { readonly kind: 'refused'; readonly why: string };

/** What we keep ourselves under some hundred keys has some megabytes; others may keep values of any size under them. */
export const mostBytesUnanswered = 128 * 1024 * 1024;
// For a connection that hangs while nobody waits for it. Long, since a busy machine reads late.
const silentTimeoutMs = 10_000;
// The client's own is 2 s, and holds up the end of the process where there is no connection to close.
const disconnectTimeoutMs = 100;

/** One server and the connection to it, which is made again when it is lost. What is sent without one is `lost` at once. */
export class RedisNode {
  readonly host: RedisHost;
  readonly shown: string;
  /** Settles when the first attempt to connect has succeeded or failed. */
  readonly attempted: Promise<void>;
  readonly #redis: Redis;
  #bytes = 0;
  #unanswered = 0;
  #inProgress = 0;
  /** When it last said something, or was first asked after an answer. */
  #heardAt = performance.now();

  /** Begins to connect. `makeRedis` comes from a module that is loaded only where it is needed. */
  constructor(host: RedisHost, makeRedis: (options: RedisOptions) => Redis, options: RedisOptions, events: NodeEvents) {
    this.host = host;
    this.shown = host.host.includes(':') ? `[${host.host}]:${host.port}` : `${host.host}:${host.port}`;
    const redis = makeRedis({
      ...options,
      ...host,
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      enableReadyCheck: false,
      disableClientInfo: true,
      connectTimeout: silentTimeoutMs,
      socketTimeout: silentTimeoutMs,
      disconnectTimeout: disconnectTimeoutMs,
      retryStrategy: () => events.reconnectDelayMs(),
    });
    this.#redis = redis;
    this.attempted = new Promise((resolve) => {
      redis.on('connect', () => {
        const { stream } = redis;
        stream.on('data', ({ length }: Buffer) => this.#received(length, events));
      });
      redis.on('ready', () => {
        events.onReady();
        resolve();
      });
      redis.on('error', (error: unknown) => {
        events.onLost(whyOf(error));
        resolve();
      });
      redis.on('close', () => {
        events.onLost('the connection was closed');
        resolve();
      });
    });
    redis.connect().catch(() => {}); // told by the events
  }

  get isReady(): boolean {
    return this.#redis.status === 'ready';
  }

  /** How many have come in all: whether it says anything. */
  get bytes(): number {
    return this.#bytes;
  }

  /** It has been asked, and has not said anything for so long. */
  isSilent(forMs: number): boolean {
    return this.#inProgress > 0 && performance.now() - this.#heardAt >= forMs;
  }

  /** In one piece; an answer for each key. */
  async get(keys: readonly string[]): Promise<readonly NodeAnswer[]> {
    const pipeline = this.#redis.pipeline();
    keys.forEach((key) => pipeline.get(key));
    return this.#answers(pipeline);
  }

  /** In one piece; an answer for each. */
  async set(values: readonly RedisSetting[]): Promise<readonly NodeAnswer[]> {
    const pipeline = this.#redis.pipeline();
    values.forEach(({ key, value, keptMs }) => pipeline.set(key, value, 'PX', keptMs));
    return this.#answers(pipeline);
  }

  /** Removes them; how many there were. */
  async remove(keys: readonly string[]): Promise<number> {
    const pipeline = this.#redis.pipeline();
    keys.forEach((key) => pipeline.unlink(key));
    const answers = await this.#answers(pipeline);
    return answers.filter((answer) => answer.kind === 'value' && answer.value === 1).length;
  }

  /** Some of the keys with this beginning, and where to go on. Throws what the client does. */
  async keys(prefix: string, cursor: string): Promise<readonly [cursor: string, keys: readonly string[]]> {
    return this.#redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 500);
  }

  /** Which server of a cluster has which keys. */
  async slots(): Promise<NodeAnswer> {
    try {
      return { kind: 'value', value: await this.#redis.cluster('SLOTS') };
    } catch (error) {
      return answerOf(error);
    }
  }

  /** It is silent: the connection is made again, and what was asked over it is lost. */
  giveUp(): void {
    (this.#redis.stream as Redis['stream'] | undefined)?.destroy();
  }

  close(): void {
    this.#redis.disconnect();
  }

  #received(bytes: number, events: NodeEvents): void {
    this.#heardAt = performance.now();
    this.#bytes += bytes;
    this.#unanswered += bytes;
    if (this.#unanswered > mostBytesUnanswered) {
      this.#unanswered = 0;
      this.giveUp();
      events.onTooMuch();
    }
  }

  async #answers(pipeline: ChainableCommander): Promise<readonly NodeAnswer[]> {
    if (this.#inProgress++ === 0) {
      this.#heardAt = performance.now();
    }
    try {
      const results = (await pipeline.exec()) ?? [];
      return results.map(([error, value]) => (error === null ? { kind: 'value', value } : answerOf(error)));
    } finally {
      this.#inProgress--;
      this.#unanswered = 0;
    }
  }
}

export interface RedisSetting {
  readonly key: string;
  readonly value: string;
  readonly keptMs: number;
}

function answerOf(error: unknown): NodeAnswer {
  if (!(error instanceof Error && error.name === 'ReplyError')) {
    return { kind: 'lost' };
  }
  return /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|MASTERDOWN|LOADING)\b/u.test(error.message)
    ? { kind: 'elsewhere' }
    : { kind: 'refused', why: whyOf(error) };
}

/** What went wrong, without anything that may be secret or hostile. */
export function whyOf(error: unknown): string {
  const code = errorCode(error);
  if (code !== '') {
    return code;
  }
  const message = error instanceof Error ? error.message : '';
  // A reply of the server begins with a word such as WRONGPASS, NOAUTH, OOM.
  return (
    /^[A-Z]{2,20}(?= |$)/u.exec(message)?.[0] ?? (/time(?:d )?out/iu.test(message) ? 'it does not answer' : 'it failed')
  );
}
