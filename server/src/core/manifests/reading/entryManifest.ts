import type { PackageName } from '../../packages/packageName.ts';
import { isPackageName } from '../../packages/packageName.ts';
import { coverSecrets, showCovered } from '../../text/maskSecrets.ts';
import type { Position, Span } from '../../text/position.ts';
import { findLineStarts } from '../../text/lineIndex.ts';
import type { LockedPackage } from '../lockedPackage.ts';
import {
  type Content,
  type Entry,
  type Manifest,
  type ManifestKind,
  type NameBeingTyped,
  nameOf,
  type OutlineEntry,
  type ParseContext,
  type PlacedInclude,
  type VersionToken,
  type Via,
} from '../manifest.ts';
import { packagesOfPins } from '../packagesOfPins.ts';
import { rangeOf } from '../places.ts';
import type { Problem } from '../requirement.ts';
import type { FixEdit, Rewrite, TextChange } from '../rewrite.ts';
import { isSecretName, publicText } from '../shownText.ts';
import type { Draft } from './draft.ts';
import { problem } from './problems.ts';
import { parsedItems } from './parsedItems.ts';
import { rewriteEntry, type WrittenAt } from './rewriteEntry.ts';
import { typedNameAt, typedVersionAt } from './typedAt.ts';
import { contentFrom, problemFrom, spanFrom } from './shiftContent.ts';

/** A format whose files are read as a whole. */
export interface ReadFormat {
  readonly id: string;
  readonly matches: (path: string) => boolean;
  readonly mark?: string;
  readonly isNameWeak?: true;
  /** Never throws. */
  readonly read: (text: string, context?: ParseContext) => readonly Draft[];
  /** A tool writes it, and it says which versions are installed: the command that makes it again with another one. */
  readonly lockAgain?: (...names: readonly string[]) => string;
}

/** A format in whose files another tool has something of its own. */
export function alsoReading(format: ReadFormat, read: (text: string) => readonly Draft[]): ReadFormat {
  return { ...format, read: (text, context) => [...format.read(text, context), ...read(text)] };
}

/** `line`: the kind that reads and rewrites a single requirement. */
export function kindOfFormat(format: ReadFormat, line: ManifestKind): ManifestKind {
  const kind: ManifestKind = {
    id: format.id,
    matches: format.matches,
    isReadWhole: true,
    ...(format.lockAgain === undefined ? { isByContent: true } : { lockAgain: format.lockAgain }),
    ...(format.mark !== undefined && { mark: format.mark }),
    ...(format.isNameWeak === true && { isNameWeak: true }),
    parse: (text, context) => new EntryManifest({ kind, format, line }, { text, context, before: [] }),
    describe: (text, context) => {
      const plain = text.replace(/^\ufeff/u, '');
      return parsedItems(plain, inOrder(format.read(plain, context)));
    },
  };
  return kind;
}

interface ReadEntry extends Entry {
  readonly content: Content | undefined;
  readonly via: readonly PackageName[];
  readonly isDirect: boolean;
  readonly isNoIndex?: true;
  /** Where its version is written. */
  readonly versions: Span | undefined;
  /** Name and version are apart. */
  readonly isApart: boolean;
}

function inOrder(drafts: readonly Draft[]): readonly Draft[] {
  const starts = drafts.map(({ span }) => span.start);
  const isSorted = starts.every((start, index) => index === 0 || (starts[index - 1] ?? 0) <= start);
  return isSorted ? drafts : [...drafts].sort((a, b) => a.span.start - b.span.start);
}

interface Kinds {
  readonly kind: ManifestKind;
  readonly format: ReadFormat;
  readonly line: ManifestKind;
}

interface Written {
  readonly text: string;
  readonly context: ParseContext | undefined;
  /** The entries of the text before an edit: those that say the same stay the same objects. */
  readonly before: readonly ReadEntry[];
}

interface Reading {
  readonly entries: readonly ReadEntry[];
  readonly starts: Int32Array;
}

class EntryManifest implements Manifest {
  readonly kind: ManifestKind;
  readonly text: string;
  readonly lineStarts: Int32Array;
  readonly #kinds: Kinds;
  readonly #context: ParseContext | undefined;
  #before: readonly ReadEntry[];
  #reading: Reading | undefined;
  #named: ReadonlyMap<PackageName, readonly number[]> | undefined;
  #noIndexAt: number | undefined;

  constructor(kinds: Kinds, { text, context, before }: Written) {
    this.kind = kinds.kind;
    this.text = text;
    this.#kinds = kinds;
    this.#context = context;
    this.#before = before;
    this.lineStarts = findLineStarts(text);
  }

  get entries(): readonly ReadEntry[] {
    return this.#read().entries;
  }

  get starts(): Int32Array {
    return this.#read().starts;
  }

  /** When it is first asked for: of several edits that come together only the last text is read. */
  #read(): Reading {
    if (this.#reading === undefined) {
      const drafts = inOrder(this.#kinds.format.read(this.text, this.#context));
      const starts = Int32Array.from(drafts, ({ span }) => span.start);
      this.#reading = { starts, entries: keep(this.#before, drafts.map(entryOf)) };
      this.#before = [];
    }
    return this.#reading;
  }

  get length(): number {
    return this.text.length;
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  contentOf(index: number): Content | undefined {
    return this.entries[index]?.content;
  }

  entriesFor(name: PackageName): readonly number[] {
    this.#named ??= indexesByName(this.entries);
    return this.#named.get(name) ?? [];
  }

  get includes(): readonly PlacedInclude[] {
    return this.entries.flatMap(({ content }, index) =>
      content?.kind === 'include' || content?.kind === 'constraint' ? [{ ...content, index }] : [],
    );
  }

  get decides(): readonly LockedPackage[] | undefined {
    return this.#kinds.format.lockAgain !== undefined ? packagesOfPins(this) : undefined;
  }

  get viaOf(): ((index: number) => Via) | undefined {
    return this.#kinds.format.lockAgain === undefined
      ? undefined
      : (index) => {
          const { via = [], isDirect = false } = this.entries[index] ?? {};
          return { packages: via, sources: isDirect ? ['REQUESTED'] : [] };
        };
  }

  get noIndexAt(): number | undefined {
    this.#noIndexAt ??= this.entries.findIndex(({ isNoIndex }) => isNoIndex === true);
    return this.#noIndexAt < 0 ? undefined : this.#noIndexAt;
  }

  get outline(): readonly OutlineEntry[] {
    return this.entries.flatMap((entry, index) => outlineOf(this, entry, index));
  }

  get links(): Manifest['links'] {
    return this.entries.flatMap(({ content }, index) => {
      const token = content?.kind === 'url' ? content.url : undefined;
      return token === undefined || !/^https?:/iu.test(token.text)
        ? []
        : [{ text: token.text, range: rangeOf(this, index, token.span) }];
    });
  }

  edit(changes: readonly TextChange[]): Manifest {
    const text = changes.reduce(
      (now, { start, end, text: by }) => now.slice(0, start) + by + now.slice(end),
      this.text,
    );
    const before = this.#reading?.entries ?? this.#before;
    return new EntryManifest(this.#kinds, { text, context: this.#context, before });
  }

  get rewrite(): ((index: number, to: Rewrite) => FixEdit) | undefined {
    const { format, line } = this.#kinds;
    return format.lockAgain === undefined
      ? (index, to) => rewriteEntry(this, index, to, this.#writtenAt(index), line)
      : undefined;
  }

  versionAt(position: Position): VersionToken | undefined {
    const { format, line } = this.#kinds;
    const isTyped = format.lockAgain === undefined && this.noIndexAt === undefined;
    return isTyped ? typedVersionAt(this, position, line) : undefined;
  }

  nameAt(position: Position): NameBeingTyped | undefined {
    return this.#kinds.format.lockAgain === undefined ? typedNameAt(this, position) : undefined;
  }

  #writtenAt(index: number): WrittenAt | undefined {
    const [entry, start] = [this.entries[index], this.starts[index]];
    if (entry === undefined || start === undefined) return undefined;
    const { span, versions, isApart } = entry;
    return { whole: spanFrom(span, -start), versions: versions && spanFrom(versions, -start), isApart };
  }
}

function entryOf(draft: Draft): ReadEntry {
  const { span, content, problems = [], via = noVia, isDirect = false, isNoIndex, item } = withValidName(draft);
  const origin = span.start;
  return {
    span: spanFrom(span, origin),
    problems:
      problems.length === 0 ? noProblems : problems.map((problem) => shownProblem(problemFrom(problem, origin))),
    content: content && shownContent(contentFrom(content, origin)),
    via,
    isDirect,
    ...(isNoIndex && { isNoIndex }),
    versions: item?.specSpan && spanFrom(item.specSpan, origin),
    isApart: item?.written !== undefined,
  };
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

/** From both ends, since an edit is in one place. */
function keep(before: readonly ReadEntry[], entries: readonly ReadEntry[]): readonly ReadEntry[] {
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

function indexesByName(entries: readonly ReadEntry[]): ReadonlyMap<PackageName, readonly number[]> {
  const indexes = new Map<PackageName, number[]>();
  for (const [index, { content }] of entries.entries()) {
    const name = nameOf(content)?.normalized;
    if (name === undefined) continue;
    const known = indexes.get(name);
    if (known === undefined) indexes.set(name, [index]);
    else known.push(index);
  }
  return indexes;
}

function outlineOf(file: Manifest, { content, span }: ReadEntry, index: number): readonly OutlineEntry[] {
  if (content === undefined) return [];
  const range = rangeOf(file, index, span);
  if (content.kind === 'include' || content.kind === 'constraint') {
    const { target } = content;
    return [
      {
        kind: 'file',
        name: publicText(content, target),
        detail: '',
        range,
        nameRange: rangeOf(file, index, target.span),
      },
    ];
  }
  const name = nameOf(content);
  if (name === undefined) return [];
  const detail = content.kind === 'index' && content.specifier ? publicText(content, content.specifier) : '';
  return [
    {
      kind: 'package',
      name: isSecretName(content.text, name.text) ? 'package' : name.text,
      detail,
      range,
      nameRange: rangeOf(file, index, name.span),
    },
  ];
}
