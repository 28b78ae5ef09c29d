import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { treeOfManifest } from '../../../core/assessment/decided/treeOfManifest.ts';
import type { LockedTree } from '../../../core/manifests/lockedTree.ts';
import { kindOfNamed } from '../../../core/manifests/manifestKinds.ts';

/** The packages of a Pipfile.lock, each at its place. It does not say what asks for what. */
export function treeOfPipfileLock(text: string, uri: string): LockedTree {
  return treeOfManifest(kindOfNamed('Pipfile.lock').parse(text), uri);
}

/** Joins what such a lock holds with what an environment knows of the same releases. The same two give the same object. */
export class PipfileNeeds {
  readonly #made = new WeakMap<LockedVersions, WeakMap<LockedVersions, LockedVersions>>();

  joined(lock: LockedVersions, environment: LockedVersions | undefined): LockedVersions {
    if (lock.tree === undefined || environment?.tree === undefined) return lock;
    const byEnvironment = this.#made.get(lock) ?? new WeakMap<LockedVersions, LockedVersions>();
    const made = byEnvironment.get(environment) ?? { ...lock, tree: joinedTree(lock.tree, environment.tree) };
    this.#made.set(lock, byEnvironment.set(environment, made));
    return made;
  }
}

function joinedTree(lock: LockedTree, environment: LockedTree): LockedTree {
  const needs = new Map(
    environment.packages.map(({ name, version, ...one }) => [`${name} ${version?.version.key ?? ''}`, one.needs]),
  );
  const packages = lock.packages.map((one) => ({
    ...one,
    needs: (one.version && needs.get(`${one.name} ${one.version.version.key}`)) ?? one.needs,
  }));
  return { ...lock, packages };
}
