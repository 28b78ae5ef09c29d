import { highestKey, orderKey } from './orderKey.ts';

/** A set of versions: stretches of order keys, ascending, none of them empty, no two touching. */
export type VersionSet = readonly Stretch[];

/** All versions whose key is at or above `from` and below `to`. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** The least version there is: nothing sorts below it. */
export const lowestKey = orderKey({ epoch: '0', release: ['0'], dev: '0' });

export const allVersions: VersionSet = Object.freeze([Object.freeze({ from: lowestKey, to: highestKey })]);

/** Any stretches, in any order, as a set. */
export function toVersionSet(stretches: readonly Stretch[]): VersionSet {
  const ordered = stretches
    .map(({ from, to }) => ({ from: from < lowestKey ? lowestKey : from, to }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const joined: Stretch[] = [];
  for (const stretch of ordered) {
    const last = joined.at(-1);
    if (last !== undefined && stretch.from <= last.to) {
      joined[joined.length - 1] = { from: last.from, to: last.to < stretch.to ? stretch.to : last.to };
    } else {
      joined.push(stretch);
    }
  }
  return joined;
}

export function setHas(set: VersionSet, key: string): boolean {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const stretch = set[middle];
    if (stretch === undefined || key < stretch.from) {
      high = middle;
    } else if (key < stretch.to) {
      return true;
    } else {
      low = middle + 1;
    }
  }
  return false;
}

export function intersect(a: VersionSet, b: VersionSet): VersionSet {
  const common: Stretch[] = [];
  let [i, j] = [0, 0];
  for (let one = a[i], other = b[j]; one !== undefined && other !== undefined; one = a[i], other = b[j]) {
    const from = one.from < other.from ? other.from : one.from;
    const to = one.to < other.to ? one.to : other.to;
    if (from < to) {
      common.push({ from, to });
    }
    if (one.to < other.to) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return common;
}

/** What is in `a` and not in `b`. */
export function subtract(a: VersionSet, b: VersionSet): VersionSet {
  const gaps: Stretch[] = [];
  let from = lowestKey;
  for (const stretch of b) {
    gaps.push({ from, to: stretch.from });
    from = stretch.to;
  }
  return intersect(a, toVersionSet([...gaps, { from, to: highestKey }]));
}

export function union(sets: readonly VersionSet[]): VersionSet {
  return toVersionSet(sets.flat());
}
