import type { PackageName } from '../../packages/packageName.ts';
import type { SlicedText } from '../../text/editLineStarts.ts';
import { lastAtOrBefore } from '../../text/lineIndex.ts';
import { type EndsPart, readToml, readTomlPart } from '../../text/toml/readToml.ts';
import { nodeAt, type SyntaxFault, type TreeNode } from '../../text/tree/tree.ts';
import { namelessDrafts, packagesIn } from './lockDraft.ts';
import {
  type LockPackage,
  lockPackage,
  type LockRelation,
  lockRelations,
  type LockShape,
  membersOf,
  packageDraft,
} from './lockShape.ts';
import { syntaxDrafts } from './problems.ts';
import { inOrder, keepSame, readEntry, type ReadEntry } from './readEntry.ts';
import { spanFrom } from './shiftContent.ts';

/** What stood between `start` and `end` has become what is now between `start` and `newEnd`. */
export interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
}

/** The entries of a lock, and where each of them begins. */
export interface LockEntries {
  readonly entries: readonly ReadEntry[];
  readonly starts: Int32Array;
  /** The same object for as long as every entry is of the same package, required by the same ones. */
  readonly reasons: object;
}

/**
 * A lock as the parts that can be read by themselves: each package with all its tables, and what is between them. An edit has
 * only those read again that it may change. What comes of it equals what `readLock` makes of the whole text.
 */
export class LockParts {
  readonly #shape: LockShape;
  readonly #parts: readonly Part[];
  /** Where each begins. */
  readonly #starts: Int32Array;
  readonly #others: Others;
  readonly #made: readonly MadePart[];
  readonly #all: LockEntries;
  /** Of one part after the other, all that is said of the file: otherwise it has to be read as a whole. */
  readonly isRegular: boolean;
  /** How many parts were read for it. */
  readonly read: number;

  private constructor(shape: LockShape, text: SlicedText, change: PartsChange, before: LockParts | undefined) {
    const { parts, first, removed, added } = change;
    this.#shape = shape;
    this.#parts = parts;
    this.#starts = startsOf(parts);
    this.read = added.length;
    const isAboutOthers = before === undefined || [...removed, ...added].some(({ isPackage }) => !isPackage);
    this.#others = isAboutOthers ? readOthers(parts, this.#starts, text, shape) : before.#others;
    const faults = this.#others.count + parts.reduce((sum, part) => sum + part.faults.length, 0);
    this.isRegular = this.#others.isRegular && faults <= mostFaults;
    if (!this.isRegular) {
      this.#made = [];
      this.#all = nothing;
      return;
    }
    const isFresh = before?.isRegular !== true;
    const isRelated = !isFresh && haveSameMembers(this.#others, before.#others) && saySame(removed, added);
    const old = isFresh ? [] : before.#made;
    const kept = isFresh ? 0 : first;
    const shift = removed.length - added.length;
    const relations = isRelated ? undefined : relationsOf(parts, this.#others.members);
    const made = parts.map((part, index) => {
      const isNew = index >= kept && (isFresh || index < first + added.length);
      const known = isNew ? undefined : old[index < first ? index : index + shift];
      // Of parts that say of their packages what they said, the relations are those of before.
      const relation = relations === undefined ? (known ?? old[index])?.relation : relations.get(part);
      const faults = part.isPackage ? part.faults : (this.#others.faults.get(part) ?? noFaults);
      return known !== undefined && known.faults === faults && isSameRelation(known.relation, relation)
        ? known
        : makePart(part, relation, faults, shape);
    });
    this.#made = keepEntries(old, made);
    this.#all = allOf(this.#made, this.#starts, isFresh ? undefined : before.#all);
  }

  static of(text: SlicedText, shape: LockShape): LockParts {
    const added = readParts(text, shape, { at: 0, isPackage: false, decidedBy: 0, reach: text.length }, () => false);
    return new LockParts(shape, text, { parts: added, first: 0, removed: [], added }, undefined);
  }

  get all(): LockEntries {
    return this.#all;
  }

  /** `text`: as it is then. `touched`: the lines of it that are other ones. */
  edited(text: SlicedText, replaced: Replaced, touched: string): LockParts {
    const { start, end, newEnd } = replaced;
    const shift = newEnd - end;
    const first = this.#firstTouched(start, touched);
    const at = this.#starts[first] ?? 0;
    // Behind the edit, where parts of before may begin.
    let next = Math.max(first + 1, countBelow(this.#starts, end));
    const stops = (place: number, isPackage: boolean): boolean => {
      while (next < this.#parts.length && (this.#starts[next] ?? 0) + shift < place) next++;
      const isThere = next < this.#parts.length && (this.#starts[next] ?? 0) + shift === place;
      return isThere && place >= newEnd && this.#parts[next]?.isPackage === isPackage;
    };
    const { isPackage = false, decidedBy = 0 } = this.#parts[first] ?? {};
    const behind = this.#starts[next];
    const reach = behind === undefined ? text.length : behind + shift + usualHeader;
    const added = readParts(text, this.#shape, { at, isPackage, decidedBy, reach }, stops);
    const last = added.at(-1)?.isLast === true ? this.#parts.length : next;
    const parts = [...this.#parts.slice(0, first), ...added, ...this.#parts.slice(last)];
    const removed = this.#parts.slice(first, last);
    return new LockParts(this.#shape, text, { parts, first, removed, added }, this);
  }

  /** The first part whose reading an edit at `start` may change. */
  #firstTouched(start: number, touched: string): number {
    const holder = lastAtOrBefore(this.#starts, start);
    const isInHeader = start - (this.#starts[holder] ?? 0) <= (this.#parts[holder]?.decidedBy ?? 0) + longestBreak;
    const first = isInHeader ? Math.max(0, holder - 1) : holder;
    if (!/"""|'''/u.test(touched)) return first;
    const open = this.#parts.findIndex(({ isOpen }) => isOpen);
    return open < 0 ? first : Math.min(first, open);
  }
}

/** Read from its beginning to the header of the next one, with places that count from `origin`. */
interface Part {
  readonly isPackage: boolean;
  readonly length: number;
  readonly origin: number;
  /** How far from its beginning the text says that it begins there. */
  readonly decidedBy: number;
  /** A string of several lines has no end in all the text behind it. */
  readonly isOpen: boolean;
  /** The text ends with it. */
  readonly isLast: boolean;
  /** Of a package; those of other parts are known where all of these are read together. */
  readonly faults: readonly SyntaxFault[];
  readonly package: LockPackage | undefined;
  /** The list that its table is in, where that has no name. */
  readonly nameless: TreeNode | undefined;
}

interface PartsChange {
  readonly parts: readonly Part[];
  /** From here on there are `added` ones in place of `removed` ones. */
  readonly first: number;
  readonly removed: readonly Part[];
  readonly added: readonly Part[];
}

/** What the parts come to that are no packages. */
interface Others {
  readonly members: ReadonlySet<PackageName>;
  readonly faults: ReadonlyMap<Part, readonly SyntaxFault[]>;
  /** How many. */
  readonly count: number;
  /** They say nothing of the list of packages. */
  readonly isRegular: boolean;
}

interface MadePart {
  readonly relation: LockRelation | undefined;
  readonly faults: readonly SyntaxFault[];
  readonly entries: readonly ReadEntry[];
  /** Where each begins, from the beginning of the part. */
  readonly offsets: readonly number[];
}

// As many as a reader of the whole text reports.
const mostFaults = 100;
const longestBreak = '\r\n'.length;
// Room for a header; where one is longer, more is read.
const usualHeader = 200;
const noFaults: readonly SyntaxFault[] = [];
const nothing: LockEntries = { entries: [], starts: new Int32Array(0), reasons: {} };

/** One part after the other, until one `stops` where the next one begins. */
function readParts(
  text: SlicedText,
  shape: LockShape,
  from: Pick<Part, 'isPackage' | 'decidedBy'> & { readonly at: number; readonly reach: number },
  stops: (at: number, isPackage: boolean) => boolean,
): readonly Part[] {
  const parts: Part[] = [];
  let { isPackage, decidedBy } = from;
  let start = from.at;
  let end = Math.min(text.length, from.reach);
  let window = text.slice(start, end);
  for (let at = 0; ;) {
    const ends = isPackage ? endsPackage(shape) : isPackageHeader(shape);
    const isPreamble = !isPackage && parts.length === 0 && from.at === 0;
    const read = readTomlPart(window, at, ends, !isPreamble);
    const isCut = read.isOpen || (read.next?.decidedBy ?? window.length) >= window.length;
    if (isCut && end < text.length) {
      // A string without an end may have it anywhere.
      end = read.isOpen ? text.length : Math.min(text.length, end + 2 * (end - start));
      start += at;
      window = text.slice(start, end);
      at = 0;
      continue;
    }
    const { next } = read;
    parts.push({ ...partOf(read, at, isPackage, shape), decidedBy, isLast: next === undefined });
    if (next === undefined) return parts;
    at = read.end;
    decidedBy = next.decidedBy - at;
    isPackage = isPackageHeader(shape)(next.keys, next.isList);
    if (stops(start + at, isPackage)) return parts;
  }
}

function partOf(
  read: ReturnType<typeof readTomlPart>,
  origin: number,
  isPackage: boolean,
  shape: LockShape,
): Omit<Part, 'decidedBy' | 'isLast'> {
  const list = isPackage ? nodeAt(read.root, shape.list) : undefined;
  const [found] = packagesIn(list);
  return {
    isPackage,
    length: read.end - origin,
    origin,
    isOpen: read.isOpen,
    faults: isPackage ? read.faults : noFaults,
    package: found && lockPackage(found.table, found.name, shape),
    nameless: found === undefined ? list : undefined,
  };
}

/** `[[package]]`. */
function isPackageHeader({ list }: LockShape): EndsPart {
  return (keys, isList) => isList && keys.length === 1 && keys[0] === list;
}

/** The same, or a header of what is no part of a package. */
function endsPackage(shape: LockShape): EndsPart {
  const isNext = isPackageHeader(shape);
  return (keys, isList) => keys[0] !== shape.list || isNext(keys, isList);
}

/**
 * All parts that are no packages, as one document: a table that is there twice is a fault wherever the two are. An empty
 * package stands for those between two of them.
 */
function readOthers(parts: readonly Part[], starts: Int32Array, text: SlicedText, shape: LockShape): Others {
  const runs: { readonly part: Part; readonly at: number }[] = [];
  let together = '';
  let packages = 0;
  parts.forEach((part, index) => {
    const start = starts[index] ?? 0;
    if (!part.isPackage) {
      runs.push({ part, at: together.length });
      together += text.slice(start, start + part.length);
    } else if (parts[index - 1]?.isPackage === false) {
      together += `[[${shape.list}]]\n`;
      packages++;
    }
  });
  const { root, faults } = readToml(together);
  const byPart = new Map<Part, SyntaxFault[]>(runs.map(({ part }) => [part, []]));
  for (const fault of faults) {
    const run = runs.findLast(({ at }) => at <= fault.span.start) ?? runs[0];
    if (run !== undefined) byPart.get(run.part)?.push({ ...fault, span: spanFrom(fault.span, run.at) });
  }
  const list = nodeAt(root, shape.list);
  const hasOld = shape.oldList !== undefined && nodeAt(root, shape.oldList) !== undefined;
  const isPlain =
    packages === 0
      ? list === undefined
      : list?.kind === 'list' &&
        list.items.length === packages &&
        list.items.every((item) => item.kind === 'table' && item.entries.size === 0);
  return {
    members: membersOf(root, shape),
    faults: byPart,
    count: faults.length,
    isRegular: isPlain && !hasOld,
  };
}

function haveSameMembers({ members: a }: Others, { members: b }: Others): boolean {
  return a === b || (a.size === b.size && [...a].every((name) => b.has(name)));
}

/** Whether the packages of both are the same ones and ask for the same. */
function saySame(before: readonly Part[], after: readonly Part[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ package: a, isPackage }, index) => {
      const { package: b, isPackage: isOther } = after[index] ?? {};
      if (isPackage !== isOther || (a === undefined) !== (b === undefined)) return false;
      return (
        a === undefined ||
        b === undefined ||
        (a.entry.name.value === b.entry.name.value &&
          a.entry.version?.value === b.entry.version?.value &&
          a.index === b.index &&
          haveSameItems(a.children, b.children))
      );
    })
  );
}

function relationsOf(
  parts: readonly Part[],
  members: ReadonlySet<PackageName>,
): ReadonlyMap<Part, LockRelation | undefined> {
  const named = parts.flatMap((part) => (part.package === undefined ? [] : [{ part, package: part.package }]));
  const relations = lockRelations(
    named.map((one) => one.package),
    members,
  );
  return new Map(named.map(({ part }, index) => [part, relations[index]]));
}

function isSameRelation(a: LockRelation | undefined, b: LockRelation | undefined): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.hasOwnIndex === b.hasOwnIndex &&
    a.isMember === b.isMember &&
    haveSameItems(a.via, b.via)
  );
}

function haveSameItems(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

function makePart(
  part: Part,
  relation: LockRelation | undefined,
  faults: readonly SyntaxFault[],
  shape: LockShape,
): MadePart {
  const { origin, isPackage } = part;
  // The faults of other parts count from the beginning of these.
  const by = isPackage ? origin : 0;
  const drafts = inOrder([
    ...syntaxDrafts(faults),
    ...(part.nameless === undefined ? [] : namelessDrafts(part.nameless, shape.list)),
    ...(part.package === undefined || relation === undefined ? [] : [packageDraft(part.package, relation)]),
  ]);
  return {
    relation,
    faults,
    entries: drafts.map(readEntry),
    offsets: drafts.map(({ span }) => span.start - by),
  };
}

/** Entries that say what they said are the same objects. */
function keepEntries(before: readonly MadePart[], made: readonly MadePart[]): readonly MadePart[] {
  const shorter = Math.min(before.length, made.length);
  let first = 0;
  while (first < shorter && before[first] === made[first]) first++;
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === made.at(-1 - last)) last++;
  const known = before.slice(first, before.length - last);
  if (known.length === 0) return made;
  const other = made.slice(first, made.length - last);
  const entries = keepSame(
    known.flatMap((part) => part.entries),
    other.flatMap((part) => part.entries),
  );
  let at = 0;
  const kept = other.map((part) => ({ ...part, entries: entries.slice(at, (at += part.entries.length)) }));
  return [...made.slice(0, first), ...kept, ...made.slice(made.length - last)];
}

function allOf(made: readonly MadePart[], partStarts: Int32Array, before: LockEntries | undefined): LockEntries {
  const entries: ReadEntry[] = [];
  const starts: number[] = [];
  made.forEach((part, index) => {
    const start = partStarts[index] ?? 0;
    part.entries.forEach((entry, at) => {
      entries.push(entry);
      starts.push(start + (part.offsets[at] ?? 0));
    });
  });
  const isSame =
    before?.entries.length === entries.length && entries.every((entry, at) => hasSameReason(entry, before.entries[at]));
  return { entries, starts: Int32Array.from(starts), reasons: isSame ? before.reasons : {} };
}

function hasSameReason(a: ReadEntry, b: ReadEntry | undefined): boolean {
  if (a === b) return true;
  return (
    b !== undefined &&
    nameIn(a) === nameIn(b) &&
    a.content?.kind === b.content?.kind &&
    a.isDirect === b.isDirect &&
    haveSameItems(a.via, b.via)
  );
}

function nameIn({ content }: ReadEntry): string | undefined {
  return content !== undefined && 'name' in content ? content.name?.normalized : undefined;
}

function startsOf(parts: readonly Part[]): Int32Array {
  const starts = new Int32Array(parts.length);
  let start = 0;
  parts.forEach(({ length }, index) => {
    starts[index] = start;
    start += length;
  });
  return starts;
}

/** How many of an ascending list are below `value`. */
function countBelow(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
