import path from 'node:path';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { decidedOf, packagesOfEnvironment } from '../../../core/assessment/decided/lockedVersions.ts';
import type { LockDisk } from './lockDisk.ts';

/** In a folder that has several the first decides. */
const environmentNames = ['.venv', 'venv', 'env'] as const;

// An environment belongs to one Python; one that was upgraded in place may have a few.
const mostPythons = 8;

/** The packages installed in the virtual environment of a folder, from the names of their metadata folders alone. */
export async function readEnvironment(
  folder: string,
  disk: LockDisk<LockedVersions>,
): Promise<LockedVersions | undefined> {
  for (const name of environmentNames) {
    const environment = path.join(folder, name);
    if (await disk.isFile(path.join(environment, 'pyvenv.cfg'))) {
      const installed = await installedIn(environment, disk);
      return disk.ofNames(environment, installed, () => {
        const versions = decidedOf(packagesOfEnvironment(installed));
        return { kind: 'environment', source: name, versions };
      });
    }
  }
  return undefined;
}

async function installedIn(environment: string, disk: LockDisk<LockedVersions>): Promise<readonly string[]> {
  const lib = path.join(environment, 'lib');
  const pythons = (await disk.namesIn(lib)).filter((name) => /^(?:python|pypy)\d/u.test(name)).slice(0, mostPythons);
  const sites = [
    ...pythons.map((python) => path.join(lib, python, 'site-packages')),
    path.join(environment, 'Lib', 'site-packages'), // Windows
  ];
  const names = await Promise.all(sites.map((site) => disk.namesIn(site, '.dist-info')));
  return [...new Set(names.flat())].sort();
}
