import type { PackageName } from '../../../packages/packageName.ts';
import type { SlicedText } from '../../../text/editLineStarts.ts';
import { type EndsPart, readToml, readTomlPart } from '../../../text/toml/readToml.ts';
import { nodeAt, type SyntaxFault, type TreeNode } from '../../../text/tree/tree.ts';
import { packagesIn } from './lockDraft.ts';
import { type LockPackage, lockPackage, type LockShape, membersOf } from './lockShape.ts';
import { spanFrom } from '../shiftContent.ts';

/** Read from its beginning to the header of the next one, with places that count from `origin`. */
export interface Part {
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

/** What the parts come to that are no packages. */
export interface Others {
  readonly members: ReadonlySet<PackageName>;
  readonly faults: ReadonlyMap<Part, readonly SyntaxFault[]>;
  /** How many. */
  readonly count: number;
  /** They say nothing of the list of packages. */
  readonly isRegular: boolean;
}

// Room for a header; where one is longer, more is read.
export const usualHeader = 200;
export const noFaults: readonly SyntaxFault[] = [];

/** One part after the other, until one `stops` where the next one begins. */
export function readParts(
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
export function readOthers(parts: readonly Part[], starts: Int32Array, text: SlicedText, shape: LockShape): Others {
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

export function haveSameMembers({ members: a }: Others, { members: b }: Others): boolean {
  return a === b || (a.size === b.size && [...a].every((name) => b.has(name)));
}
