import type { PackageName } from '../../core/packages/packageName.ts';
import { LRUCache } from 'lru-cache';
import { type Pin, pinKey } from '../../core/assessment/pin.ts';
import { decodeLicence, type Licence, readLicence } from '../../core/packages/licence.ts';
import type { LicenceState } from '../../core/rules/licenceRemarks.ts';
import { licenceKey } from '../store/cacheKey.ts';
import type { CacheTier } from '../store/cacheTier.ts';
import { Epoch } from '../epoch.ts';
import { type Clock, LookupError } from '../ports.ts';

/** The core metadata of releases (PEP 658). */
export interface MetadataIndex {
  /** The METADATA of a release; `undefined` where the index has none. Throws as `PackageIndex` does. */
  metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface LicenceParts {
  readonly index: MetadataIndex;
  /** The index's address: another one's answers are others. */
  readonly indexId: string;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly clock: Clock;
}

/** Failures are asked about again after this long. */
export const licenceRetryMs = 5 * 60_000;
const mostKept = 20_000;
const mostAtOnce = 6;
// What a release says of its licence never changes, but an index may come to serve what it did not.
const keptMs = 30 * 86_400_000;

type Held =
  | { readonly kind: 'known'; readonly licence: Licence }
  | { readonly kind: 'none' | 'failed'; readonly why: string; readonly at: number };

/** Licences of releases, each asked once and kept in memory and storage. A failure is known as such, and not kept. */
export class LicenceLibrary {
  readonly #parts: LicenceParts;
  readonly #held = new LRUCache<string, Held>({ max: mostKept });
  readonly #changes = new Epoch();

  constructor(parts: LicenceParts) {
    this.#parts = parts;
  }

  /** While it stays the same, `peek` says what it said before. */
  get revision(): number {
    return this.#changes.count;
  }

  peek(pin: Pin): LicenceState {
    const held = this.#held.get(pinKey(pin));
    if (held === undefined) {
      return { kind: 'pending' };
    }
    return held.kind === 'known' ? held : { kind: 'unknown', why: held.why };
  }

  /** Whether nothing is known of it, or what was known has failed long enough ago. */
  isOpen(pin: Pin): boolean {
    const held = this.#held.peek(pinKey(pin));
    return (
      held === undefined ||
      (held.kind === 'failed' && Math.abs(this.#parts.clock.now() - held.at) >= licenceRetryMs) ||
      (held.kind === 'none' && Math.abs(this.#parts.clock.now() - held.at) >= keptMs)
    );
  }

  /** Asks about those that are open. Resolves when each is known or has failed; rejects only with the signal's reason. */
  async ask(pins: readonly Pin[], signal: AbortSignal): Promise<void> {
    const open = new Map(pins.filter((pin) => this.isOpen(pin)).map((pin) => [pinKey(pin), pin]));
    for (const key of await this.#recall([...open.values()])) {
      open.delete(key);
    }
    const queue = [...open.values()];
    // A queue of our own: the index measures how long it takes to answer, not how long others wait for their turn.
    const work = async (): Promise<void> => {
      for (let pin = queue.shift(); pin !== undefined; pin = queue.shift()) {
        await this.#askOne(pin, signal);
      }
    };
    await Promise.all(Array.from({ length: mostAtOnce }, work));
  }

  /** What failed is asked about again at once. */
  retry(): void {
    // A copy: what is set moves to the front of what is gone through, which then has no end.
    for (const [key, held] of [...this.#held.entries()]) {
      if (held.kind !== 'known') {
        this.#held.set(key, { ...held, kind: 'failed', at: -Infinity });
      }
    }
  }

  clear(): void {
    this.#held.clear();
    this.#changes.next();
  }

  async #recall(pins: readonly Pin[]): Promise<ReadonlySet<string>> {
    const { tiers, indexId } = this.#parts;
    const found = new Set<string>();
    for (const tier of tiers) {
      const open = new Map(pins.filter((pin) => !found.has(pinKey(pin))).map((pin) => [licenceKey(pin, indexId), pin]));
      for (const [key, { json }] of open.size === 0 ? [] : await tier.read([...open.keys()])) {
        const [pin, licence] = [open.get(key), decodeLicence(json)];
        if (pin !== undefined && licence !== undefined) {
          this.#keep(pin, { kind: 'known', licence });
          found.add(pinKey(pin));
        }
      }
    }
    return found;
  }

  async #askOne(pin: Pin, signal: AbortSignal): Promise<void> {
    const { index, indexId, tiers, clock } = this.#parts;
    try {
      const metadata = await index.metadata(pin.name, pin.version, signal);
      const now = clock.now();
      if (metadata === undefined) {
        this.#keep(pin, { kind: 'none', why: 'the package index has no metadata of it', at: now });
        return;
      }
      const licence = readLicence(metadata);
      this.#keep(pin, { kind: 'known', licence });
      const entry = { key: licenceKey(pin, indexId), json: licence, checkedAt: now, maxAgeMs: keptMs };
      tiers.forEach((tier) => tier.write([entry]));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LookupError)) {
        throw error;
      }
      this.#keep(pin, { kind: 'failed', why: error.message.replace(/\.$/u, ''), at: clock.now() });
    }
  }

  #keep(pin: Pin, held: Held): void {
    this.#held.set(pinKey(pin), held);
    this.#changes.next();
  }
}
