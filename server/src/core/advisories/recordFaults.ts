import { normalizeName } from '../packages/packageName.ts';

/**
 * What in a record about packages and versions has the wrong shape, for people. Decoding passes over it, which is right
 * for a record that OSV has matched already; here a package would go unmatched without a word.
 */
export function recordFaults(record: unknown): readonly string[] {
  const affected = optional(record, 'affected');
  const faults: string[] = [];
  const withdrawn = optional(record, 'withdrawn');
  if (withdrawn !== undefined && withdrawn !== '' && !isInstant(withdrawn)) {
    faults.push('"withdrawn" is no time, so it counts as live');
  }
  if (affected === undefined) {
    return faults;
  }
  if (!Array.isArray(affected)) {
    return [...faults, '"affected" is no list'];
  }
  affected.forEach((entry: unknown, index) => faults.push(...entryFaults(entry, `affected[${index}]`)));
  return faults;
}

/** Whether OSV took the record back: only a time says so. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/u.test(value) && !Number.isNaN(Date.parse(value));
}

const ecosystemRanges: readonly unknown[] = ['ECOSYSTEM', 'SEMVER'];
const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'];

function entryFaults(entry: unknown, at: string): readonly string[] {
  if (!isObject(entry)) {
    return [`${at} is no object`];
  }
  const described = optional(entry, 'package');
  if (described === undefined) {
    return []; // about a repository, not about a package
  }
  const ecosystem = optional(described, 'ecosystem');
  if (typeof ecosystem !== 'string') {
    return [`${at} does not say of which ecosystem its package is`];
  }
  if (!/^PyPI(:|$)/u.test(ecosystem)) {
    return [];
  }
  const name = optional(described, 'name');
  if (typeof name !== 'string' || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/u.test(normalizeName(name))) {
    return [`${at} has no usable package name`];
  }
  return [...versionFaults(optional(entry, 'versions'), at), ...rangesFaults(optional(entry, 'ranges'), at)];
}

function versionFaults(versions: unknown, at: string): readonly string[] {
  if (versions === undefined) {
    return [];
  }
  return Array.isArray(versions) && versions.every(isVersion) ? [] : [`${at}.versions is no list of versions`];
}

function rangesFaults(ranges: unknown, at: string): readonly string[] {
  if (ranges === undefined) {
    return [];
  }
  return Array.isArray(ranges) && ranges.every(isRange) ? [] : [`${at}.ranges has a range that cannot be read`];
}

function isRange(range: unknown): boolean {
  const type = optional(range, 'type');
  const events = optional(range, 'events');
  return type === 'GIT' || (ecosystemRanges.includes(type) && Array.isArray(events) && events.every(isEvent));
}

function isEvent(event: unknown): boolean {
  const versions = eventKinds.map((kind) => optional(event, kind)).filter((version) => version !== undefined);
  return versions.length > 0 && versions.every((version) => isVersion(version) && version !== '');
}

/** Anything that can be compared, PEP 440 or not; somebody may have left the quotes off. */
function isVersion(value: unknown): boolean {
  return typeof value === 'string' || Number.isFinite(value);
}

/** An own property; null counts as absent, as it does for OSV. */
function optional(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
