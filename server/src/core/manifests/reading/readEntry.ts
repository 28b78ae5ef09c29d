import type { PackageName } from '../../packages/packageName.ts';
import { isPackageName } from '../../packages/packageName.ts';
import { coverSecrets, showCovered } from '../../text/maskSecrets.ts';
import type { Span } from '../../text/position.ts';
import { type Content, type Entry, nameOf } from '../manifest.ts';
import type { Problem } from '../requirement.ts';
import type { Draft, ItemFacts } from './draft.ts';
import { problem } from './problems.ts';
import { contentFrom, problemFrom, spanFrom } from './shiftContent.ts';

/** An entry of a file that is read as a whole, or package by package. */
export interface ReadEntry extends Entry {
  readonly content: Content | undefined;
  readonly via: readonly PackageName[];
  readonly isDirect: boolean;
  readonly isNoIndex?: true;
  /** Where its version is written. */
  readonly versions: Span | undefined;
  /** Name and version are apart. */
  readonly isApart: boolean;
}

/** What a reader found, with spans that count from its own beginning, and without what may not be shown. */
export function readEntry(draft: Draft): ReadEntry {
  const { span, content, problems = [], via = noVia, isDirect = false, isNoIndex, item } = withValidName(draft);
  const origin = span.start;
  return {
    span: spanFrom(span, origin),
    problems:
      problems.length === 0 ? noProblems : problems.map((problem) => shownProblem(problemFrom(problem, origin))),
    content: content && shownContent(contentFrom(placedContent(content, item), origin)),
    via,
    isDirect,
    ...(isNoIndex && { isNoIndex }),
    versions: item?.specSpan && spanFrom(item.specSpan, origin),
    isApart: item?.written !== undefined,
  };
}

/** What another file asks for holds for the part of this file that names it. */
function placedContent(content: Content, item: ItemFacts | undefined): Content {
  if (item === undefined || (content.kind !== 'include' && content.kind !== 'constraint')) return content;
  return { ...content, scope: item.scope, ...(item.when !== undefined && { when: item.when }) };
}

/**
 * Keys of tables and names in locks may be any text: one that is no name of a package is asked about nowhere. What it is
 * may be a secret, so it is not shown.
 */
function withValidName(draft: Draft): Draft {
  const { span, content } = draft;
  const name = nameOf(content);
  if (content === undefined || name === undefined || isPackageName(name.text)) return draft;
  const message = 'The name here is no name of a package, so this is not checked.';
  const scope = 'scope' in content ? content.scope : undefined;
  return {
    span,
    problems: [problem(name.span, 'requirement', message)],
    content: { kind: 'unread', text: content.text, span, message, hasOwnIndex: false, ...(scope && { scope }) },
    ...(draft.item && { item: draft.item }),
  };
}

/** Messages quote what is written, which may hold a secret. */
function shownProblem(problem: Problem): Problem {
  return { ...problem, message: withoutSecrets(problem.message) };
}

/** The same for the names of groups, environments and hooks. */
function shownContent(content: Content): Content {
  const shown =
    'scope' in content && content.scope !== undefined ? { ...content, scope: withoutSecrets(content.scope) } : content;
  return shown.kind === 'unread' && shown.message !== undefined
    ? { ...shown, message: withoutSecrets(shown.message) }
    : shown;
}

function withoutSecrets(text: string): string {
  return showCovered(coverSecrets(text));
}

const noProblems: readonly Problem[] = [];
const noVia: readonly PackageName[] = [];

/** The entries, those that say what they said before as the same objects: from both ends, since an edit is in one place. */
export function keepSame(before: readonly ReadEntry[], entries: readonly ReadEntry[]): readonly ReadEntry[] {
  if (before.length === 0) return entries;
  const kept = [...entries];
  const most = Math.min(before.length, entries.length);
  let first = 0;
  while (first < most && saysSame(before[first], entries[first])) {
    kept[first] = before[first] ?? never();
    first++;
  }
  for (let last = 1; last <= most - first && saysSame(before.at(-last), entries.at(-last)); last++) {
    kept[entries.length - last] = before.at(-last) ?? never();
  }
  return kept;
}

function never(): never {
  throw new Error('an index out of bounds');
}

function saysSame(a: ReadEntry | undefined, b: ReadEntry | undefined): boolean {
  return a?.via.length === b?.via.length && JSON.stringify(a) === JSON.stringify(b);
}

/** In the order of the file. */
export function inOrder(drafts: readonly Draft[]): readonly Draft[] {
  const starts = drafts.map(({ span }) => span.start);
  const isSorted = starts.every((start, index) => index === 0 || (starts[index - 1] ?? 0) <= start);
  return isSorted ? drafts : [...drafts].sort((a, b) => a.span.start - b.span.start);
}
