import type { Redis, RedisOptions } from 'ioredis';
import { setTimeout } from 'node:timers/promises';
import { backoffMs } from '../../../../engine/backoff.ts';
import { type After, afterReal } from '../after.ts';
import type { RedisAddress, RedisHost } from './redisAddress.ts';
import { RedisNode, whyOf } from './redisNode.ts';
import { decodeSlots, slotCount, slotOf, type SlotRange } from './redisSlots.ts';

/** Certificates in PEM; the system's are trusted where `ca` is absent. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface NodesEvents {
  /** Every server that has something can be asked. */
  onReady(): void;
  onLost(shown: string, why: string): void;
  onTooMuch(): void;
  /** A cluster, and its user may not ask which server has what. */
  onUnmapped(): void;
}

const backoff = { firstMs: 250, longestMs: 30_000, spread: [0.75, 1] } as const;
const lookAgain = { firstMs: 250, longestMs: 5_000 } as const;
const slotsLimitMs = 1_000;
const attemptLimitMs = 3_000;

/**
 * The server at the address, or the servers of the cluster that it belongs to, and which of them has a key. Which it is
 * shows when the first one has answered. After a loss or a failover the cluster is asked again.
 */
export class RedisNodes {
  readonly #address: RedisAddress;
  readonly #events: NodesEvents;
  readonly #after: After;
  readonly #nodes = new Map<string, RedisNode>();
  readonly #options: RedisOptions;
  /** By slot, of a cluster; the one node otherwise; `undefined` until one has answered. */
  #owners: readonly (RedisNode | undefined)[] | RedisNode | undefined;
  #hasMoved = false;
  #makeRedis: ((options: RedisOptions) => Redis) | undefined;
  #refreshing: Promise<void> | undefined;
  #cancelLook: (() => void) | undefined;
  #looks = 0;
  #failed = 0;
  #isClosed = false;
  /** Settles when it is known who can be asked, as far as that can be known at once. */
  readonly attempted: Promise<void>;

  constructor(address: RedisAddress, tls: RedisTls, events: NodesEvents, after: After = afterReal) {
    this.#address = address;
    this.#events = events;
    this.#after = after;
    const { username, password, database: db, usesTls } = address;
    this.#options = {
      db,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(usesTls ? { tls: { ...tls } } : {}),
    };
    this.attempted = this.#begin();
  }

  get shown(): string {
    return this.#address.shown;
  }

  /** Bytes of all that has come: whether anybody says anything. */
  get bytes(): number {
    return [...this.#nodes.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Those that keys are kept on. */
  get owners(): readonly RedisNode[] {
    const owners = this.#owners instanceof RedisNode ? [this.#owners] : (this.#owners ?? []);
    return [...new Set(owners)].flatMap((node) => node ?? []);
  }

  get isAnyReady(): boolean {
    return this.owners.some(({ isReady }) => isReady);
  }

  /** `undefined` where the key cannot be had now. */
  ownerOf(key: string): RedisNode | undefined {
    const owner = this.#owners instanceof RedisNode ? this.#owners : this.#owners?.[slotOf(key)];
    return owner?.isReady === true ? owner : undefined;
  }

  /** Something is not where it was thought to be: asks who has what. */
  moved(): Promise<void> {
    this.#hasMoved = true;
    return this.refresh();
  }

  /** Asks who has what. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Connections over which nothing has come for so long are made again: what was asked is lost. Whether others are left. */
  giveUp(silentMs: number): boolean {
    const isUseless = (node: RedisNode): boolean => !node.isReady || node.isSilent(silentMs);
    const isAnyLeft = this.owners.some((node) => !isUseless(node));
    [...this.#nodes.values()].filter(isUseless).forEach((node) => node.giveUp());
    return isAnyLeft;
  }

  /** An answer has come: the next loss is a first one. */
  worked(): void {
    this.#failed = 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    this.#nodes.forEach((node) => node.close());
  }

  async #begin(): Promise<void> {
    try {
      const { Redis } = await import('ioredis');
      this.#makeRedis = (options) => new Redis(options);
    } catch (error) {
      this.#events.onLost(this.shown, whyOf(error));
      return;
    }
    if (this.#isClosed) {
      return;
    }
    const seeds = this.#address.hosts.map((host) => this.#nodeAt(host));
    const anyReady = seeds.map(async (node) => {
      await node.attempted;
      await (node.isReady ? this.refresh() : Promise.reject(new Error()));
    });
    await Promise.any(anyReady).catch(() => {}); // said by the events
  }

  #nodeAt(host: RedisHost): RedisNode {
    const id = `${host.host}\n${host.port}`;
    const known = this.#nodes.get(id);
    if (known !== undefined) {
      return known;
    }
    const makeRedis = this.#makeRedis;
    if (makeRedis === undefined) {
      throw new Error('no client was loaded');
    }
    const node: RedisNode = new RedisNode(host, makeRedis, this.#options, {
      onReady: () => this.#ready(),
      onLost: (why) => this.#lost(node, why),
      onTooMuch: () => this.#events.onTooMuch(),
      reconnectDelayMs: () => backoffMs(backoff, this.#failed++, Math.random()),
    });
    this.#nodes.set(id, node);
    return node;
  }

  #ready(): void {
    if (this.#owners === undefined) {
      void this.refresh();
    } else {
      this.#sayIfReady();
    }
  }

  #lost(node: RedisNode, why: string): void {
    const bears = this.#owners === undefined || this.owners.includes(node);
    if (this.#isClosed || !bears) {
      return;
    }
    this.#events.onLost(node.shown, why);
    this.#lookSoon();
  }

  #sayIfReady(): void {
    if (this.owners.length > 0 && this.owners.every(({ isReady }) => isReady)) {
      this.#looks = 0;
      this.#events.onReady();
    }
  }

  /** A failover takes seconds, and nobody says when it is over. A server alone comes back by itself. */
  #lookSoon(): void {
    if (this.#isClosed || this.#owners instanceof RedisNode) {
      return;
    }
    this.#cancelLook ??= this.#after(backoffMs(lookAgain, this.#looks++), () => {
      this.#cancelLook = undefined;
      void this.refresh().then(() => {
        if (!this.owners.every(({ isReady }) => isReady)) {
          this.#lookSoon();
        }
      });
    });
  }

  async #refresh(): Promise<void> {
    for (const node of [...this.#nodes.values()].filter(({ isReady }) => isReady)) {
      const late = { kind: 'lost' } as const;
      const answer = await Promise.race([node.slots(), setTimeout(slotsLimitMs, late, { ref: false })]);
      if (answer.kind === 'refused' && !Array.isArray(this.#owners)) {
        this.#owners ??= node;
        if (this.#hasMoved) {
          this.#events.onUnmapped();
        }
        this.#sayIfReady();
        return;
      }
      const ranges = answer.kind === 'value' ? decodeSlots(answer.value, node.host) : undefined;
      if (ranges !== undefined && ranges.length > 0 && !this.#isClosed) {
        await this.#use(ranges);
        return;
      }
    }
  }

  async #use(ranges: readonly SlotRange[]): Promise<void> {
    const owners: (RedisNode | undefined)[] = Array.from({ length: slotCount });
    for (const { from, to, host, port } of ranges) {
      owners.fill(this.#nodeAt({ host, port }), from, to + 1);
    }
    this.#owners = owners;
    const kept = new Set<RedisNode>([...this.owners, ...this.#address.hosts.map((host) => this.#nodeAt(host))]);
    for (const [id, node] of this.#nodes) {
      if (!kept.has(node)) {
        this.#nodes.delete(id);
        node.close();
      }
    }
    const attempted = Promise.all(this.owners.map((owner) => owner.attempted));
    await Promise.race([attempted, setTimeout(attemptLimitMs, undefined, { ref: false })]);
    this.#sayIfReady();
  }
}
