import { isPin, type Lookup, lookupKey, versionRange } from '../../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../core/assessment/outcome.ts';
import { normalizeName, type PackageName } from '../../core/packages/packageName.ts';
import type { Outcomes, Scanner } from '../lookup/scanner.ts';

/** What is still to be asked: a release, or without `version` all that is known of a package. */
export interface PendingLookup {
  readonly name: string;
  readonly version?: string;
}

/** Look-ups that outlive the process, until they are done. Nothing throws; where it cannot keep them it keeps nothing. */
export interface PendingLookups {
  add(items: readonly PendingLookup[]): Promise<number>;
  /** The oldest, for a while nobody else's. What is not `done` by then comes again. */
  take(limit: number): Promise<readonly PendingLookup[]>;
  done(items: readonly PendingLookup[]): Promise<void>;
  /** How many wait. */
  size(): Promise<number>;
  /** When the one that waits longest was added, milliseconds since the epoch; `undefined` where nothing waits. */
  oldestAt(): Promise<number | undefined>;
  /** How many could not be kept for want of room. */
  readonly dropped: number;
  /** For people; `undefined` while what is added is kept. */
  readonly trouble?: string | undefined;
  close(): Promise<void>;
}

/** Before they are asked, so that they are not lost when the process ends in the midst of it. */
export async function keepPending(pending: PendingLookups, lookups: readonly Lookup[]): Promise<void> {
  for (const portion of portions(distinct(lookups))) {
    await pending.add(portion);
  }
}

/** Those that were answered no longer wait; nor does what no service will ever answer. */
export async function settlePending(
  pending: PendingLookups,
  lookups: readonly Lookup[],
  outcomes: Outcomes,
): Promise<void> {
  const settles = (lookup: Lookup): boolean => isSettled(outcomes.get(lookupKey(lookup)));
  // Two ranges of a package are one item: it waits while one of them does.
  const open = new Set(distinct(lookups.filter((lookup) => !settles(lookup))).map(keyOf));
  for (const portion of portions(distinct(lookups.filter(settles)).filter((item) => !open.has(keyOf(item))))) {
    await pending.done(portion);
  }
}

export interface Draining {
  readonly pending: PendingLookups;
  readonly scanner: Scanner;
  /** Names that the settings of today keep back; they are forgotten. */
  readonly isPrivate: (name: PackageName) => boolean;
  readonly signal: AbortSignal;
  /** Called before each portion is asked, with how many that are. */
  readonly onAsking: (count: number) => void;
}

/** Asks about what waits, until nothing does or the service fails again; whether nothing waits any more. */
export async function drainPending({ pending, scanner, isPrivate, signal, onAsking }: Draining): Promise<boolean> {
  for (;;) {
    const items = await pending.take(mostAtATime);
    if (items.length === 0) {
      return true;
    }
    const lookups = new Map(items.map((item) => [item, toLookup(item)]));
    const asked = [...lookups.values()].flatMap((lookup) => (lookup && !isPrivate(lookup.name) ? [lookup] : []));
    onAsking(asked.length);
    const outcomes = await scanner.scan(asked, { signal });
    const settled = items.filter((item) => {
      const lookup = lookups.get(item);
      return lookup === undefined || isPrivate(lookup.name) || isSettled(outcomes.get(lookupKey(lookup)));
    });
    await pending.done(settled);
    if (settled.length < items.length) {
      return false;
    }
  }
}

// A batch of the service; also what the disk takes without a noticeable pause.
const mostAtATime = 1000;

/** Whether asking again soon would bring nothing else. */
function isSettled(outcome: Assessed | Failed | undefined): boolean {
  switch (outcome?.kind) {
    case undefined:
      return false;
    case 'assessed':
      return outcome.local === undefined;
    case 'failed':
      return !['offline', 'timeout', 'serverError', 'rateLimited'].includes(outcome.reason);
  }
}

function toPending(lookup: Lookup): PendingLookup {
  return isPin(lookup) ? { name: lookup.name, version: lookup.version } : { name: lookup.name };
}

/** `undefined` for what storage made up. */
function toLookup({ name, version }: PendingLookup): Lookup | undefined {
  const normalized = normalizeName(name);
  return version === undefined ? versionRange(normalized, []) : { name: normalized, version };
}

function keyOf({ name, version = '' }: PendingLookup): string {
  return `${name}==${version}`;
}

function distinct(lookups: readonly Lookup[]): readonly PendingLookup[] {
  return [...new Map(lookups.map(toPending).map((item) => [keyOf(item), item])).values()];
}

function portions(items: readonly PendingLookup[]): readonly (readonly PendingLookup[])[] {
  const count = Math.ceil(items.length / mostAtATime);
  return Array.from({ length: count }, (_, index) => items.slice(index * mostAtATime, (index + 1) * mostAtATime));
}
