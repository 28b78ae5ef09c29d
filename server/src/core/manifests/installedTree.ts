import type { MarkerValues } from '../markers/holdsIn.ts';
import { lockedPackage } from './lockedPackage.ts';
import type { LockedTree, TreeNeed, TreePackage } from './lockedTree.ts';
import type { InstalledPackage } from './installedPackage.ts';
import { neededBy } from './pep508/neededBy.ts';

/** A package whose metadata could not be read, and why, for people. */
export interface UnreadPackage {
  readonly name: string;
  readonly version: string;
  readonly unread: string;
}

/**
 * A package of an environment with what it asks for there, by its metadata; nothing where its name is none that a package can
 * have. It stands in no file.
 */
export function installedTreePackage(
  one: InstalledPackage | UnreadPackage,
  values: MarkerValues,
): readonly TreePackage[] {
  const isUnread = 'unread' in one;
  // A checkout or a folder is no release, whatever version it gives itself.
  const version = isUnread || one.source === undefined ? one.version : undefined;
  const needs = isUnread ? [] : one.requires.flatMap((requires) => neededBy(requires, values));
  return lockedPackage(one.name, version).map((known) => ({
    ...known,
    range: nowhere,
    needs: unique(needs),
    ...(isUnread ? { unread: one.unread } : {}),
  }));
}

/** What asks for what in an environment, and what markers stand for there, by the text that the kind of environments reads. */
export function treeOfInstalled(text: string): { readonly tree: LockedTree; readonly markers: MarkerValues } {
  // A host made it.
  const {
    markers = {},
    packages,
    unread = [],
  } = JSON.parse(text) as {
    readonly markers?: Readonly<Record<string, string>>;
    readonly packages: readonly InstalledPackage[];
    readonly unread?: readonly string[];
  };
  const values = new Map(Object.entries(markers));
  const tree: LockedTree = {
    packages: packages.flatMap((one) => installedTreePackage(one, values)),
    ...(unread.length === 0 ? {} : { isPartial: true }),
  };
  return { tree, markers: values };
}

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function unique(needs: readonly TreeNeed[]): readonly TreeNeed[] {
  return [
    ...new Map(
      needs.map((need) => [JSON.stringify([need.name, need.extra, need.extras, need.specifier]), need]),
    ).values(),
  ];
}
