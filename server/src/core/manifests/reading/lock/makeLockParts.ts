import { haveSameEntries } from '../../../text/carryOver.ts';
import type { PackageName } from '../../../packages/packageName.ts';
import type { SyntaxFault } from '../../../text/tree/tree.ts';
import { namelessDrafts } from './lockDraft.ts';
import { type LockRelation, lockRelations, type LockShape, packageDraft } from './lockShape.ts';
import { syntaxDrafts } from '../problems.ts';
import type { Part } from './readLockParts.ts';
import { inOrder, keepSame, readEntry, type ReadEntry } from '../readEntry.ts';

/** The entries of a lock, and where each of them begins. */
export interface LockEntries {
  readonly entries: readonly ReadEntry[];
  readonly starts: Int32Array;
  /** The same object for as long as every entry is of the same package, required by the same ones. */
  readonly reasons: object;
}

export interface MadePart {
  readonly relation: LockRelation | undefined;
  readonly faults: readonly SyntaxFault[];
  readonly entries: readonly ReadEntry[];
  /** Where each begins, from the beginning of the part. */
  readonly offsets: readonly number[];
}

/** Whether the packages of both are the same ones and ask for the same. */
export function saySame(before: readonly Part[], after: readonly Part[]): boolean {
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
          haveSameEntries(a.children, b.children))
      );
    })
  );
}

export function relationsOf(
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

export function isSameRelation(a: LockRelation | undefined, b: LockRelation | undefined): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.hasOwnIndex === b.hasOwnIndex &&
    a.isMember === b.isMember &&
    haveSameEntries(a.via, b.via)
  );
}

export function makePart(
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
export function keepEntries(before: readonly MadePart[], made: readonly MadePart[]): readonly MadePart[] {
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

export function allOf(made: readonly MadePart[], partStarts: Int32Array, before: LockEntries | undefined): LockEntries {
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
    haveSameEntries(a.via, b.via)
  );
}

function nameIn({ content }: ReadEntry): string | undefined {
  return content !== undefined && 'name' in content ? content.name?.normalized : undefined;
}
