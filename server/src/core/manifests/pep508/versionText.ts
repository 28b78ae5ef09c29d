import { isAlphanumeric, isDigit, isLetter } from '../../text/characters.ts';

/** Which parts a version may have where it stands (PEP 440, "Version specifiers"). */
export interface VersionForm {
  readonly wildcard: boolean;
  readonly local: boolean;
  readonly minimumReleaseParts: 1 | 2;
}

/** The end of the longest PEP 440 version that begins at `start`; undefined when none does. */
export function scanVersion(text: string, start: number, form: VersionForm): number | undefined {
  let at = start;
  if (isLetterV(text.charCodeAt(at))) at++;
  const epochEnd = skipDigits(text, at);
  if (epochEnd > at && text.charCodeAt(epochEnd) === exclamationMark) at = epochEnd + 1;
  const releaseEnd = scanRelease(text, at, form.minimumReleaseParts);
  if (releaseEnd === undefined) return undefined;
  at = releaseEnd;
  if (form.wildcard && text.startsWith('.*', at)) return at + 2;
  at = scanSuffix(text, at, preLabels);
  at = scanPost(text, at);
  at = scanSuffix(text, at, devLabels);
  return form.local ? scanLocal(text, at) : at;
}

const exclamationMark = 0x21;
const dash = 0x2d;
const dot = 0x2e;
const plus = 0x2b;
const underscore = 0x5f;

/** Longer ones first where one begins another. */
const preLabels: readonly string[] = ['alpha', 'beta', 'preview', 'pre', 'a', 'b', 'c', 'rc'];
const postLabels: readonly string[] = ['post', 'rev', 'r'];
const devLabels: readonly string[] = ['dev'];

function scanRelease(text: string, start: number, minimumParts: number): number | undefined {
  let at = skipDigits(text, start);
  if (at === start) return undefined;
  let parts = 1;
  while (text.charCodeAt(at) === dot && isDigit(text.charCodeAt(at + 1))) {
    at = skipDigits(text, at + 1);
    parts++;
  }
  return parts < minimumParts ? undefined : at;
}

/** `-N` is a post-release too. */
function scanPost(text: string, start: number): number {
  if (text.charCodeAt(start) === dash && isDigit(text.charCodeAt(start + 1))) return skipDigits(text, start + 1);
  return scanSuffix(text, start, postLabels);
}

/** `[-_.]? label [-_.]? N?`: where the suffix ends, or `start` when there is none. */
function scanSuffix(text: string, start: number, labels: readonly string[]): number {
  const labelStart = isSeparator(text.charCodeAt(start)) ? start + 1 : start;
  if (!isLetter(text.charCodeAt(labelStart))) return start;
  const label = labels.find(
    (candidate) => text.slice(labelStart, labelStart + candidate.length).toLowerCase() === candidate,
  );
  if (label === undefined) return start;
  const at = labelStart + label.length;
  return skipDigits(text, isSeparator(text.charCodeAt(at)) ? at + 1 : at);
}

function scanLocal(text: string, start: number): number {
  if (text.charCodeAt(start) !== plus || !isAlphanumeric(text.charCodeAt(start + 1))) return start;
  let at = start + 1;
  for (;;) {
    while (isAlphanumeric(text.charCodeAt(at))) at++;
    if (!isSeparator(text.charCodeAt(at)) || !isAlphanumeric(text.charCodeAt(at + 1))) return at;
    at++;
  }
}

function isSeparator(code: number): boolean {
  return code === dash || code === dot || code === underscore;
}

function isLetterV(code: number): boolean {
  return (code | 0x20) === 0x76;
}

function skipDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}
