import { countBelow, lastAtOrBefore } from '../../../text/lineIndex.ts';
import type { SlicedText } from '../../../text/editLineStarts.ts';
import type { LockShape } from './lockShape.ts';
import {
  allOf,
  isSameRelation,
  keepEntries,
  type LockEntries,
  type MadePart,
  makePart,
  relationsOf,
  saySame,
} from './makeLockParts.ts';
import {
  haveSameMembers,
  noFaults,
  type Others,
  type Part,
  readOthers,
  readParts,
  usualHeader,
} from './readLockParts.ts';

/** What stood between `start` and `end` has become what is now between `start` and `newEnd`. */
export interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
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

interface PartsChange {
  readonly parts: readonly Part[];
  /** From here on there are `added` ones in place of `removed` ones. */
  readonly first: number;
  readonly removed: readonly Part[];
  readonly added: readonly Part[];
}

// As many as a reader of the whole text reports.
const mostFaults = 100;
const longestBreak = '\r\n'.length;
const nothing: LockEntries = { entries: [], starts: new Int32Array(0), reasons: {} };

function startsOf(parts: readonly Part[]): Int32Array {
  const starts = new Int32Array(parts.length);
  let start = 0;
  parts.forEach(({ length }, index) => {
    starts[index] = start;
    start += length;
  });
  return starts;
}
