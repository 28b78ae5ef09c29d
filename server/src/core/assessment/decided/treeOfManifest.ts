import type { LockedVersion } from '../../manifests/lockedPackage.ts';
import type { LockedTree, TreePackage } from '../../manifests/lockedTree.ts';
import { type Content, type Manifest, nameOf } from '../../manifests/manifest.ts';
import { rangeOf } from '../../manifests/places.ts';
import type { PackageName } from '../../packages/packageName.ts';
import { pinnedVersion } from '../../versions/pinnedVersion.ts';

/** What asks for what in a file that a tool made, as it says by each package. */
export function treeOfManifest(file: Manifest, uri?: string): LockedTree {
  const needs = new Map<PackageName, PackageName[]>();
  const found: Omit<TreePackage, 'needs'>[] = [];
  for (const index of file.entries.keys()) {
    const content = file.contentOf(index);
    const name = nameOf(content);
    if (name === undefined) continue;
    const pin = pinOf(content);
    const range = rangeOf(file, index, pin?.span ?? name.span);
    found.push({ name: name.normalized, version: pin?.version, range });
    for (const parent of file.viaOf?.(index).packages ?? []) {
      const known = needs.get(parent);
      if (known === undefined) needs.set(parent, [name.normalized]);
      else known.push(name.normalized);
    }
  }
  const packages = found.map((one) => ({
    ...one,
    needs: (needs.get(one.name) ?? []).map((name) => ({ name })),
  }));
  return { ...(uri === undefined ? {} : { uri }), packages };
}

interface PlacedPin {
  readonly version: LockedVersion;
  readonly span: { readonly start: number; readonly end: number };
}

/** A package with an index of its own is not looked up by its name. */
function pinOf(content: Content | undefined): PlacedPin | undefined {
  if (content?.kind !== 'index' || content.hasOwnIndex) return undefined;
  const pinned = pinnedVersion(content.specifier?.clauses ?? []);
  return pinned.kind === 'pin'
    ? { version: { version: pinned.version, text: pinned.clause.version }, span: pinned.clause.versionSpan }
    : undefined;
}
