import { normalizeName } from '../requirements/packageName.ts';
import type { PackageName, RequirementsFile } from '../requirements/model.ts';
import { compiledBy } from '../fixes/compiledBy.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import { parseVersion } from '../versions/version.ts';
import type { LockedVersions } from './decidedVersions.ts';

type Versions = LockedVersions['versions'];

/**
 * The packages of a decoded lock file: `[[package]]` of uv.lock, poetry.lock and pdm.lock, `[[packages]]` of pylock.toml
 * (PEP 751), `default` and `develop` of Pipfile.lock. Whatever is no name with a version is left out.
 */
export function versionsOfLock(decoded: unknown): Versions {
  const { package: packages, packages: standard, default: main, develop } = fieldsOf(decoded);
  return [
    ...[packages, standard].flatMap((list) => (Array.isArray(list) ? list.flatMap(entryOf) : [])),
    ...[main, develop].flatMap((table) => Object.entries(fieldsOf(table)).flatMap(pipenvEntryOf)),
  ];
}

/** From names like `Django-4.2.16.dist-info` (PEP 427); names that are none are left out. */
export function versionsOfEnvironment(distInfoNames: readonly string[]): Versions {
  return distInfoNames.flatMap((text) => {
    const [, name = '', version = ''] = /^([A-Za-z0-9._]+)-([A-Za-z0-9._+!]+)\.dist-info$/u.exec(text) ?? [];
    // Wheels write a dash of a local label as an underscore.
    return pairOf(name, version.replaceAll('_', '-'));
  });
}

/** The pins of a file that a tool compiled from `source`, a file's name; `undefined` where it was not compiled from that. */
export function versionsOfCompiled(file: RequirementsFile, source: string): Versions | undefined {
  const compiled = compiledBy(file);
  if (compiled?.sources.some((path) => path.split(/[\\/]/u).at(-1) === source) !== true) {
    return undefined;
  }
  return file.items.flatMap((item) => {
    const pinned = item.kind === 'requirement' ? pinnedVersion(item.specifier?.clauses ?? []) : undefined;
    return item.kind === 'requirement' && pinned?.kind === 'pin'
      ? [[item.name.normalized, pinned.clause.version] as const]
      : [];
  });
}

function entryOf(entry: unknown): Versions {
  const { name, version } = fieldsOf(entry);
  return pairOf(name, version);
}

function pipenvEntryOf([name, entry]: readonly [string, unknown]): Versions {
  const { version } = fieldsOf(entry);
  return pairOf(name, typeof version === 'string' ? version.replace(/^==/u, '') : undefined);
}

function pairOf(name: unknown, version: unknown): readonly (readonly [PackageName, string])[] {
  const isPair =
    typeof name === 'string' &&
    typeof version === 'string' &&
    /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/u.test(name) &&
    parseVersion(version) !== undefined;
  return isPair ? [[normalizeName(name), version]] : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
