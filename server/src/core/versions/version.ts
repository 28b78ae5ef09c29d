import type { VersionParts } from './versionParts.ts';
import { orderKey, plainKey } from './orderKey.ts';
import { trimPythonSpace } from '../text/pythonSpace.ts';

/** A version by PEP 440. */
export interface Version extends VersionParts {
  /** The normal form, as `packaging` writes it. Trailing zeros stay: `1.0` and `1` are equal, but not the same text. */
  readonly normal: string;
  /** Texts in the order of UTF-16 units are versions in the order of PEP 440; equal texts are equal versions. */
  readonly key: string;
  /** True for development releases too. */
  readonly isPrerelease: boolean;
}

/** The version that the text is, or `undefined` where PEP 440 knows none. White space around it is no matter. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > maxLength) {
    return undefined;
  }
  // Nearly every version is nothing but a release.
  const key = plainKey(text);
  if (key !== undefined) {
    return { epoch: '0', release: text.split('.'), normal: text, key, isPrerelease: false };
  }
  const match = pattern.exec(trimPythonSpace(text));
  if (match === null) {
    return undefined;
  }
  const [, epoch, release = '', preLetter, preNumber, postDash, postWord, postNumber, devWord, devNumber, local] =
    match;
  return toVersion({
    epoch: wholeNumber(epoch),
    release: release.split('.').map(wholeNumber),
    ...(preLetter === undefined ? {} : { pre: { letter: toPreLetter(preLetter), number: wholeNumber(preNumber) } }),
    ...(postDash === undefined && postWord === undefined ? {} : { post: wholeNumber(postDash ?? postNumber) }),
    ...(devWord === undefined ? {} : { dev: wholeNumber(devNumber) }),
    ...(local === undefined ? {} : { local: normalizeLocal(local) }),
  });
}

/** Negative where `a` comes before `b`, 0 where PEP 440 calls them equal (`1.0` and `1`). */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  if (a.key === b.key) {
    return 0;
  }
  return a.key < b.key ? -1 : 1;
}

export function toVersion(parts: VersionParts): Version {
  return {
    ...parts,
    normal: normalForm(parts),
    key: orderKey(parts),
    isPrerelease: parts.pre !== undefined || parts.dev !== undefined,
  };
}

/** Epoch and release alone: `1!2.0` of `1!2.0rc1.post2`. */
export function baseForm(parts: VersionParts): string {
  const release = parts.release.join('.');
  return parts.epoch === '0' ? release : `${parts.epoch}!${release}`;
}

/** All but the local label. */
export function publicForm(parts: VersionParts): string {
  const { pre, post, dev } = parts;
  return (
    baseForm(parts) +
    (pre === undefined ? '' : pre.letter + pre.number) +
    (post === undefined ? '' : `.post${post}`) +
    (dev === undefined ? '' : `.dev${dev}`)
  );
}

function normalForm(parts: VersionParts): string {
  return publicForm(parts) + (parts.local === undefined ? '' : `+${parts.local}`);
}

// Far above anything published. A text of millions of parts would overflow the regular expression's stack.
const maxLength = 100_000;

// PEP 440, appendix B. Without the `u` flag letters outside ASCII never fold into ASCII ones (`ſ`, the Kelvin sign).
const pattern = new RegExp(
  '^v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)' +
    '(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?' +
    '(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?' +
    '(?:[-_.]?(dev)[-_.]?([0-9]*))?' +
    '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  'i',
);

/** Leading zeros off; a number left out is 0. */
function wholeNumber(digits: string | undefined): string {
  if (digits === undefined || digits === '') {
    return '0';
  }
  return digits.length > 1 && digits.startsWith('0') ? digits.replace(/^0+(?=[0-9])/, '') : digits;
}

function toPreLetter(word: string): 'a' | 'b' | 'rc' {
  switch (word.toLowerCase()) {
    case 'a':
    case 'alpha':
      return 'a';
    case 'b':
    case 'beta':
      return 'b';
    default:
      return 'rc';
  }
}

function normalizeLocal(local: string): string {
  return local
    .toLowerCase()
    .split(/[-_.]/)
    .map((part) => (/^[0-9]+$/.test(part) ? wholeNumber(part) : part))
    .join('.');
}
