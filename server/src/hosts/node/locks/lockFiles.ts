import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'smol-toml';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { decidedOf, packagesOfLock } from '../../../core/assessment/decided/lockedVersions.ts';
import type { LockedPackage } from '../../../core/manifests/lockedPackage.ts';
import type { LockDisk } from './lockDisk.ts';

/** In a folder that has several the first decides. */
const lockNames = ['uv.lock', 'poetry.lock', 'pdm.lock', 'pylock.toml', 'Pipfile.lock'] as const;

/** The lock of a folder; `undefined` where there is none that can be read. One that is half-written decides nothing. */
export async function readLock(folder: string, disk: LockDisk<LockedVersions>): Promise<LockedVersions | undefined> {
  for (const name of lockNames) {
    const lock = await disk.ofFile(path.join(folder, name), async (bytes) => {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      const packages = name === 'Pipfile.lock' ? packagesOfLock(JSON.parse(text)) : await packagesOfToml(text);
      return { kind: 'lock', source: name, versions: decidedOf(packages) } as const;
    });
    if (lock !== undefined) {
      return lock;
    }
  }
  return undefined;
}

// Shorter than a frame, so that a keystroke finds the event loop free.
const longestStretchMs = 5;
// The largest locks have some thousands.
const mostPackages = 50_000;

/**
 * Table by table: tools write each package as a table of its own, and a megabyte in one go would hold up the one who types
 * meanwhile. `breathe` is called after each.
 */
export async function packagesOfToml(text: string, breathe = breather()): Promise<readonly LockedPackage[]> {
  const tables = text.split(/^(?=\[\[packages?\]\])/mu);
  if (tables.length > mostPackages) {
    throw new Error(`it has more than ${mostPackages} packages`);
  }
  const packages: LockedPackage[] = [];
  for (const table of tables) {
    for (const one of packagesOfLock(parse(table))) {
      packages.push(one); // there may be more than a call takes arguments
    }
    await breathe();
  }
  return packages;
}

/** Lets others run when this has run long enough. */
function breather(): () => Promise<void> | undefined {
  let startedMs = performance.now();
  return () =>
    performance.now() - startedMs > longestStretchMs
      ? setImmediate().then(() => void (startedMs = performance.now()))
      : undefined;
}
