import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import {
  versionsOf,
  entriesOfLock,
  indexOfEntry,
  needsOfEntry,
  packageOfEntry,
  packagesOfLock,
} from '../../../core/assessment/decided/lockedVersions.ts';
import type { LockedPackage } from '../../../core/manifests/lockedPackage.ts';
import type { TreePackage } from '../../../core/manifests/lockedTree.ts';
import { mainIndex } from '../../../core/manifests/reading/mainIndex.ts';
import { isPublicIndex } from '../../../core/manifests/reading/tableDraft.ts';
import { parseToml } from '../../../core/text/toml/parseToml.ts';
import { treeOfPipfileLock } from './pipfileNeeds.ts';
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

/**
 * The lock of a folder; `undefined` where there is none that can be read. One that is half-written decides nothing. `failed` is
 * called with each that is there and cannot be read.
 */
export async function readLock(
  folder: string,
  disk: LockDisk<LockFile>,
  failed?: (file: string) => void,
): Promise<LockFile | undefined> {
  for (const name of lockNames) {
    const file = path.join(folder, name);
    const make = async (bytes: Uint8Array): Promise<LockFile> => {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      const own = { kind: 'lock', source: name } as const;
      const uri = pathToFileURL(file).href;
      const versions: LockedVersions =
        name === 'Pipfile.lock'
          ? { ...own, ...versionsOf(packagesOfLock(JSON.parse(text))), tree: treeOfPipfileLock(text, uri) }
          : await versionsOfToml(own, text, uri);
      const members = name === 'uv.lock' ? membersOf(text) : [];
      return members.length === 0 ? { versions } : { versions, members };
    };
    const lock = await disk.ofFile(file, make, () => failed?.(file));
    if (lock !== undefined) {
      return lock;
    }
  }
  return undefined;
}

/** That of a script (`uv lock --script`), which lies beside it. Nothing else decides for the script: it gets an environment of its own. */
export async function readScriptLock(
  script: string,
  disk: LockDisk<LockFile>,
  failed?: (file: string) => void,
): Promise<LockFile | undefined> {
  const file = `${script}.lock`;
  const make = async (bytes: Uint8Array): Promise<LockFile> => {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const own = { kind: 'lock', source: path.basename(file) } as const;
    return { versions: await versionsOfToml(own, text, pathToFileURL(file).href) };
  };
  return disk.ofFile(file, make, () => failed?.(file));
}

/**
 * `source = { editable = "packages/a" }`, as uv writes it. The root of a workspace has groups of its own, also where it is no package
 * and so not in the lock.
 */
function membersOf(text: string): readonly string[] {
  const found = text.matchAll(/^source = \{ (?:editable|virtual) = "([^"\\]{1,500})" \}$/gmu);
  const folders = [...found].map(([, folder = '.']) => folder);
  return folders.length === 0 ? [] : [...new Set(['.', ...folders])];
}

// Shorter than a frame, so that a keystroke finds the event loop free.
const longestStretchMs = 5;
// The largest locks have some thousands.
const mostPackages = 50_000;

async function versionsOfToml(
  own: Pick<LockedVersions, 'kind' | 'source'>,
  text: string,
  uri: string,
): Promise<LockedVersions> {
  const { packages, tree } = await packagesOfToml(text);
  return { ...own, ...versionsOf(packages), tree: { uri, packages: tree } };
}

/**
 * Table by table: tools write each package as a table of its own, and a megabyte in one go would hold up the one who types
 * meanwhile. `breathe` is called after each.
 */
export async function packagesOfToml(
  text: string,
  breathe = breather(),
): Promise<{ readonly packages: readonly LockedPackage[]; readonly tree: readonly TreePackage[] }> {
  const tables = text.split(/^(?=\[\[packages?\]\])/mu);
  if (tables.length > mostPackages) {
    throw new Error(`it has more than ${mostPackages} packages`);
  }
  const packages: LockedPackage[] = [];
  const found: LockedTable[] = [];
  let line = 0;
  for (const table of tables) {
    const parsed = parseToml(table);
    if (parsed.kind === 'error') {
      throw new Error('it is not valid TOML'); // nothing is quoted: there may be a secret in it
    }
    for (const entry of entriesOfLock(parsed.value)) {
      for (const one of packageOfEntry(entry)) {
        packages.push(one); // there may be more than a call takes arguments
        found.push({ ...one, range: placeIn(table, line), needs: needsOfEntry(entry), index: indexOfEntry(entry) });
      }
    }
    line += lineBreaksIn(table);
    await breathe();
  }
  return { packages, tree: treeOf(found) };
}

type LockedTable = TreePackage & { readonly index: string | undefined };

/** What is from an index of its own is not looked up by its name. */
function treeOf(tables: readonly LockedTable[]): readonly TreePackage[] {
  const main = mainIndex(tables.map(({ index }) => index));
  return tables.map(({ name, version, range, needs, index }) => {
    const isOwn = index !== undefined && index !== main && !isPublicIndex(index);
    return { name, version: isOwn ? undefined : version, range, needs };
  });
}

/** Where a table that begins at a line has its version, else its name. */
function placeIn(table: string, from: number): TreePackage['range'] {
  const found = /^(version\s*=\s*["'])([^"'\n]*)/mu.exec(table) ?? /^(name\s*=\s*["'])([^"'\n]*)/mu.exec(table);
  const [, before = '', value = ''] = found ?? [];
  const line = from + lineBreaksIn(table.slice(0, found?.index ?? 0));
  return {
    start: { line, character: before.length },
    end: { line, character: before.length + value.length },
  };
}

function lineBreaksIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

/** Lets others run when this has run long enough. */
export function breather(): () => Promise<void> | undefined {
  let startedMs = performance.now();
  return () =>
    performance.now() - startedMs > longestStretchMs
      ? setImmediate().then(() => void (startedMs = performance.now()))
      : undefined;
}
