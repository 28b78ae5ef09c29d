import type { LockedTree, TreeNeed } from '../manifests/lockedTree.ts';
import { type Content, type Manifest, nameOf } from '../manifests/manifest.ts';
import type { PackageName } from '../packages/packageName.ts';
import { plainText } from '../text/plainText.ts';

/** Why a package of a lock or a compiled file is there. */
export interface RequiredBy {
  /** The packages that need it, sorted. */
  readonly parents: readonly PackageName[];
  /** The shortest way to it from what the project itself asks for: that first, its parent last. Empty where that is itself. */
  readonly chain: readonly PackageName[];
  /** The command that makes the lock again with another version of it; absent where it stands in no lock. */
  readonly again?: string;
  /** The constraints files that a compiled file says limit its version; absent where it says none. */
  readonly limitedBy?: readonly string[];
}

/** " (comes with flask through jinja2)", of a package that the project itself does not ask for; else nothing. */
export function requiredByText(requiredBy: RequiredBy | undefined): string {
  const [direct, ...between] = requiredBy?.chain ?? [];
  if (direct === undefined) return '';
  const shown = between.slice(-mostBetween).map((name) => plainText(name, 60));
  return ` (comes with ${plainText(direct, 60)}${shown.length === 0 ? '' : ` through ${shown.join(', ')}`})`;
}

const mostBetween = 3;

/**
 * Tells it for each entry; `undefined` of a file that says nothing of it. `tree`: what asks for what, where the file itself does
 * not record it. Circles end.
 */
export function requiredByIn(
  file: Manifest,
  tree?: LockedTree,
): ((index: number) => RequiredBy | undefined) | undefined {
  const isLock = file.kind.lockAgain !== undefined;
  if (file.viaOf === undefined || (!isLock && file.compiled === undefined)) return undefined;
  const parentsOf = tree && parentsIn(tree);
  const entries: Node[] = [];
  const local = new Set<PackageName>();
  for (const index of file.entries.keys()) {
    const content = file.contentOf(index);
    const name = nameOf(content)?.normalized;
    const { packages: own, sources, constraints } = file.viaOf(index);
    const packages = name === undefined || parentsOf === undefined ? own : [...(parentsOf.get(name) ?? own)];
    if (name !== undefined && isLocal(content, packages)) local.add(name);
    entries.push({ name, packages, isNamed: sources.length > 0, constraints });
  }
  const chains = chainsOf(entries, local);
  const { kind } = file;
  const told: (RequiredBy | undefined)[] = [];
  return (index) => {
    const entry = entries[index];
    if (entry?.name === undefined) return undefined;
    const again = kind.lockAgain?.(entry.name);
    return (told[index] ??= {
      parents: [...entry.packages].sort(),
      chain: chains[index] ?? [],
      ...(again === undefined ? {} : { again }),
      ...(entry.constraints === undefined ? {} : { limitedBy: entry.constraints }),
    });
  };
}

/** The project itself, or a member of its workspace, which others of these may ask for. */
function isLocal(content: Content | undefined, packages: readonly PackageName[]): boolean {
  if (content?.kind === 'editable' && content.isProject === true) return true;
  return packages.length === 0 && (content?.kind === 'path' || content?.kind === 'editable');
}

/** Of each package those that ask for it; with an extra, where one asks for that. */
function parentsIn({ packages }: LockedTree): ReadonlyMap<PackageName, ReadonlySet<PackageName>> {
  const asked = new Set(packages.flatMap(({ needs }) => needs).flatMap(extrasAskedFor));
  const parents = new Map<PackageName, Set<PackageName>>();
  for (const { name: parent, needs } of packages) {
    for (const { name, extra } of needs) {
      if (name === parent || (extra !== undefined && !asked.has(`${parent}[${extra}]`))) continue;
      const known = parents.get(name) ?? new Set();
      parents.set(name, known.add(parent));
    }
  }
  return parents;
}

function extrasAskedFor({ name, extras = [] }: TreeNeed): readonly string[] {
  return extras.map((extra) => `${name}[${extra}]`);
}

interface Node {
  readonly name: PackageName | undefined;
  readonly packages: readonly PackageName[];
  readonly isNamed: boolean;
  readonly constraints: readonly string[] | undefined;
}

/**
 * Of each entry. Breadth first from what is direct: named by a source file, by the project itself, or by nobody in the file. A
 * package may be there in several versions, each with parents of its own.
 */
function chainsOf(
  entries: readonly Node[],
  local: ReadonlySet<PackageName>,
): readonly (readonly PackageName[] | undefined)[] {
  const children = new Map<PackageName, number[]>();
  const chains: (readonly PackageName[] | undefined)[] = entries.map(() => undefined);
  const reached: number[] = [];
  entries.forEach(({ name, packages, isNamed }, index) => {
    if (name === undefined) return;
    for (const parent of packages) {
      const known = children.get(parent);
      if (known === undefined) children.set(parent, [index]);
      else known.push(index);
    }
    if (isNamed || packages.length === 0 || local.has(name) || packages.some((parent) => local.has(parent))) {
      chains[index] = [];
      reached.push(index);
    }
  });
  const walked = new Set<PackageName>();
  // A list takes what is added while it is walked.
  for (const index of reached) {
    const name = entries[index]?.name;
    const chain = chains[index] ?? [];
    if (name === undefined || walked.has(name) || chain.length >= longestChain) continue;
    walked.add(name);
    const next = local.has(name) ? [] : [...chain, name];
    for (const child of children.get(name) ?? []) {
      if (chains[child] !== undefined) continue;
      chains[child] = next;
      reached.push(child);
    }
  }
  return chains;
}

// Packages are a dozen steps away at most; in what somebody made up, the rest has no chain.
const longestChain = 50;
