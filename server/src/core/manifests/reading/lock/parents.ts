import { isPackageName, normalizeName, type PackageName } from '../../../packages/packageName.ts';

/** Who requires what: of each child, by its version where the lock says that, its parents. */
export class Parents {
  readonly #parents = new Map<string, Set<PackageName>>();
  readonly #answers = new Map<string, readonly PackageName[]>();
  #left = mostAnswered;

  add(parent: string, child: string, version?: string): void {
    this.addAll(parent, childrenOf(parent, [{ child, version }]));
  }

  /** The same for what `childrenOf` has made of several. */
  addAll(parent: string, children: readonly string[]): void {
    if (children.length === 0) return;
    const from = normalizeName(parent);
    for (const key of children) {
      const known = this.#parents.get(key);
      if (known === undefined) this.#parents.set(key, new Set([from]));
      else known.add(from);
    }
  }

  /** In order. A lock that has a package again and again, each time with many parents, gets some of them. */
  of(name: string, version: string | undefined): readonly PackageName[] {
    const child = normalizeName(name);
    const [any, exact] = [keyOf(child), version === undefined ? undefined : keyOf(child, version)];
    const hasExact = exact !== undefined && this.#parents.has(exact);
    const key = hasExact ? exact : any;
    const all = this.#answers.get(key) ?? this.#sorted(any, hasExact ? exact : undefined);
    const parents = all.length > this.#left ? all.slice(0, fewParents) : all;
    this.#answers.set(key, parents);
    this.#left = Math.max(0, this.#left - parents.length);
    return parents;
  }

  #sorted(...keys: readonly (string | undefined)[]): readonly PackageName[] {
    return [...new Set(keys.flatMap((key) => [...(this.#parents.get(key ?? '') ?? [])]))].sort();
  }
}

/** A package that another one asks for; with a version where only that one is meant. */
export interface LockEdge {
  readonly child: string;
  readonly version?: string | undefined;
}

/** What a package asks for, as `Parents` counts it; nothing asks for itself. */
export function childrenOf(parent: string, edges: readonly LockEdge[]): readonly string[] {
  const from = normalizeName(parent);
  return isPackageName(parent)
    ? edges.flatMap(({ child, version }) => {
        const to = normalizeName(child);
        return to === from ? [] : [keyOf(to, version)];
      })
    : [];
}

// As many as there are lines in the largest lock that is read.
const mostAnswered = 500_000;
const fewParents = 3;

function keyOf(name: string, version = ''): string {
  return `${name} ${version}`;
}
