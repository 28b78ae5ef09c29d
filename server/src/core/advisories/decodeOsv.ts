import type { Advisory, AffectedPackage, RangeEvent, Reference, SeverityBand, SeverityVector } from './advisory.ts';
import { normalizeName } from '../packages/packageName.ts';
import { withoutIntroduction } from './introduction.ts';
import { isInstant } from './recordFaults.ts';
import { oneLine, plainText, truncate } from '../text/outsideText.ts';

/** What came of decoding a record; `problem` says, for people, what about it cannot be used. */
export type DecodedAdvisory =
  | { readonly advisory: Advisory; readonly problem?: undefined }
  | { readonly problem: string; readonly advisory?: undefined };

/**
 * An OSV record (schema 1.x) from outside. Unknown fields are skipped; a field of the wrong shape counts as missing,
 * and only a record without a usable id is refused: whatever else is wrong with it, OSV said that it matches.
 */
export function decodeOsv(json: unknown): DecodedAdvisory {
  const id = asId(field(json, 'id'));
  if (id === undefined) {
    return { problem: 'The advisory record has no usable id.' };
  }
  const entries = list(field(json, 'affected')).filter(isPyPI);
  const summary = oneLine(asText(field(json, 'summary')));
  const published = asText(field(json, 'published'));
  const withdrawn = field(json, 'withdrawn');
  const cwes = list(field(field(json, 'database_specific'), 'cwe_ids'))
    .filter(isCwe)
    .slice(0, maxCwes);
  const label = asLabel(field(field(json, 'database_specific'), 'severity'));
  return {
    advisory: {
      id,
      aliases: list(field(json, 'aliases')).flatMap((alias) => asId(alias) ?? []),
      modified: asText(field(json, 'modified')),
      ...(published === '' ? {} : { published }),
      ...(isInstant(withdrawn) ? { withdrawn } : {}), // anything else takes nothing back
      summary: truncate(
        summary === '' ? withoutIntroduction(firstLine(asText(field(json, 'details')))) : summary,
        maxSummaryLength,
      ),
      severities: [json, ...entries].flatMap((holder) => list(field(holder, 'severity')).flatMap(asSeverity)),
      ...(cwes.length === 0 ? {} : { cwes }),
      ...(label === undefined ? {} : { label }),
      affected: entries.map(toAffected),
      references: list(field(json, 'references')).flatMap(asReference).slice(0, maxReferences),
    },
  };
}

const maxSummaryLength = 300;
// A summary is sought no further.
const maxDetailsLength = 4_000;
const maxReferences = 50;
const maxCwes = 30;
const maxUrlLength = 2_000;
// OSV itself refuses to look up longer ones.
const maxIdLength = 100;

/** An own property, so that `__proto__` and the like are only ever data. */
function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asId(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= maxIdLength && /^[A-Za-z0-9][\w.:@+-]*$/.test(value)
    ? value
    : undefined;
}

/** A version, also where somebody left its quotes off. */
function asVersion(value: unknown): string | undefined {
  return typeof value === 'string' ? value : Number.isFinite(value) ? String(value) : undefined;
}

/** Other ecosystems may stand in the same record; `PyPI:…` would be a part of PyPI. */
function isPyPI(entry: unknown): boolean {
  const ecosystem = field(field(entry, 'package'), 'ecosystem');
  const name = field(field(entry, 'package'), 'name');
  return typeof name === 'string' && typeof ecosystem === 'string' && /^PyPI(:|$)/.test(ecosystem);
}

function toAffected(entry: unknown): AffectedPackage {
  return {
    name: normalizeName(asText(field(field(entry, 'package'), 'name'))),
    versions: list(field(entry, 'versions')).flatMap((version) => asVersion(version) ?? []),
    ranges: list(field(entry, 'ranges'))
      .filter((range) => ['ECOSYSTEM', 'SEMVER'].includes(asText(field(range, 'type'))))
      .map((range) => list(field(range, 'events')).flatMap(asEvents)),
  };
}

const eventKinds = [
  ['introduced', 'introduced'],
  ['fixed', 'fixed'],
  ['last_affected', 'lastAffected'],
  ['limit', 'limit'],
] as const;

function asEvents(event: unknown): readonly RangeEvent[] {
  return eventKinds.flatMap(([key, kind]) => {
    const version = asVersion(field(event, key));
    return version === undefined || version === '' ? [] : [{ kind, version }];
  });
}

function asSeverity(value: unknown): readonly SeverityVector[] {
  const type = field(value, 'type');
  const vector = field(value, 'score');
  return typeof type === 'string' && typeof vector === 'string' && vector.length <= maxUrlLength
    ? [{ type: oneLine(type), vector: oneLine(vector) }]
    : [];
}

function isCwe(value: unknown): value is string {
  return typeof value === 'string' && /^CWE-[1-9]\d{0,5}$/u.test(value);
}

function asLabel(value: unknown): SeverityBand | undefined {
  switch (asText(value).toUpperCase()) {
    case 'LOW':
      return 'low';
    case 'MODERATE':
    case 'MEDIUM':
      return 'medium';
    case 'HIGH':
      return 'high';
    case 'CRITICAL':
      return 'critical';
    default:
      return undefined;
  }
}

/** Web addresses only: they become links. */
function asReference(value: unknown): readonly Reference[] {
  const url = asText(field(value, 'url'));
  return url.length <= maxUrlLength && /^https?:\/\/[\x21-\x7e]+$/i.test(url)
    ? [{ type: truncate(oneLine(asText(field(value, 'type'))), maxIdLength), url }]
    : [];
}

/** The first line that says something, without the mark of a Markdown heading. */
function firstLine(details: string): string {
  for (const line of plainText(details.slice(0, maxDetailsLength)).split('\n')) {
    const text = oneLine(line.replace(/^\s*#+\s+/, ''));
    if (/[\p{L}\p{N}]/u.test(text)) {
      return text;
    }
  }
  return '';
}
