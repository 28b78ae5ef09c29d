import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import type { LockedTree, TreePackage } from '../../server/src/core/manifests/lockedTree.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';
import { locked } from './locked.ts';

/** A lock in which "flask 1.0" asks for the packages that are listed with it, one package a line. */
export function lockedTree(
  source: string,
  needs: Readonly<Record<string, readonly string[]>>,
  uri: string | undefined = `file:///project/${source}`,
  kind: LockedVersions['kind'] = 'lock',
): LockedVersions {
  const packages = Object.entries(needs).map(([release, names], line): TreePackage => {
    const [name = '', text = ''] = release.split(' ');
    const version = parseVersion(text);
    return {
      name: normalizeName(name),
      version: version && { version, text },
      range: { start: { line, character: 11 }, end: { line, character: 11 + text.length } },
      needs: names.map((one) => ({ name: normalizeName(one) })),
    };
  });
  const versions = Object.fromEntries(Object.keys(needs).map((release) => release.split(' ') as [string, string]));
  return { ...locked(kind, source, versions), tree: { ...(uri === undefined ? {} : { uri }), packages } };
}

/** The same, installed: its packages are in no file. */
export function installedTree(source: string, needs: Readonly<Record<string, readonly string[]>>): LockedVersions {
  const { tree, ...versions } = lockedTree(source, needs, '', 'environment');
  const own: LockedTree = { packages: tree?.packages ?? [] };
  return { ...versions, tree: own };
}
