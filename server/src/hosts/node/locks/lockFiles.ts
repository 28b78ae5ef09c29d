import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import { decidedOf, packagesOfLock } from '../../../core/assessment/decided/lockedVersions.ts';
import type { LockedPackage } from '../../../core/manifests/lockedPackage.ts';
import { parseToml } from '../../../core/text/toml/parseToml.ts';
import type { LockDisk } from './lockDisk.ts';

/** In a folder that has several the first decides. */
const lockNames = ['uv.lock', 'poetry.lock', 'pdm.lock', 'pylock.toml', 'Pipfile.lock'] as const;

/** A lock, and for which folders it decides. */
export interface LockFile {
  readonly versions: LockedVersions;
  /** The folders of its project's members, relative to its own; absent where it does not say. */
  readonly members?: readonly string[];
}

/**
 * Whether a lock decides for the files in a folder. One of uv does for the members of its own project, and where these keep
 * their requirements apart: not for all that lies below it.
 */
export function decidesFor({ members }: LockFile, lockFolder: string, folder: string): boolean {
  return (
    members?.some((member) => {
      const inside = path.relative(path.resolve(lockFolder, member), folder);
      return inside === '' || inside === 'requirements';
    }) ?? true
  );
}

/** The lock of a folder; `undefined` where there is none that can be read. One that is half-written decides nothing. */
export async function readLock(folder: string, disk: LockDisk<LockFile>): Promise<LockFile | undefined> {
  for (const name of lockNames) {
    const lock = await disk.ofFile(path.join(folder, name), async (bytes) => {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      const packages = name === 'Pipfile.lock' ? packagesOfLock(JSON.parse(text)) : await packagesOfToml(text);
      const versions = { kind: 'lock', source: name, versions: decidedOf(packages) } as const;
      const members = name === 'uv.lock' ? membersOf(text) : [];
      return members.length === 0 ? { versions } : { versions, members };
    });
    if (lock !== undefined) {
      return lock;
    }
  }
  return undefined;
}

/** `source = { editable = "packages/a" }`, as uv writes it. */
function membersOf(text: string): readonly string[] {
  const found = text.matchAll(/^source = \{ (?:editable|virtual) = "([^"\\]{1,500})" \}$/gmu);
  return [...new Set([...found].map(([, folder = '.']) => folder))];
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
    const parsed = parseToml(table);
    if (parsed.kind === 'error') {
      throw new Error('it is not valid TOML'); // nothing is quoted: there may be a secret in it
    }
    for (const one of packagesOfLock(parsed.value)) {
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
