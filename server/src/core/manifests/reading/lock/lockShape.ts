import { normalizeName, type PackageName } from '../../../packages/packageName.ts';
import { readToml } from '../../../text/toml/readToml.ts';
import { nodeAt, type TableNode, type TextNode, type TreeNode } from '../../../text/tree/tree.ts';
import type { Draft } from '../draft.ts';
import { type LockedEntry, lockDraft, namelessDrafts, packagesIn } from './lockDraft.ts';
import { mainIndex } from '../mainIndex.ts';
import { childrenOf, type LockEdge, Parents } from './parents.ts';
import { syntaxDrafts } from '../problems.ts';
import { isPublicIndex } from '../tableDraft.ts';

/** A lock in TOML as a list of tables, one a package, each of which says all about itself but who asks for it. */
export interface LockShape {
  /** The key of the list; where the file has none, the one it had in older files. */
  readonly list: string;
  readonly oldList?: string;
  readonly packageIn: (table: TableNode, name: TextNode) => ShapedPackage;
  /** Packages that are the project itself, as the rest of the file says. */
  readonly membersIn?: (root: TreeNode | undefined) => readonly string[];
}

export interface ShapedPackage extends Omit<LockedEntry, 'name' | 'via' | 'hasOwnIndex'> {
  readonly edges: readonly LockEdge[];
  /** The address of the index that it is from; empty where it is from one, or from elsewhere, and the lock does not say which. */
  readonly index?: string | undefined;
}

/** A package by itself. */
export interface LockPackage {
  readonly entry: Omit<LockedEntry, 'via' | 'hasOwnIndex'>;
  readonly children: readonly string[];
  readonly index: string | undefined;
}

/** What the others of the file say of it. */
export interface LockRelation {
  readonly via: readonly PackageName[];
  readonly hasOwnIndex: boolean;
  readonly isMember: boolean;
}

/** All of it at once. */
export function readLock(text: string, shape: LockShape): readonly Draft[] {
  const { root, faults } = readToml(text);
  const { oldList } = shape;
  const list = nodeAt(root, shape.list) ?? (oldList === undefined ? undefined : nodeAt(root, oldList));
  const packages = packagesIn(list).map(({ table, name }) => lockPackage(table, name, shape));
  const relations = lockRelations(packages, membersOf(root, shape));
  return [
    ...syntaxDrafts(faults),
    ...namelessDrafts(list, shape.list),
    ...packages.map((one, at) => packageDraft(one, relations[at] ?? noRelation)),
  ];
}

export function lockPackage(table: TableNode, name: TextNode, shape: LockShape): LockPackage {
  const { edges, index, ...entry } = shape.packageIn(table, name);
  return { entry: { ...entry, name }, children: childrenOf(name.value, edges), index };
}

export function membersOf(root: TreeNode | undefined, { membersIn }: LockShape): ReadonlySet<PackageName> {
  return new Set((membersIn?.(root) ?? []).map(normalizeName));
}

/** Of each of the packages, in their order. */
export function lockRelations(
  packages: readonly LockPackage[],
  members: ReadonlySet<PackageName>,
): readonly LockRelation[] {
  const parents = new Parents();
  for (const { entry, children } of packages) parents.addAll(entry.name.value, children);
  const main = mainIndex(packages.map(({ index }) => (index === '' ? undefined : index)));
  return packages.map(({ entry: { name, version }, index }) => ({
    via: parents.of(name.value, version?.value),
    hasOwnIndex: index !== undefined && index !== main && !isPublicIndex(index),
    isMember: members.size > 0 && members.has(normalizeName(name.value)),
  }));
}

export function packageDraft({ entry }: LockPackage, { via, hasOwnIndex, isMember }: LockRelation): Draft {
  return lockDraft({ ...entry, via, hasOwnIndex, ...(isMember && { isProject: true }) });
}

const noRelation: LockRelation = { via: [], hasOwnIndex: false, isMember: false };
