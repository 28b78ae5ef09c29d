import type { TextChange } from '../../rewrite.ts';
import type { Version } from '../../../versions/version.ts';
import { disabled, type Disabled, shown } from '../../rewrite.ts';
import type { ReleaseFile } from '../../../packages/release.ts';
import { type Place, writtenAt, type WrittenRequirement } from './writtenAt.ts';

export interface HashEdit {
  readonly kind: 'edit';
  /** Empty where the line has no hashes. */
  readonly changes: readonly TextChange[];
  /** The hashes the line has then. */
  readonly texts: readonly string[];
}

/**
 * Replaces the hashes of a line by those of the target release: every file that is not yanked, sorted, laid out as the
 * old ones are (line ends, indentation, quotes). All or nothing: with a hash missing pip would refuse a good file.
 */
export function hashEdit(
  written: WrittenRequirement,
  target: Version,
  targetFiles: readonly ReleaseFile[] | undefined,
): HashEdit | Disabled {
  const { item } = written;
  if (item.hashes.length === 0) {
    return { kind: 'edit', changes: [], texts: [] };
  }
  const name = shown(item.name);
  const texts = hashTexts(targetFiles ?? []);
  if (texts === undefined) {
    const reason = `${name} is pinned with hashes, and those of ${target.normal} are not known.`;
    return { ...disabled(reason), ...(targetFiles === undefined ? { wantsFiles: true } : {}) };
  }
  const layout = readLayout(written);
  if (layout === undefined) {
    return disabled(`The hashes of ${name} are not laid out so that they can be replaced: change them by hand.`);
  }
  return { kind: 'edit', changes: [{ ...layout.block, text: layOut(layout, texts) }], texts };
}

/** `undefined` where there is no file, or one without a digest. */
function hashTexts(files: readonly ReleaseFile[]): readonly string[] | undefined {
  const digests = new Set(files.filter(({ yanked }) => !yanked).map(({ sha256 }) => sha256));
  return digests.size === 0 || digests.has(undefined)
    ? undefined
    : [...digests].map((digest) => `sha256:${digest}`).sort();
}

interface Layout {
  /** From the first `--hash` to the end of the last hash. */
  readonly block: Place;
  /** `--hash=`, or whatever stands before the first value. */
  readonly before: string;
  /** A closing quote, or nothing. */
  readonly after: string;
  /** What stands between one hash and the next, in order; at least one. */
  readonly gaps: readonly string[];
}

function layOut({ before, after, gaps }: Layout, texts: readonly string[]): string {
  return texts
    .map((text, at) => {
      const gap = at === 0 ? '' : (gaps[at - 1] ?? gaps.at(-1) ?? ' ');
      return gap + before + text + after;
    })
    .join('');
}

// Indentation and the option's name; more than that is not looked at.
const longestLead = 300;

/** `undefined` where something other than white space stands between the hashes. */
function readLayout({ file, index, item }: WrittenRequirement): Layout | undefined {
  const places = item.hashes.map((hash) => writtenAt(file, index, hash));
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const { text } = file;
  const leadStart = Math.max(file.starts[index] ?? 0, first.start - longestLead);
  const lead = /(?<gap>[\s\\]*)(?<before>--hash(?:=| +)(?<quote>["']?))$/.exec(
    text.slice(leadStart, first.start),
  )?.groups;
  const [before, quote] = [lead?.['before'], lead?.['quote'] ?? ''];
  if (before === undefined || text.slice(last.end, last.end + quote.length) !== quote) {
    return undefined;
  }
  const gaps: string[] = [];
  for (const [at, place] of places.entries()) {
    const previous = places[at - 1];
    if (at === 0) continue;
    const gap = place && previous && gapBetween(text.slice(previous.end, place.start));
    if (gap === undefined) return undefined;
    gaps.push(gap);
  }
  const block = { start: first.start - before.length, end: last.end + quote.length };
  return { block, before, after: quote, gaps: gaps.length > 0 ? gaps : [lead?.['gap'] ?? ' '] };
}

function gapBetween(text: string): string | undefined {
  return /^["']?(?<gap>[\s\\]+)--hash(?:=| +)["']?$/.exec(text)?.groups?.['gap'];
}
