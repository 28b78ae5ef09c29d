import type { VersionParts } from './versionParts.ts';
import { highestKey } from './orderKey.ts';
import { toVersion } from './version.ts';
import type { Version } from './version.ts';
import { lowestKey } from './versionSet.ts';
import type { Stretch } from './versionSet.ts';

/** A stretch of the order for people to read: `undefined` where there is no end. */
export interface Interval {
  readonly from?: Bound;
  readonly to?: Bound;
}

export interface Bound {
  /** Normal form. */
  readonly version: string;
  readonly inclusive: boolean;
}

/**
 * The ends of a stretch in terms of versions, spelt as in `spellings` (by key) where they are there: a key does not know
 * 2.0 from 2. Good to read, not to compute with: that `<2.0` leaves out the pre-releases of 2.0, and an advisory's
 * "before 2.0" does not, looks the same here.
 */
export function toInterval({ from, to }: Stretch, spellings: ReadonlyMap<string, string>): Interval {
  const spell = ({ parts, inclusive }: PartsBound): Bound => {
    const { key, normal } = toVersion(parts);
    return { version: spellings.get(key) ?? normal, inclusive };
  };
  return {
    ...(from === lowestKey ? {} : { from: spell(lowerBound(from)) }),
    ...(to === highestKey ? {} : { to: spell(upperBound(to)) }),
  };
}

/**
 * Whether the stretch has a release that a package index would carry: no local label, and final unless pre-releases
 * count. `[1.0rc1, 1.0)` has none that is final.
 */
export function hasRelease({ from, to }: Stretch, prereleases: boolean): boolean {
  const { parts, after } = readKey(from);
  const plain = withoutLocal(parts);
  const isThere = after === undefined && parts.local === undefined;
  if (isThere && (prereleases || !isPrerelease(parts))) {
    return true;
  }
  if (prereleases) {
    return following(plain).key < to;
  }
  // True above post-releases as well, and rightly: finals with yet more zeros follow (1.0.0.1, 1.0.0.0.1).
  return (isPrerelease(parts) ? finalOf(plain) : nextPost(plain)).key < to;
}

interface ReadKey {
  readonly parts: VersionParts;
  /** The boundary lies above this version alone, or above its post-releases as well. */
  readonly after?: 'itself' | 'posts';
}

interface PartsBound {
  readonly parts: VersionParts;
  readonly inclusive: boolean;
}

function lowerBound(key: string): PartsBound {
  const { parts, after } = readKey(key);
  const before = after === undefined ? preceding(parts) : undefined;
  return before === undefined ? { parts, inclusive: after === undefined } : { parts: before, inclusive: false };
}

function upperBound(key: string): PartsBound {
  const { parts, after } = readKey(key);
  const before = after === undefined ? preceding(parts) : parts;
  if (before !== undefined) {
    return { parts: before, inclusive: true };
  }
  // Up to 2.0.dev0 is what `<2.0` says.
  const { dev, ...rest } = parts;
  return { parts: dev === '0' ? rest : parts, inclusive: false };
}

/** 1.0 for 1.0.post0.dev0, 1.0.post1 for 1.0.post2.dev0: the first thing above a version and its local versions. */
function preceding(parts: VersionParts): VersionParts | undefined {
  const { dev, post, local, ...rest } = parts;
  if (dev !== '0' || post === undefined || local !== undefined) {
    return undefined;
  }
  return post === '0' ? rest : { ...rest, post: String(BigInt(post) - 1n) };
}

function isPrerelease({ pre, dev }: VersionParts): boolean {
  return pre !== undefined || dev !== undefined;
}

function withoutLocal({ epoch, release, pre, post, dev }: VersionParts): VersionParts {
  return {
    epoch,
    release,
    ...(pre === undefined ? {} : { pre }),
    ...(post === undefined ? {} : { post }),
    ...(dev === undefined ? {} : { dev }),
  };
}

/** The lowest final release above a pre-release. */
function finalOf({ epoch, release, pre, post }: VersionParts): Version {
  return toVersion({ epoch, release, ...(pre === undefined && post !== undefined ? { post } : {}) });
}

function nextPost(parts: VersionParts): Version {
  return toVersion({ ...parts, post: parts.post === undefined ? '0' : String(BigInt(parts.post) + 1n) });
}

/** The lowest version above this one and its local versions. */
function following(parts: VersionParts): Version {
  return parts.dev === undefined
    ? toVersion({ ...nextPost(parts), dev: '0' })
    : toVersion({ ...parts, dev: String(BigInt(parts.dev) + 1n) });
}

/** The way back from `orderKey` and its boundaries. */
function readKey(key: string): ReadKey {
  let at = 0;
  const number = (): string => {
    let count = Number(key[at]);
    at += 1;
    if (Number.isNaN(count)) {
      count = Number(number());
    }
    at += count;
    return key.slice(at - count, at);
  };
  const epoch = number();
  const release: string[] = [];
  while (key[at] !== '!') {
    release.push(number());
  }
  const phase = Number(key[at + 1]);
  at += 2;
  const letter = ([undefined, 'a', 'b', 'rc', undefined] as const)[phase];
  const parts: VersionParts = {
    epoch,
    release,
    ...(letter === undefined ? {} : { pre: { letter, number: number() } }),
  };
  if (key[at] === '~') {
    return { parts, after: 'posts' };
  }
  at += 1;
  const post = key[at - 1] === '1' ? number() : undefined;
  at += 1;
  const dev = key[at - 1] === '0' ? number() : undefined;
  const local: string[] = [];
  if (key[at] === '+') {
    at += 1;
    while (key[at] === '0' || key[at] === '1') {
      at += 1;
      if (key[at - 1] === '1') {
        local.push(number());
      } else {
        const end = key.indexOf('!', at);
        local.push(key.slice(at, end));
        at = end + 1;
      }
    }
  }
  return {
    parts: {
      ...parts,
      ...(post === undefined ? {} : { post }),
      ...(dev === undefined ? {} : { dev }),
      ...(local.length === 0 ? {} : { local: local.join('.') }),
    },
    ...(key[at] === ' ' ? { after: 'itself' as const } : {}),
  };
}
