import type { LockedTree, TreePackage } from '../manifests/lockedTree.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { PlacedRequirement } from './requirement.ts';

export interface ComingOptions {
  /** What must not be sent, and what counts elsewhere. */
  readonly isLeftOut: (name: PackageName) => boolean;
  /** The command that makes the lock again with another version of a package. */
  readonly again?: ((name: PackageName) => string) | undefined;
  /** The extras that are declared with a package. */
  readonly extrasOf?: ((name: PackageName) => readonly string[]) | undefined;
}

/**
 * The packages that a lock or an environment holds beside what a manifest declares, each with the shortest way to it from what
 * is declared: `requiredBy.chain` begins with that. What is asked for by nothing that is declared here is left out. Circles
 * end. A package of which it is not known what it asks for is one more, which could not be checked.
 */
export function comesWith(
  { packages, byName, parents }: TreeIndex,
  declared: Iterable<PackageName>,
  { isLeftOut, again, extrasOf = () => [] }: ComingOptions,
): readonly PlacedRequirement[] {
  const ways = waysFrom(declared, byName, extrasOf);
  const found: PlacedRequirement[] = [];
  for (const one of ways.size === 0 ? [] : packages) {
    const { name, version } = one;
    const chain = ways.get(one);
    if (chain === undefined || isLeftOut(name)) continue;
    if (chain.length > 0 && version !== undefined) {
      const own = { parents: parents.get(name) ?? [], chain, ...(again && { again: again(name) }) };
      found.push(placed(one, version, own));
    }
    if (one.unread !== undefined) found.push(placedUnread(one, one.unread, chain));
  }
  return found;
}

/** A tree, and what is looked for in it. */
export interface TreeIndex extends LockedTree {
  readonly byName: ReadonlyMap<PackageName, readonly TreePackage[]>;
  /** Sorted. */
  readonly parents: ReadonlyMap<PackageName, readonly PackageName[]>;
}

/** To be made once: a file asks with every name that is typed. */
export function indexTree(tree: LockedTree): TreeIndex {
  const byName = new Map<PackageName, TreePackage[]>();
  for (const one of tree.packages) {
    const known = byName.get(one.name);
    if (known === undefined) byName.set(one.name, [one]);
    else known.push(one);
  }
  const parents = new Map([...parentsOf(tree.packages)].map(([name, all]) => [name, [...all].sort()]));
  return { ...tree, byName, parents };
}

/** Breadth first; a package again for each extra of it that is asked for. */
function waysFrom(
  declared: Iterable<PackageName>,
  byName: ReadonlyMap<PackageName, readonly TreePackage[]>,
  extrasOf: (name: PackageName) => readonly string[],
): ReadonlyMap<TreePackage, readonly PackageName[]> {
  const ways = new Map<TreePackage, readonly PackageName[]>();
  const asked = new Map<TreePackage, Set<string>>();
  const steps: Step[] = [];
  const reach = (one: TreePackage, chain: readonly PackageName[], extras: readonly string[]): void => {
    if (!ways.has(one)) {
      ways.set(one, chain);
      steps.push({ one, chain, extra: undefined });
    }
    for (const extra of extras) {
      const known = asked.get(one) ?? new Set();
      if (known.has(extra)) continue;
      asked.set(one, known.add(extra));
      steps.push({ one, chain, extra });
    }
  };
  for (const name of declared) {
    for (const one of byName.get(name) ?? []) reach(one, [], extrasOf(name));
  }
  // A list takes what is added while it is walked.
  for (const { one, chain, extra } of steps) {
    if (chain.length >= longestChain) continue;
    const next = [...chain, one.name];
    for (const { name, version, extra: condition, extras = [] } of one.needs) {
      if (condition !== extra) continue;
      for (const child of byName.get(name) ?? []) {
        const isMeant = version === undefined || child.version?.text === version;
        if (isMeant) reach(child, child === one ? chain : next, extras);
      }
    }
  }
  return ways;
}

interface Step {
  readonly one: TreePackage;
  readonly chain: readonly PackageName[];
  /** What is followed: the needs that it has with this extra, or without any. */
  readonly extra: string | undefined;
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

/** What it asks for, as one requirement. */
function placedUnread(
  { name, range, version }: TreePackage,
  message: string,
  chain: readonly PackageName[],
): PlacedRequirement {
  return {
    name,
    normalizedName: name,
    range,
    tokenRange: range,
    nameRange: range,
    specifier: '',
    version: version?.text ?? null,
    scope: 'lock',
    requiredBy: { parents: [name], chain: [...chain, name] },
    subject: { kind: 'settled', outcome: { kind: 'failed', reason: 'invalid', message } },
  };
}
