import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { versionsOf, packagesOfEnvironment } from '../../../core/assessment/decided/lockedVersions.ts';
import { installedTreePackage, type UnreadPackage } from '../../../core/manifests/installedTree.ts';
import {
  type DistributionFolder,
  installedText,
  isDistribution,
  readDistributions,
  type UnreadDistribution,
} from './installedPackages.ts';
import { plainText } from '../../../core/text/plainText.ts';
import type { TreePackage } from '../../../core/manifests/lockedTree.ts';
import { breather } from './lockFiles.ts';
import type { LockDisk } from './lockDisk.ts';
import { markerValuesIn } from './markerValues.ts';

/** In a folder that has several the first decides. */
const environmentNames = ['.venv', 'venv', 'env'] as const;

// An environment belongs to one Python; one that was upgraded in place may have a few.
const mostPythons = 8;

export interface EnvironmentOptions {
  /** Who asks for whom is read, too, from the metadata of each package; else the names of their folders alone. */
  readonly withNeeds: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The packages installed in the virtual environment of a folder. */
export async function readEnvironment(
  folder: string,
  disk: LockDisk<LockedVersions>,
  options: EnvironmentOptions,
): Promise<LockedVersions | undefined> {
  for (const name of environmentNames) {
    const environment = path.join(folder, name);
    if (await disk.isFile(path.join(environment, 'pyvenv.cfg'))) {
      return readEnvironmentAt(environment, name, disk, options);
    }
  }
  return undefined;
}

/** The packages of an environment that the user has selected, by its own folder; `undefined` where it is none, as of the system's Python. */
export async function readSelected(
  environment: string,
  disk: LockDisk<LockedVersions>,
  options: EnvironmentOptions,
): Promise<LockedVersions | undefined> {
  if (!path.isAbsolute(environment)) return undefined;
  const isEnvironment =
    (await disk.isFile(path.join(environment, 'pyvenv.cfg'))) ||
    (await disk.namesIn(path.join(environment, 'conda-meta'), 'history')).length > 0;
  return isEnvironment
    ? readEnvironmentAt(path.normalize(environment), path.basename(environment), disk, options)
    : undefined;
}

async function readEnvironmentAt(
  environment: string,
  source: string,
  disk: LockDisk<LockedVersions>,
  { withNeeds, signal }: EnvironmentOptions,
): Promise<LockedVersions | undefined> {
  const { sites, folders, isUnread } = await installedIn(environment, disk);
  const names = [...new Set(folders.map(({ name }) => name))].sort();
  const { versions } = versionsOf(packagesOfEnvironment(names));
  const own: LockedVersions = { kind: 'environment', source, versions };
  if (!withNeeds) return disk.ofNames(environment, names, () => own);
  const unread = {
    ...own,
    unread: `What is installed in ${plainText(source, 100)} could not be read, so what it brings in is not checked.`,
  };
  if (isUnread) return disk.ofNames(`${environment}/?`, names, () => unread);
  return disk.ofNames(`${environment}/`, await stampsOf(folders), async () => {
    const whole = await disk.attempt(environment, async () => {
      const values = await markerValuesIn(environment, sites, signal);
      const installed = await readDistributions(folders, signal);
      const breathe = breather();
      const packages: TreePackage[] = [];
      for (const one of [...installed.packages, ...installed.unread.map(unreadPackage)]) {
        packages.push(...installedTreePackage(one, values));
        await breathe();
      }
      return {
        tree: { packages },
        installed: { uri: pathToFileURL(environment).href, text: installedText(installed, values), markers: values },
      };
    });
    signal?.throwIfAborted(); // and nothing is remembered
    return whole === undefined ? unread : { ...own, ...whole };
  });
}

interface InstalledIn {
  readonly sites: readonly string[];
  readonly folders: readonly DistributionFolder[];
  /** Not all of them. */
  readonly isUnread: boolean;
}

async function installedIn(environment: string, disk: LockDisk<LockedVersions>): Promise<InstalledIn> {
  const lib = path.join(environment, 'lib');
  const inLib = await disk.listing(lib);
  const pythons = inLib.names.filter((name) => /^(?:python|pypy)\d/u.test(name));
  const sites = [
    ...pythons.slice(0, mostPythons).map((python) => path.join(lib, python, 'site-packages')),
    path.join(environment, 'Lib', 'site-packages'), // Windows
  ];
  const found = await Promise.all(sites.map(async (site) => ({ site, ...(await disk.listing(site, '-info')) })));
  return {
    sites,
    folders: found.flatMap(({ site, names }) => names.filter(isDistribution).map((name) => ({ site, name }))),
    isUnread: pythons.length > mostPythons || [inLib, ...found].some((one) => one.isUnread),
  };
}

const atOnce = 64;

/** A package that is installed again, in the same version, is another folder. */
async function stampsOf(folders: readonly DistributionFolder[]): Promise<readonly string[]> {
  const stamps: string[] = [];
  for (let at = 0; at < folders.length; at += atOnce) {
    const some = folders.slice(at, at + atOnce).map(async ({ site, name }) => {
      const stats = await stat(path.join(site, name)).catch(() => undefined);
      return `${site}/${name} ${stats?.mtimeMs ?? ''} ${stats?.ino ?? ''}`;
    });
    stamps.push(...(await Promise.all(some)));
  }
  return stamps;
}

/** Its name and version stand in the name of its folder. */
function unreadPackage({ folder, isElsewhere, message }: UnreadDistribution): UnreadPackage {
  const [known] = packagesOfEnvironment([folder]);
  const version = isElsewhere ? undefined : known?.version?.text;
  return { name: known?.name ?? '', version: version ?? '', unread: message };
}
