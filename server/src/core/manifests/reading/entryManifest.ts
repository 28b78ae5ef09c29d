import type { PackageName } from '../../packages/packageName.ts';
import { ChunkedText } from '../../text/chunkedText.ts';
import { editLineStarts } from '../../text/editLineStarts.ts';
import { findLineStarts, lastAtOrBefore } from '../../text/lineIndex.ts';
import type { Position } from '../../text/position.ts';
import type { LockedPackage } from '../lockedPackage.ts';
import {
  type Content,
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
import type { FixEdit, Rewrite, TextChange } from '../rewrite.ts';
import { isSecretName, publicText } from '../shownText.ts';
import type { Draft } from './draft.ts';
import { LockParts, type Replaced } from './lock/lockParts.ts';
import type { LockShape } from './lock/lockShape.ts';
import { parsedItems } from './parsedItems.ts';
import { inOrder, keepSame, readEntry, type ReadEntry } from './readEntry.ts';
import { rewriteEntry, type WrittenAt } from './rewriteEntry.ts';
import { spanFrom } from './shiftContent.ts';
import { typedNameAt, typedVersionAt } from './typedAt.ts';

/** A format whose files are read as a whole. */
export interface ReadFormat {
  readonly id: string;
  readonly matches: (path: string) => boolean;
  readonly mark?: string;
  readonly word?: string;
  /** Never throws. */
  readonly read: (text: string, context?: ParseContext) => readonly Draft[];
  /** A tool writes it, and it says which versions are installed: the command that makes it again with another one. */
  readonly lockAgain?: (...names: readonly string[]) => string;
  /** Of a lock whose packages can be read one by one; what comes of it is what `read` makes of all the text. */
  readonly shape?: LockShape;
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
    ...(format.word !== undefined && { word: format.word }),
    parse: (text, context) => {
      const written = { chunks: ChunkedText.of(text), lineStarts: findLineStarts(text), context, base: undefined };
      return new EntryManifest({ kind, format, line }, written);
    },
    describe: (text, context) => {
      const plain = text.replace(/^\ufeff/u, '');
      return parsedItems(plain, inOrder(format.read(plain, context)));
    },
  };
  return kind;
}

interface Kinds {
  readonly kind: ManifestKind;
  readonly format: ReadFormat;
  readonly line: ManifestKind;
}

/** What was read before an edit. */
interface Base {
  /** Those that say the same stay the same objects. */
  readonly entries: readonly ReadEntry[];
  /** Of a lock. */
  readonly parts: LockParts | undefined;
  readonly lineStarts: Int32Array;
  /** By the edits since; absent where there were none. */
  readonly replaced: Replaced | undefined;
}

interface Reading {
  readonly entries: readonly ReadEntry[];
  readonly starts: Int32Array;
  readonly parts: LockParts | undefined;
}

interface Written {
  readonly chunks: ChunkedText;
  readonly lineStarts: Int32Array;
  readonly context: ParseContext | undefined;
  readonly base: Base | undefined;
}

class EntryManifest implements Manifest {
  readonly kind: ManifestKind;
  readonly lineStarts: Int32Array;
  readonly #kinds: Kinds;
  readonly #chunks: ChunkedText;
  readonly #context: ParseContext | undefined;
  #base: Base | undefined;
  #reading: Reading | undefined;
  #isSilentEdit = false;
  #named: ReadonlyMap<PackageName, readonly number[]> | undefined;
  #includes: readonly PlacedInclude[] | undefined;
  #noIndexAt: number | undefined;

  constructor(kinds: Kinds, { chunks, lineStarts, context, base }: Written) {
    this.kind = kinds.kind;
    this.#kinds = kinds;
    this.#chunks = chunks;
    this.#context = context;
    this.#base = base;
    this.lineStarts = lineStarts;
  }

  /** Put together when it is first asked for. */
  get text(): string {
    return this.#chunks.toString();
  }

  get entries(): readonly ReadEntry[] {
    return this.#read().entries;
  }

  get starts(): Int32Array {
    return this.#read().starts;
  }

  get reasons(): object | undefined {
    return this.#read().parts?.all.reasons;
  }

  get isSlow(): boolean {
    const isReadInPart = this.#kinds.format.shape !== undefined && this.#base?.parts?.isRegular === true;
    return this.#reading === undefined && !isReadInPart && this.length > slowLength;
  }

  /** Of a lock alone: all else would have to be read to know. */
  get isSilentEdit(): boolean {
    if (this.#reading === undefined && this.#base?.parts !== undefined && !this.isSlow) this.#read();
    return this.#isSilentEdit;
  }

  /** When it is first asked for: of several edits that come together only the last text is read. */
  #read(): Reading {
    if (this.#reading === undefined) {
      const base = this.#base;
      const parts = this.#readParts(base);
      const { entries, starts } = parts?.isRegular === true ? parts.all : this.#readWhole(base);
      this.#reading = { entries, starts, parts };
      this.#isSilentEdit = base?.parts !== undefined && saysTheSame(base, this.#reading, this.lineStarts);
      this.#base = undefined;
    }
    return this.#reading;
  }

  #readParts(base: Base | undefined): LockParts | undefined {
    const { shape } = this.#kinds.format;
    if (shape === undefined) return undefined;
    const { parts, replaced } = base ?? {};
    if (parts === undefined) return LockParts.of(this.#chunks, shape);
    return replaced === undefined ? parts : parts.edited(this.#chunks, replaced, this.#linesOf(replaced));
  }

  #linesOf({ start, newEnd }: Replaced): string {
    const first = lastAtOrBefore(this.lineStarts, start);
    const last = lastAtOrBefore(this.lineStarts, newEnd);
    return this.#chunks.slice(this.lineStarts[first] ?? 0, this.lineStarts[last + 1] ?? this.length);
  }

  #readWhole(base: Base | undefined): Pick<Reading, 'entries' | 'starts'> {
    const drafts = inOrder(this.#kinds.format.read(this.text, this.#context));
    const starts = Int32Array.from(drafts, ({ span }) => span.start);
    return { starts, entries: keepSame(base?.entries ?? [], drafts.map(readEntry)) };
  }

  get length(): number {
    return this.#chunks.length;
  }

  slice(start: number, end: number): string {
    return this.#chunks.slice(start, end);
  }

  contentOf(index: number): Content | undefined {
    return this.entries[index]?.content;
  }

  entriesFor(name: PackageName): readonly number[] {
    this.#named ??= indexesByName(this.entries);
    return this.#named.get(name) ?? [];
  }

  get includes(): readonly PlacedInclude[] {
    this.#includes ??= this.entries.flatMap(({ content }, index) =>
      content?.kind === 'include' || content?.kind === 'constraint' ? [{ ...content, index }] : [],
    );
    return this.#includes;
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
    let chunks = this.#chunks;
    let { lineStarts } = this;
    const base = this.#baseNow();
    let { replaced } = base;
    for (const { start, end, text } of changes) {
      const one = { start, end, newEnd: start + text.length };
      chunks = chunks.replace(start, end, text);
      lineStarts = editLineStarts(lineStarts, chunks, one);
      replaced = replaced === undefined ? one : joined(replaced, one);
    }
    return new EntryManifest(this.#kinds, { chunks, lineStarts, context: this.#context, base: { ...base, replaced } });
  }

  #baseNow(): Base {
    const { lineStarts } = this;
    return this.#reading === undefined
      ? (this.#base ?? { entries: [], parts: undefined, lineStarts, replaced: undefined })
      : { entries: this.#reading.entries, parts: this.#reading.parts, lineStarts, replaced: undefined };
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

// Some milliseconds.
const slowLength = 50_000;

/** One change in place of two, of which the second one is of what the first one has made. */
function joined(first: Replaced, second: Replaced): Replaced {
  const beyond = Math.max(0, second.end - first.newEnd);
  return {
    start: Math.min(first.start, second.start),
    end: first.end + beyond,
    newEnd: first.newEnd + beyond + second.newEnd - second.end,
  };
}

/** Whether all entries are the same ones, at the same lines and characters. */
function saysTheSame({ replaced, ...before }: Base, after: Reading, lineStarts: Int32Array): boolean {
  if (replaced === undefined) return true;
  const { start, end, newEnd } = replaced;
  const line = lastAtOrBefore(lineStarts, start);
  const isOnLine =
    before.lineStarts.length === lineStarts.length &&
    lastAtOrBefore(lineStarts, newEnd) === line &&
    lastAtOrBefore(before.lineStarts, end) === line;
  if (!isOnLine || before.entries.length !== after.entries.length) return false;
  if (!after.entries.every((entry, index) => entry === before.entries[index])) return false;
  const lineEnd = lineStarts[line + 1] ?? Infinity;
  return !after.starts.some((at) => at >= start && at < lineEnd);
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
