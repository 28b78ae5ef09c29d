import type { LockedTree, TreePackage } from '../manifests/lockedTree.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { PlacedRequirement } from './requirement.ts';

/**
 * The packages that a lock holds beside what a manifest declares, each with the shortest way to it from what is declared:
 * `requiredBy.chain` begins with that. What is asked for by nothing that is declared here, and what must not be sent, is left
 * out. Circles end.
 */
export function comesWith(
  { packages }: LockedTree,
  declared: Iterable<PackageName>,
  isPrivate: (name: PackageName) => boolean,
  /** The command that makes the lock again with another version of a package. */
  again?: (name: PackageName) => string,
): readonly PlacedRequirement[] {
  const byName = new Map<PackageName, TreePackage[]>();
  for (const one of packages) {
    const known = byName.get(one.name);
    if (known === undefined) byName.set(one.name, [one]);
    else known.push(one);
  }
  const ways = waysFrom(declared, byName);
  const parents = parentsOf(packages);
  return packages.flatMap((one) => {
    const chain = ways.get(one);
    return chain === undefined || chain.length === 0 || one.version === undefined || isPrivate(one.name)
      ? []
      : [
          placed(one, one.version, {
            parents: [...(parents.get(one.name) ?? [])].sort(),
            chain,
            ...(again && { again: again(one.name) }),
          }),
        ];
  });
}

/** Breadth first. */
function waysFrom(
  declared: Iterable<PackageName>,
  byName: ReadonlyMap<PackageName, readonly TreePackage[]>,
): ReadonlyMap<TreePackage, readonly PackageName[]> {
  const ways = new Map<TreePackage, readonly PackageName[]>();
  for (const name of declared) {
    for (const one of byName.get(name) ?? []) ways.set(one, []);
  }
  // A map takes what is added while it is walked.
  for (const [one, chain] of ways) {
    if (chain.length >= longestChain) continue;
    const next = [...chain, one.name];
    for (const need of one.needs) {
      for (const child of byName.get(need.name) ?? []) {
        const isMeant = need.version === undefined || child.version?.text === need.version;
        if (isMeant && !ways.has(child)) ways.set(child, next);
      }
    }
  }
  return ways;
}

// Packages are a dozen steps away at most; in what somebody made up, the rest has no chain.
const longestChain = 50;

function parentsOf(packages: readonly TreePackage[]): ReadonlyMap<PackageName, ReadonlySet<PackageName>> {
  const parents = new Map<PackageName, Set<PackageName>>();
  for (const { name, needs } of packages) {
    for (const need of needs) {
      if (need.name === name) continue;
      const known = parents.get(need.name);
      if (known === undefined) parents.set(need.name, new Set([name]));
      else known.add(name);
    }
  }
  return parents;
}

function placed(
  { name, range }: TreePackage,
  { version, text }: NonNullable<TreePackage['version']>,
  requiredBy: NonNullable<PlacedRequirement['requiredBy']>,
): PlacedRequirement {
  return {
    name,
    normalizedName: name,
    range,
    tokenRange: range,
    nameRange: range,
    specifier: `==${text}`,
    version: text,
    scope: 'lock',
    requiredBy,
    subject: { kind: 'lookup', lookup: { name, version: version.normal } },
  };
}
