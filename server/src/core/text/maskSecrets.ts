import type { Span } from './position.ts';

/**
 * Text from a file, a setting or an option without what may be secret in it: user names and passwords of addresses, what
 * stands in their queries and fragments, and `user:password@host` without a scheme. The host stays readable. Masking
 * twice changes nothing, so that every exit may mask.
 */
export function maskSecrets(text: string): string {
  return replaceSpans(text, secretSpans(text), () => mask);
}

/**
 * A line of a file, as long as before, with `cover` in the place of each character that may be secret: what is then cut out
 * of it holds nothing secret, wherever the cuts are. A user name before a host counts here, too.
 */
export function coverSecrets(line: string): string {
  return replaceSpans(line, secretSpans(line, true), (length) => cover.repeat(length));
}

/** What was covered, as people see it. */
export function showCovered(text: string): string {
  return text.replace(/\uE000+/g, mask);
}

const mask = '***';
/** Of the private use area: no part of a name, a version, an operator or a marker. */
const cover = '\uE000';

function replaceSpans(text: string, spans: readonly Span[], replacement: (length: number) => string): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(done, start), replacement(end - start));
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** In the order of the text; none overlaps another. `bareUsers`: also `TOKEN@host.example/`, which a path could be. */
function secretSpans(text: string, bareUsers = false): readonly Span[] {
  const hasAt = text.includes('@');
  // Nearly every line of every file: it is not looked at character by character.
  if (!hasAt && !text.includes(':/') && !text.includes(':\\')) return [];
  const addresses = findAddresses(text);
  if (addresses.length === 0 && !hasAt) return [];
  const spans: Span[] = [];
  let done = 0;
  for (const [index, { start, from }] of addresses.entries()) {
    if (start >= done) wordSpans(text, done, start, bareUsers, spans);
    const limit = addresses[index + 1]?.start ?? text.length;
    done = addressSpans(text, from, limit, spans);
    // A word behind the address is none of it.
    wordSpans(text, done, limit, bareUsers, spans);
    done = limit;
  }
  wordSpans(text, done, text.length, bareUsers, spans);
  return spans.filter(({ start, end }) => end > start);
}

/** `start` is where the scheme begins, `from` is behind the slashes. */
interface Address {
  readonly start: number;
  readonly from: number;
}

function findAddresses(text: string): readonly Address[] {
  const addresses: Address[] = [];
  let earlier = 0;
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    if (!isSlash(text[colon + 1])) continue;
    const hasTwo = isSlash(text[colon + 2]);
    let start = colon;
    while (start > earlier && /[A-Za-z0-9+.-]/.test(text[start - 1] ?? '')) start--;
    if (start === colon || (!hasTwo && !knownScheme.test(text.slice(start, colon)))) continue;
    const before = addresses.at(-1);
    const isNear = before !== undefined && start - before.from < longestUser;
    if (isNear && isPartOf(text.slice(before.from, start), text.slice(start, colon))) continue;
    earlier = colon + (hasTwo ? 3 : 2);
    addresses.push({ start, from: earlier });
  }
  return addresses;
}

const knownScheme = /^(?:[a-z]+\+)?(?:https?|ftp|ssh|git|svn|sftp)$/i;

// A limit for the time that a hostile line may take.
const longestUser = 4_000;

/** A password may hold `://`. In one word only what is known as a scheme begins another address, and not before a host has ended. */
function isPartOf(between: string, scheme: string): boolean {
  if (/\s/.test(between)) return false;
  return !/[/?#]/.test(between) || between.endsWith(':') || !knownScheme.test(scheme);
}

function isSlash(character: string | undefined): boolean {
  return character === '/' || character === '\\';
}

/** Takes the secrets of one address; returns where it ends. */
function addressSpans(text: string, from: number, limit: number, spans: Span[]): number {
  const lineEnd = endOf(text, from, limit, /[\r\n]/);
  const authorityEnd = endOf(text, from, lineEnd, /[/?#\s]/);
  const authority = text.slice(from, authorityEnd);
  const ownAt = authority.lastIndexOf('@');
  const host = authority.slice(ownAt + 1);
  const userEnd = userInfoEnd(text, { from, authorityEnd, lineEnd, hasUser: ownAt >= 0, host });
  let behind = authorityEnd;
  if (userEnd !== undefined) {
    spans.push({ start: from, end: userEnd });
    behind = endOf(text, userEnd, lineEnd, /[/?#\s]/);
  } else {
    // Who one is at a host of repositories is no secret.
    if (ownAt >= 0 && authority.slice(0, ownAt) !== 'git') spans.push({ start: from, end: from + ownAt });
    if (!isHost(host)) {
      const bare = /^[^:]*/.exec(host)?.[0] ?? '';
      const kept = looksLikeHost(bare) ? bare.length + 1 : 0;
      const [, quotes = ''] = /(["'),.;\u2026]*)$/.exec(host) ?? [];
      spans.push({
        start: from + ownAt + 1 + kept,
        end: Math.max(from + ownAt + 1 + kept, authorityEnd - quotes.length),
      });
    }
  }
  const end = endOf(text, behind, lineEnd, /\s/);
  const query = endOf(text, behind, end, /[?#]/);
  parameterSpans(text, query, end, spans);
  return end;
}

interface Authority {
  readonly from: number;
  readonly authorityEnd: number;
  readonly lineEnd: number;
  readonly hasUser: boolean;
  readonly host: string;
}

/**
 * Where the user information ends that goes on behind the first `/`, `?`, `#` or space, since somebody did not escape it:
 * at the last `@`. Undefined where it does not, and the `@` behind the host belongs to a revision or to another word.
 */
function userInfoEnd(text: string, { from, authorityEnd, lineEnd, hasUser, host }: Authority): number | undefined {
  const at = lastUserAt(text, authorityEnd, lineEnd);
  if (at === undefined) return undefined;
  if (!isHost(host)) return at;
  const between = text.slice(authorityEnd, at);
  const after = text.slice(at + 1, lineEnd);
  if (/\s/.test(between)) {
    return !hasUser && /^\s/.test(between) && (beginsWithHost(after) || /^[A-Za-z][\w-]*(?::\d+)?\//.test(after))
      ? at
      : undefined;
  }
  const isRepository = /(?:git|hg|svn|bzr)\+[a-z-]+:[\\/]{2}$/i.test(text.slice(Math.max(0, from - 24), from));
  if (beginsWithHost(after) && (!isRepository || /^[^/:?#\s]*[/:]/.test(after))) return at;
  const passwordEnd = lastPasswordEnd(text, authorityEnd, at);
  if (passwordEnd === undefined) return undefined;
  return /[\p{L}\p{N}[]/u.test(text[passwordEnd + 1] ?? '') ? passwordEnd : at;
}

/** The last `@` behind a `name:password` between two slashes. */
function lastPasswordEnd(text: string, start: number, last: number): number | undefined {
  let found: number | undefined;
  let at = start;
  for (const segment of text.slice(start, last + 1).split(/[/?#]/)) {
    const ownAt = segment.lastIndexOf('@');
    if (ownAt > 0 && /[^:]:/.test(segment.slice(0, ownAt))) found = at + ownAt;
    at += segment.length + 1;
  }
  return found;
}

/** The last `@` that could stand between user information and a host. */
function lastUserAt(text: string, start: number, end: number): number | undefined {
  for (let at = end - 1; at >= start; at--) {
    if (text[at] !== '@') continue;
    const isLast = at + 1 >= end;
    if (!isLast && !/\s/.test(text[at + 1] ?? ' ')) return at;
    // `\u2026@https://host`: another address follows at once.
    if (isLast && end < text.length && !/\s/.test(text.slice(start, at))) return at;
  }
  return undefined;
}

/** Whether it is written as a host and perhaps a port. */
function isHost(host: string): boolean {
  return /^(?:\[[0-9A-Fa-f:.%]*\]|[\p{L}\p{N}\p{M}_.~%${}*\uE000-]*)(?::(?:\d*|\*{3}))?(?:\\[^@]*)?["'),.;:\u2026\]>]*$/u.test(
    host,
  );
}

/** A name with a dot, an address of four numbers, or this machine. */
function looksLikeHost(host: string): boolean {
  return /^(?:localhost|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)$/u.test(host);
}

function beginsWithHost(text: string): boolean {
  return /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]|(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}\.?)(?::\d+)?(?![\p{L}\p{N}_.-])/u.test(
    text,
  );
}

/** What stands behind the `?` and `#` of an address, but for what pip itself reads there. */
function parameterSpans(text: string, start: number, end: number, spans: Span[]): void {
  let at = start;
  while (at < end) {
    const from = at + 1; // behind the separator
    const next = endOf(text, from, end, /[?#&;]/);
    const parameter = text.slice(from, next);
    const equals = parameter.indexOf('=');
    const value = parameter.slice(equals + 1);
    const key = parameter.slice(0, Math.max(0, equals));
    const isKnown = harmless.get(key.toLowerCase())?.test(value) === true;
    // `TOKEN==` has a key by its looks alone, and so has `TOKEN'>=1`.
    const isKey = /^[\w.~%+-]*$/.test(key) && (key === '' || /[^=]/.test(value));
    const start = isKey ? from + equals + 1 : from;
    if (!isKnown && !/^(?:\*{3})?["'),.\u2026>\]]*$/.test(text.slice(start, next))) spans.push({ start, end: next });
    at = next;
  }
}

const closing = '["\'),.\u2026>\\]]*$';
const digest = new RegExp(`^[0-9a-f]*${closing}`, 'i');
const harmless: ReadonlyMap<string, RegExp> = new Map([
  ['egg', new RegExp(`^[\\w.,[\\]<>=!~+*-]*${closing}`)],
  ['subdirectory', new RegExp(`^[\\w./-]*${closing}`)],
  ...['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map((name) => [name, digest] as const),
]);

/** `user:password@host` in words that are no address. */
function wordSpans(text: string, start: number, end: number, bareUsers: boolean, spans: Span[]): void {
  const part = text.slice(start, end);
  if (!part.includes('@')) return;
  for (const { 0: word, index } of part.matchAll(/\S+/g)) {
    const last = word.lastIndexOf('@', word.length - 2);
    if (last < 0) continue;
    const before = word.slice(0, last);
    const skipped = /^["'([<]*(?:[\w.[\],-]*[=!<>~]+)?["'([<]*(?:[A-Za-z]:(?=[\\/]))?/.exec(before)?.[0].length ?? 0;
    // A revision may follow `git@host:path`.
    if (/^(?:git\+)?git@[\w.-]+:[^:@]*@[^:@]*$/.test(word.slice(skipped))) continue;
    if (isUser(before.slice(skipped), word.slice(last + 1), bareUsers)) {
      spans.push({ start: start + index + skipped, end: start + index + last });
      const wordEnd = start + index + word.length;
      parameterSpans(text, endOf(text, start + index + last, wordEnd, /[?#]/), wordEnd, spans);
    }
  }
}

function isUser(user: string, after: string, bareUsers: boolean): boolean {
  // A package URL has an `@`, too.
  if (user.includes(':')) return !/^pkg:/.test(user);
  if (!bareUsers || /^(?:(?:git\+)?git)?$/.test(user) || !beginsWithHost(after)) return false;
  // `user@host:path` is no file; of `folder/name@host.example/file` the line itself must begin with the user.
  return /^[^/:]*:/.test(after) || (!/^[./]/.test(user) && /^[^/:]*\//.test(after));
}

/** The first place from `start` on, at most `end`, where the pattern matches. */
function endOf(text: string, start: number, end: number, stop: RegExp): number {
  for (let at = start; at < end; at++) {
    if (stop.test(text[at] ?? '')) return at;
  }
  return Math.max(start, end);
}
