import { setTimeout } from 'node:timers/promises';
import type { StoredEntry } from '../../../../engine/store/cacheTier.ts';
import type { Clock } from '../../../../engine/ports.ts';
import type { After } from '../after.ts';
import { encodeEntry } from '../encodedEntry.ts';
import type { NodeAnswer, RedisNode, RedisSetting } from './redisNode.ts';
import type { RedisNodes } from './redisNodes.ts';
import { encodeRedisValue, redisKey } from './redisValue.ts';
import type { RowSeal } from '../rowSeal.ts';
import { silenceOf, type SilenceLimits } from './redisSilence.ts';
import { WriteQueue } from '../writeQueue.ts';

const writeDelayMs = 50;
const retryDelayMs = 250;
const sliceMs = 8;
const entriesPerBatch = 500;
// What a tree of thousands of files has. Without a connection memory has to hold them, for who knows how long.
const mostQueued = 100_000;
const mostQueuedUnconnected = 2_000;
const mostCharacters = 4 * 1024 * 1024;

export interface RedisWriterOptions {
  readonly clock: Clock;
  readonly after: After;
  readonly seal: RowSeal;
  readonly nodes: RedisNodes;
  /** How long the end may take. */
  readonly closeLimits: SilenceLimits;
  readonly onWritten: () => void;
  readonly onRefused: (why: string) => void;
}

/** Writes what is queued in the background, batch by batch. What cannot be written now waits for its server. */
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
      if (!this.#options.nodes.isAnyReady) {
        this.#queue.trim(mostQueuedUnconnected);
      }
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
  schedule(delayMs = writeDelayMs): void {
    if (this.#isClosing || this.#queue.size === 0) {
      return;
    }
    this.#cancelTimer ??= this.#options.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  /** Writes the rest, as long as somebody takes it and the end may take. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelTimer?.();
    const { nodes, closeLimits } = this.#options;
    const over = new AbortController();
    const writeRest = async (): Promise<void> => {
      await this.#writing;
      while (this.#queue.size > 0 && nodes.isAnyReady && !over.signal.aborted) {
        await this.#writeAll();
        if (this.#queue.size > 0) {
          await setTimeout(retryDelayMs, undefined, { signal: over.signal }).catch(() => {});
        }
      }
    };
    await Promise.race([writeRest(), silenceOf(() => nodes.bytes, closeLimits, over.signal)]);
    over.abort();
    this.#queue.clear();
  }

  /** One batch after the other, so that a server that is slow does not have more and more to do. */
  async #writeAll(): Promise<void> {
    const { nodes } = this.#options;
    let state: 'written' | 'waits' | 'moved';
    do {
      state = await this.#writeBatch();
    } while (state === 'written' && this.#queue.size > 0);
    if (state === 'moved') {
      await nodes.moved();
    }
    if (nodes.isAnyReady) {
      this.schedule(retryDelayMs);
    }
  }

  /** `waits`: for its server. `moved`: it has another one now. */
  async #writeBatch(): Promise<'written' | 'waits' | 'moved'> {
    const { taken, sent } = this.#nextBatch();
    if (taken === 0) {
      return 'waits';
    }
    let state: 'written' | 'waits' | 'moved' = 'written';
    const write = async (node: RedisNode, batch: readonly Sending[]): Promise<void> => {
      const answers = await node.set(batch.map(({ setting }) => setting));
      for (const [index, { entry }] of batch.entries()) {
        const { kind } = this.#take(answers[index] ?? { kind: 'lost' });
        if (kind === 'lost' || kind === 'elsewhere') {
          this.#queue.addOld(entry);
          state = kind === 'elsewhere' ? 'moved' : 'waits';
        }
      }
    };
    await Promise.all([...sent].map(([node, batch]) => write(node, batch)));
    return state;
  }

  /** Takes from the queue what can be written now. */
  #nextBatch(): { readonly taken: number; readonly sent: ReadonlyMap<RedisNode, readonly Sending[]> } {
    const { clock, nodes, seal } = this.#options;
    const until = performance.now() + sliceMs;
    const sent = new Map<RedisNode, Sending[]>();
    const taken: StoredEntry[] = [];
    for (const entry of this.#queue.entries()) {
      const node = nodes.ownerOf(redisKey(entry.key));
      if (node === undefined) {
        continue;
      }
      const now = clock.now();
      const encoded = encodeEntry(entry, now, mostCharacters, seal);
      taken.push(entry);
      if (encoded !== undefined) {
        const { key, expiresAt } = encoded;
        const setting = { key: redisKey(key), value: encodeRedisValue(encoded), keptMs: expiresAt - now };
        const own = sent.get(node) ?? [];
        own.push({ entry, setting });
        sent.set(node, own);
      }
      if (taken.length >= entriesPerBatch || performance.now() > until) {
        break;
      }
    }
    this.#queue.remove(taken);
    return { taken: taken.length, sent };
  }

  #take(answer: NodeAnswer): NodeAnswer {
    if (answer.kind === 'refused') {
      this.#options.onRefused(answer.why);
    } else if (answer.kind === 'value') {
      this.#options.onWritten();
    }
    return answer;
  }
}

interface Sending {
  readonly entry: StoredEntry;
  readonly setting: RedisSetting;
}
