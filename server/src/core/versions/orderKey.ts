import type { VersionParts } from './versionParts.ts';

/**
 * A text for each version, such that comparing texts by UTF-16 units compares versions by PEP 440. Each field is coded
 * so that no code is the beginning of another; hence a boundary between two versions (above 1.0 and all its
 * post-releases) has a text as well, and a set of versions is a list of half-open stretches of texts.
 */
export function orderKey(parts: VersionParts): string {
  return publicKey(parts) + localKey(parts.local);
}

/**
 * The key of a text that is nothing but a release (`4.2.11`), as nearly all are, without taking it apart; `undefined` for
 * any other text, which may be a version all the same.
 */
export function plainKey(text: string): string | undefined {
  let [key, kept, start] = [numberKey('0'), '', 0];
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? dot : text.charCodeAt(index);
    if (code === dot) {
      const digits = text.charCodeAt(start) === zero && index > start + 1 ? undefined : text.slice(start, index);
      if (digits === undefined || digits === '') {
        return undefined;
      }
      key += numberKey(digits);
      kept = kept === '' || digits !== '0' ? key : kept;
      start = index + 1;
    } else if (code < zero || code > nine) {
      return undefined;
    }
  }
  return `${kept}!${finalSuffix}`;
}

const [dot, zero, nine] = [0x2e, 0x30, 0x39];
// No pre-release, no post-release, no development release.
const finalSuffix = '401';

/** Above a final version, its local versions and its post-releases; no version sits right there. */
export function keyAfterPosts(parts: VersionParts): string {
  return `${releaseKey(parts.epoch, parts.release)}${preKey(parts)}~`;
}

/** Just above this very version, local label and all. */
export function keyAfter(parts: VersionParts): string {
  return `${orderKey(parts)} `;
}

/** Above every version. */
export const highestKey = '~';

function publicKey(parts: VersionParts): string {
  const post = parts.post === undefined ? '0' : `1${numberKey(parts.post)}`;
  const dev = parts.dev === undefined ? '1' : `0${numberKey(parts.dev)}`;
  return releaseKey(parts.epoch, parts.release) + preKey(parts) + post + dev;
}

/** Ends with `!`, which is below every number: 1 with any suffix comes before 1.0.1 with any suffix. */
function releaseKey(epoch: string, release: readonly string[]): string {
  let end = release.length;
  while (end > 1 && release[end - 1] === '0') {
    end -= 1;
  }
  let key = numberKey(epoch);
  for (let index = 0; index < end; index += 1) {
    key += numberKey(release[index] ?? '0');
  }
  return `${key}!`;
}

/** A development release of the release itself comes before its pre-releases. */
function preKey({ pre, post, dev }: VersionParts): string {
  if (pre === undefined) {
    return dev !== undefined && post === undefined ? '0' : '4';
  }
  return (pre.letter === 'a' ? '1' : pre.letter === 'b' ? '2' : '3') + numberKey(pre.number);
}

/** Words before numbers, a shorter label before its continuation. */
function localKey(local: string | undefined): string {
  if (local === undefined) {
    return '';
  }
  let key = '+';
  for (const part of local.split('.')) {
    key += /^[0-9]+$/.test(part) ? `1${numberKey(part)}` : `0${part}!`;
  }
  return key;
}

/** Digits with their count in front; a count of two digits or more is coded the same way behind a colon. */
function numberKey(digits: string): string {
  const count = digits.length;
  return count < 10 ? `${count}${digits}` : `:${numberKey(String(count))}${digits}`;
}
