import { treeOfManifest } from '../core/assessment/decided/treeOfManifest.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import { isChosenScope, unknownScopes } from '../core/assessment/scopeChoice.ts';
import { comesWith, indexTree } from '../core/assessment/comesWith.ts';
import type { LockedTree } from '../core/manifests/lockedTree.ts';
import type { PackageName } from '../core/packages/packageName.ts';
import type { PlacedProjectFile } from './reading/placeFiles.ts';
import type { ProjectFile } from './reading/readProject.ts';

export interface ChosenFiles {
  readonly files: readonly PlacedProjectFile[];
  /** How many requirements were left out, by the part that they are in. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Words that name no part of any file. */
  readonly unknown: readonly string[];
}

/** What asks for what in each lock and environment, by path; to be read before the files are let go. */
export function treesOf(files: readonly ProjectFile[]): ReadonlyMap<string, LockedTree> {
  return new Map(
    files.flatMap(({ path, file }) =>
      file.kind.lockAgain === undefined ? [] : [[path, treeOfManifest(file)] as const],
    ),
  );
}

/**
 * The requirements in the parts that were chosen. A package of a lock or an environment is left out only where something that
 * was left out brings it in, and nothing that was chosen does: what nobody can say stays.
 */
export function chooseScopes(
  files: readonly PlacedProjectFile[],
  trees: ReadonlyMap<string, LockedTree>,
  choice: ReadonlySet<string>,
): ChosenFiles {
  const leftOut = new Map<string, number>();
  const declared = files.filter(({ path }) => !trees.has(path)).flatMap(({ placed }) => placed.requirements);
  const chosen = namesOf(declared.filter(({ scope }) => isChosenScope(scope, choice)));
  const others = namesOf(declared.filter(({ scope }) => !isChosenScope(scope, choice)));
  const all = files.map((file) => {
    const tree = trees.get(file.path);
    const isWanted = tree === undefined ? isDeclaredWanted : lockedWanted(tree, chosen, others);
    const requirements = file.placed.requirements.filter((one) => choice.has(one.scope ?? '') || isWanted(one));
    if (requirements.length === file.placed.requirements.length) return file;
    const kept = new Set(requirements);
    for (const one of file.placed.requirements) {
      // What is declared, too, counts there.
      const isDouble = tree !== undefined && others.has(one.normalizedName as PackageName);
      if (!kept.has(one) && !isDouble) count(one.scope ?? 'main');
    }
    return { ...file, placed: { ...file.placed, requirements } };
  });
  const scopes = files.flatMap(({ placed }) => placed.requirements.map(({ scope }) => scope));
  return { files: all, leftOut: Object.fromEntries(leftOut), unknown: unknownScopes(scopes, choice) };

  function count(scope: string): void {
    leftOut.set(scope, (leftOut.get(scope) ?? 0) + 1);
  }

  function isDeclaredWanted({ scope }: PlacedRequirement): boolean {
    return isChosenScope(scope, choice);
  }
}

function lockedWanted(
  tree: LockedTree,
  chosen: ReadonlySet<PackageName>,
  others: ReadonlySet<PackageName>,
): (requirement: PlacedRequirement) => boolean {
  const wanted = reached(tree, chosen);
  const left = reached(tree, others);
  return ({ normalizedName }) => wanted.has(normalizedName) || !left.has(normalizedName);
}

function reached(tree: LockedTree, names: ReadonlySet<PackageName>): ReadonlySet<string> {
  const coming = comesWith(indexTree(tree), names, { isLeftOut: () => false }).map(
    ({ normalizedName }) => normalizedName,
  );
  return new Set([...names, ...coming]);
}

function namesOf(requirements: readonly PlacedRequirement[]): ReadonlySet<PackageName> {
  return new Set(requirements.map(({ normalizedName }) => normalizedName as PackageName));
}
