import { VersionOrder } from '../../osv-service/versionOrder.ts';
import { createNaiveOrder } from '../core/advisories/naiveVersions.ts';

/** What a record says of one package, as it stands in its JSON. */
export interface NaiveEntry {
  readonly versions?: readonly string[];
  readonly ranges?: readonly { readonly type: string; readonly events?: readonly Readonly<Record<string, string>>[] }[];
}

/**
 * OSV's matching rule a second time and another way, sharing nothing with the engine: every version that is spoken of is
 * given its place in one sorted list, and events are walked upwards from the lowest, each switching the state.
 */
export class NaiveMatching {
  readonly #places = new Map<string, number>();
  readonly #noVersions = new Set<string>();

  /** `versions` are all those that will be asked about or are named by the records. */
  constructor(versions: Iterable<string>) {
    const naive = createNaiveOrder();
    const lowest = '0.dev0';
    const unparsed = new VersionOrder();
    // The naive order takes all that is no version for alike; among these OSV's own text key decides.
    const compare = (a: string, b: string): number =>
      naive(a, b) || (a !== '0' && naive(a, lowest) < 0 ? unparsed.compare(a, b) : 0);
    let place = 0;
    let before: string | undefined;
    for (const version of [...new Set(versions)].sort(compare)) {
      place += before !== undefined && compare(before, version) === 0 ? 0 : 1;
      this.#places.set(version, place);
      if (version !== '0' && naive(version, lowest) < 0) {
        this.#noVersions.add(version);
      }
      before = version;
    }
  }

  /** By PEP 440, as the naive order reads it: below 0.dev0 there is nothing else. */
  isNoVersion(text: string): boolean {
    return this.#noVersions.has(text);
  }

  isAffected(entries: readonly NaiveEntry[], version: string): boolean {
    const asked = this.#place(version);
    return entries.some(
      ({ versions = [], ranges = [] }) =>
        versions.some((listed) => this.#place(listed) === asked) ||
        ranges.some(({ type, events = [] }) => type !== 'GIT' && this.#isInside(events, asked)),
    );
  }

  #isInside(events: readonly Readonly<Record<string, string>>[], asked: number): boolean {
    let isInside = false;
    const placed = events.flatMap((event) =>
      Object.entries(event).map(([kind, version]) => ({ place: this.#place(version), rank: ranks.indexOf(kind) })),
    );
    for (const { place, rank } of placed.sort((a, b) => a.place - b.place || a.rank - b.rank)) {
      if (place <= asked) {
        isInside = rank === 0 || (rank === 1 && place === asked);
      }
    }
    return isInside;
  }

  #place(version: string): number {
    const place = this.#places.get(version);
    if (place === undefined) {
      throw new Error(`${version} has no place`);
    }
    return place;
  }
}

const ranks = ['introduced', 'last_affected', 'fixed', 'limit'];
