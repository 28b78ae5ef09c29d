export type JsonObject = { readonly [key: string]: unknown };

/** An OSV record with the parts the service matches on read out, and the whole as it is answered. */
export interface StoredRecord {
  readonly id: string;
  readonly modified: string;
  readonly isWithdrawn: boolean;
  readonly aliases: readonly string[];
  readonly affected: readonly AffectedEntry[];
  readonly json: JsonObject;
  /** Characters of its JSON. */
  readonly size: number;
}

export interface AffectedEntry {
  readonly ecosystem: string;
  /** Normalised for PyPI, as written for others. */
  readonly name: string;
  readonly versions: readonly string[];
  /** The ranges of type ECOSYSTEM and SEMVER; GIT ranges take no part in a version query. */
  readonly ranges: readonly (readonly RangeEvent[])[];
}

export interface RangeEvent {
  readonly type: EventType;
  readonly version: string;
}

export type EventType = (typeof eventTypes)[number];

/** In the order they count at one and the same version. */
export const eventTypes = ['introduced', 'last_affected', 'fixed', 'limit'] as const;

/** Throws an `Error` that names what is wrong; the caller adds where. */
export function storedRecord(value: unknown): StoredRecord {
  if (!isObject(value)) throw new Error('not a JSON object');
  const { id, modified, withdrawn } = value;
  if (typeof id !== 'string' || id === '') throw new Error('no "id"');
  if (typeof modified !== 'string' || Number.isNaN(Date.parse(modified)))
    throw new Error(`${id} has no "modified" time`);
  return {
    id,
    modified,
    isWithdrawn: typeof withdrawn === 'string' && withdrawn !== '',
    aliases: strings(value['aliases']),
    affected: list(value['affected']).flatMap(affectedEntry),
    json: value,
    size: JSON.stringify(value).length,
  };
}

/** PEP 503. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function affectedEntry(value: unknown): AffectedEntry[] {
  if (!isObject(value) || !isObject(value['package'])) return [];
  const { ecosystem, name } = value['package'];
  if (typeof ecosystem !== 'string' || typeof name !== 'string') return [];
  return [
    {
      ecosystem,
      name: ecosystem === 'PyPI' ? normalizedName(name) : name,
      versions: strings(value['versions']),
      ranges: list(value['ranges']).flatMap(rangeEvents),
    },
  ];
}

function rangeEvents(range: unknown): (readonly RangeEvent[])[] {
  if (!isObject(range) || (range['type'] !== 'ECOSYSTEM' && range['type'] !== 'SEMVER')) return [];
  const events = list(range['events']).flatMap((event) =>
    eventTypes.flatMap((type) => {
      const version = isObject(event) ? event[type] : undefined;
      return typeof version === 'string' && version !== '' ? [{ type, version }] : [];
    }),
  );
  return events.length > 0 ? [events] : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown): readonly string[] {
  return list(value).filter((entry) => typeof entry === 'string');
}
