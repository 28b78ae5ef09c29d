import type { LockedVersions } from './decidedVersions.ts';
import { type LockedPackage, type LockedVersion, lockedPackage, longestName } from '../../manifests/lockedPackage.ts';
import type { TreeNeed } from '../../manifests/lockedTree.ts';
import type { PackageName } from '../../packages/packageName.ts';
import { parseVersion } from '../../versions/version.ts';

/**
 * The packages of a decoded lock file: `[[package]]` of uv.lock, poetry.lock and pdm.lock, `[[packages]]` of pylock.toml
 * (PEP 751), the categories of Pipfile.lock. What has no name is left out.
 */
export function packagesOfLock(decoded: unknown): readonly LockedPackage[] {
  const isPipenv = fieldOf(decoded, 'default') !== undefined || fieldOf(decoded, 'develop') !== undefined;
  return [
    ...entriesOfLock(decoded).flatMap(packageOfEntry),
    ...(isPipenv ? entriesOf(decoded) : []).flatMap(([category, table]) =>
      category === '_meta' ? [] : entriesOf(table).flatMap((entry) => packageOfPipenv(entry, category)),
    ),
  ];
}

/** The decoded `[[package]]` and `[[packages]]` of a lock. */
export function entriesOfLock(decoded: unknown): readonly unknown[] {
  const lists = ['package', 'packages'].map((key) => fieldOf(decoded, key));
  return lists.flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
}

/** Of folders like `Django-4.2.16.dist-info`. What pip left behind (`~jango-4.2.dist-info`) and all else is left out. */
export function packagesOfEnvironment(folderNames: readonly string[]): readonly LockedPackage[] {
  return folderNames.flatMap((folder) => {
    // No escaped version holds a dash, so the last one ends the name; older tools left dashes in that.
    const [, name, version = ''] = /^([^-](?:.*[^-])?)-([^-]+)\.dist-info$/u.exec(folder.slice(0, longestName)) ?? [];
    const unescaped = [version, version.replaceAll('_', '-'), version.replace('_', '+')];
    return lockedPackage(
      name,
      unescaped.find((text) => parseVersion(text) !== undefined),
    );
  });
}

/** What a lock has by name: one version, or several (one for each Python, platform or category). Without one that can be looked up, none. */
export function versionsOf(
  packages: readonly LockedPackage[],
): Pick<LockedVersions, 'versions' | 'several' | 'elsewhere'> {
  const all = new Map<PackageName, (LockedVersion | undefined)[]>();
  const [fromIndex, elsewhere] = [new Set<PackageName>(), new Set<PackageName>()];
  for (const { name, version, isElsewhere } of packages) {
    (isElsewhere === true ? elsewhere : fromIndex).add(name);
    const known = all.get(name);
    if (known === undefined) all.set(name, [version]);
    else known.push(version);
  }
  const versions = new Map<PackageName, LockedVersion>();
  const several = new Map<PackageName, readonly LockedVersion[]>();
  for (const [name, found] of all) {
    const known = found.filter((one) => one !== undefined);
    const [first] = known;
    if (first === undefined || known.length < found.length) continue;
    if (known.every(({ version }) => version.key === first.version.key)) {
      versions.set(name, { version: first.version, text: first.text });
    } else {
      several.set(name, known);
    }
  }
  fromIndex.forEach((name) => elsewhere.delete(name));
  return { versions, ...(several.size > 0 && { several }), ...(elsewhere.size > 0 && { elsewhere }) };
}

/** What a decoded `[[package]]` asks for, in whichever lock. The extras and groups that it may have count with it. */
export function needsOfEntry(entry: unknown): readonly TreeNeed[] {
  const lists = [
    fieldOf(entry, 'dependencies'),
    ...['optional-dependencies', 'dev-dependencies'].flatMap((key) =>
      entriesOf(fieldOf(entry, key)).map(([, list]) => list),
    ),
  ];
  return lists.flatMap((list) =>
    Array.isArray(list)
      ? (list as readonly unknown[]).flatMap(needOf)
      : entriesOf(list).flatMap(([name]) => needOf(name)),
  );
}

/** `{ name, version }` of uv and PEP 751, a requirement of pdm, a key of poetry. */
function needOf(edge: unknown): readonly TreeNeed[] {
  const written =
    typeof edge === 'string' ? /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/u.exec(edge)?.[1] : fieldOf(edge, 'name');
  const version = fieldOf(edge, 'version');
  return lockedPackage(written, undefined).map(({ name }) => ({
    name,
    ...(typeof version === 'string' ? { version } : {}),
  }));
}

/** The index that a decoded `[[package]]` is from, where it says one. */
export function indexOfEntry(entry: unknown): string | undefined {
  const source = fieldOf(entry, 'source');
  const url =
    fieldOf(source, 'registry') ?? (fieldOf(source, 'type') === 'legacy' ? fieldOf(source, 'url') : undefined);
  const index = url ?? fieldOf(entry, 'index');
  return typeof index === 'string' ? index : undefined;
}

export function packageOfEntry(entry: unknown): readonly LockedPackage[] {
  return isFromIndex(entry)
    ? lockedPackage(fieldOf(entry, 'name'), fieldOf(entry, 'version'))
    : lockedPackage(fieldOf(entry, 'name'), undefined).map((one) => ({ ...one, isElsewhere: true }));
}

function packageOfPipenv([name, entry]: readonly [string, unknown], category: string): readonly LockedPackage[] {
  const version = fieldOf(entry, 'version');
  const isPin = typeof version === 'string' && version.startsWith('==') && isFromIndex(entry);
  const scope = scopes.get(category) ?? `group:${category}`;
  return lockedPackage(name, isPin ? version.replace(/^={2,3}/u, '') : undefined).map((one) =>
    one.version === undefined ? one : { ...one, version: { ...one.version, scope } },
  );
}

/** The tables of a Pipfile that the categories of its lock are for; others have the same name. */
const scopes: ReadonlyMap<string, string> = new Map([
  ['default', 'dependencies'],
  ['develop', 'group:dev'],
]);

/** A checkout, a folder or an archive is no release, whatever version it gives itself. */
function isFromIndex(entry: unknown): boolean {
  if (elsewhere.some((key) => fieldOf(entry, key) !== undefined)) {
    return false;
  }
  const source = fieldOf(entry, 'source');
  // uv names a registry; poetry names an index of one's own "legacy", and PyPI not at all.
  return source === undefined || fieldOf(source, 'registry') !== undefined || fieldOf(source, 'type') === 'legacy';
}

/** Keys of pdm, pipenv and PEP 751. */
const elsewhere = [
  'git',
  'hg',
  'svn',
  'bzr',
  'path',
  'file',
  'url',
  'editable',
  'vcs',
  'directory',
  'archive',
] as const;

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (Object.getOwnPropertyDescriptor(value, key)?.value as unknown)
    : undefined;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
