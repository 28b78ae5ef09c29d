import { eventTypes, type AffectedEntry, type RangeEvent } from './storedRecord.ts';
import type { VersionOrder } from './versionOrder.ts';

/** Whether an affected entry matches a version, by the rules of OSV's server. Prepares each entry once, when first asked. */
export class Matcher {
  private readonly order: VersionOrder;
  private readonly prepared = new WeakMap<AffectedEntry, PreparedEntry>();

  constructor(order: VersionOrder) {
    this.order = order;
  }

  /** An empty version stands for every version. */
  matches(entry: AffectedEntry, version: string): boolean {
    if (version === '') return true;
    // The service knows the order of PyPI versions only. Other ecosystems are there to be filtered out.
    if (entry.ecosystem !== 'PyPI') return entry.versions.includes(version);
    const { versions, ranges } = this.prepare(entry);
    return versions.has(this.order.canonical(version)) || ranges.some((events) => this.isInRange(version, events));
  }

  /** The highest event that is not above the version decides. */
  private isInRange(version: string, descendingEvents: readonly RangeEvent[]): boolean {
    for (const event of descendingEvents) {
      const place = this.order.compare(version, event.version);
      if (place < 0) continue;
      return event.type === 'introduced' || (place === 0 && event.type === 'last_affected');
    }
    return false;
  }

  private prepare(entry: AffectedEntry): PreparedEntry {
    const known = this.prepared.get(entry);
    if (known) return known;
    const descending = (left: RangeEvent, right: RangeEvent): number =>
      this.order.compare(right.version, left.version) || eventTypes.indexOf(right.type) - eventTypes.indexOf(left.type);
    const prepared: PreparedEntry = {
      versions: new Set(entry.versions.map((version) => this.order.canonical(version))),
      ranges: entry.ranges.map((events) => [...events].sort(descending)),
    };
    this.prepared.set(entry, prepared);
    return prepared;
  }
}

interface PreparedEntry {
  readonly versions: ReadonlySet<string>;
  readonly ranges: readonly (readonly RangeEvent[])[];
}
