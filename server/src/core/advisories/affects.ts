import type { PackageName } from '../packages/packageName.ts';
import { plainKey } from '../versions/orderKey.ts';
import { parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import type { Advisory, RangeEvent } from './advisory.ts';

/**
 * Whether the advisory tells of this version, exactly as OSV's server decides it: listed, or inside any range, in any
 * entry for the package. Ranges go by the order of versions, not by what pip's `<` would say: 2.0rc1 is below a fix in
 * 2.0, and 2.0+cu118 is above it. That a record is withdrawn plays no part here.
 */
export function affects(advisory: Advisory, name: PackageName, version: Version): boolean {
  const key = osvKey(version.normal);
  return advisory.affected.some(
    (entry) =>
      entry.name === name &&
      (entry.ranges.some((events) => isInRange(events, key)) ||
        entry.versions.some((listed) => osvKey(listed) === key)),
  );
}

/**
 * Where OSV sorts a version text. `0` as it stands is below everything, even 0.dev0; what is no PEP 440 version
 * (`2.9.0-NA`, seen in `last_affected`) comes next, and all versions after that.
 */
export function osvKey(text: string): string {
  return text === '0' ? '' : (plainKey(text) ?? parseVersion(text)?.key ?? legacyKey(text));
}

export interface PlacedEvent extends RangeEvent {
  readonly key: string;
}

/** The events of a range with their keys, lowest first; at one version in the order that OSV gives them. */
export function sortEvents(events: readonly RangeEvent[], keyOf = osvKey): readonly PlacedEvent[] {
  return events.map((event) => ({ ...event, key: keyOf(event.version) })).sort(compareEvents);
}

/** The highest event that is not above the version decides. Several `last_affected` in a row do exist. */
function isInRange(events: readonly RangeEvent[], key: string): boolean {
  let decisive: PlacedEvent | undefined;
  for (const event of events) {
    const placed = { ...event, key: osvKey(event.version) };
    if (placed.key <= key && (decisive === undefined || compareEvents(placed, decisive) > 0)) {
      decisive = placed;
    }
  }
  switch (decisive?.kind) {
    case 'introduced':
      return true;
    case 'lastAffected':
      return decisive.key === key;
    case 'fixed':
    case 'limit':
    case undefined:
      return false;
  }
}

function compareEvents(a: PlacedEvent, b: PlacedEvent): number {
  return a.key === b.key ? eventRanks[a.kind] - eventRanks[b.kind] : a.key < b.key ? -1 : 1;
}

const eventRanks: Readonly<Record<RangeEvent['kind'], number>> = { introduced: 0, lastAffected: 1, fixed: 2, limit: 3 };

/** How setuptools ordered versions before PEP 440. The exclamation mark is below every key of a proper version. */
function legacyKey(text: string): string {
  const parts: string[] = [];
  for (const found of [...(text.toLowerCase().match(/\d+|[a-z]+|-/g) ?? []), 'final']) {
    const part = /^\d/.test(found) ? found.padStart(8, '0') : `*${legacyWords.get(found) ?? found}`;
    if (part.startsWith('*')) {
      while (part < '*final' && parts.at(-1) === '*final-') {
        parts.pop();
      }
      while (parts.at(-1) === '00000000') {
        parts.pop();
      }
    }
    parts.push(part);
  }
  return `!${parts.join('')}`;
}

const legacyWords: ReadonlyMap<string, string> = new Map([
  ['pre', 'c'],
  ['preview', 'c'],
  ['rc', 'c'],
  ['dev', '@'],
  ['-', 'final-'],
]);
