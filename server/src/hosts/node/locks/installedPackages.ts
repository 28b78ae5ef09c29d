import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { InstalledPackage } from '../../../core/manifests/installedPackage.ts';
import type { MarkerValues } from '../../../core/markers/holdsIn.ts';
import { normalizeName } from '../../../core/packages/packageName.ts';
import { readCoreMetadata } from '../../../core/packages/coreMetadata.ts';
import type { ReadFile, UnreadFile } from '../../../project/reading/files.ts';
import { errorCode } from '../files/errorCode.ts';
import { type Loaded, loadFile, type LoadOptions, realFolders } from '../files/loader.ts';
import { markerValuesIn } from './markerValues.ts';

// With everything for machine learning an environment has under a thousand.
const mostPackages = 20_000;
// Of the largest on the index two hundred kilobytes.
const mostBytes = 2 * 1024 * 1024;
const atOnce = 32;
// Of all packages together; a thousand have some twenty megabytes, and ten thousand requirements.
const mostBytesTogether = 256 * 1024 * 1024;
const mostRequiredTogether = 200_000;

/**
 * The packages that are installed in an environment or a `site-packages` folder, as JSON: what their metadata say. Nothing is
 * run. Links out of the folder are not followed.
 */
export async function readInstalledPackages(folder: string, signal: AbortSignal): Promise<ReadFile> {
  try {
    const sites = await sitesOf(folder);
    if (sites.length === 0) return await noEnvironment(folder);
    const found: DistributionFolder[] = [];
    for (const site of sites) {
      for await (const { name } of await opendir(site)) {
        if (isDistribution(name)) found.push({ site, name });
        if (found.length > mostPackages) throw new Error(`it holds more than ${mostPackages} packages`);
      }
    }
    return { text: installedText(await readDistributions(found, signal), await markerValuesIn(folder, sites, signal)) };
  } catch (error) {
    const code = errorCode(error);
    const why =
      code === '' ? `${error instanceof Error ? error.message : String(error)}.` : `it could not be read (${code}).`;
    return { kind: signal.aborted ? 'timeout' : 'unreadable', error: `"${folder}" was not read: ${why}`, why };
  }
}

/** Where the metadata of a package are: a folder in a `site-packages` folder, of older tools a file. */
export interface DistributionFolder {
  readonly site: string;
  readonly name: string;
}

/** By the name of the folder; pip leaves others behind that begin with a tilde. */
export function isDistribution(name: string): boolean {
  return /^[^~].*\.(?:dist-info|egg-info)$/u.test(name);
}

/** What was read of the packages of an environment, in the order of their names. */
export interface Installed {
  readonly packages: readonly InstalledPackage[];
  readonly unread: readonly UnreadDistribution[];
}

export interface UnreadDistribution {
  readonly folder: string;
  /** It is, or may be, no release of an index. */
  readonly isElsewhere: boolean;
  /** For people. */
  readonly message: string;
}

/** Reads the metadata of these packages, some at once. */
export async function readDistributions(
  folders: readonly DistributionFolder[],
  signal: AbortSignal | undefined,
): Promise<Installed> {
  const found = folders.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const packages: InstalledPackage[] = [];
  const unread: UnreadDistribution[] = [];
  const real = new Map<string, ReturnType<typeof realFolders>>();
  const realFoldersOf: typeof realFolders = (within) => {
    const key = within.join('\0');
    const known = real.get(key) ?? realFolders(within);
    real.set(key, known);
    return known;
  };
  const seen = new Set<string>();
  let [bytes, required] = [0, 0];
  for (let at = 0; at < found.length; at += atOnce) {
    signal?.throwIfAborted();
    const some = found.slice(at, at + atOnce);
    if (bytes > mostBytesTogether || required > mostRequiredTogether) {
      unread.push(...some.map(({ name }) => ({ folder: name, isElsewhere: true, message: unreadText(name) })));
      continue;
    }
    for (const one of await Promise.all(some.map((folder) => readOne(folder, { realFoldersOf, signal })))) {
      if ('message' in one) {
        unread.push(one);
      } else {
        const release = `${normalizeName(one.read.name)} ${one.read.version}`;
        // Some tools leave the metadata of a package in two ways.
        if (!seen.has(release)) packages.push(one.read);
        seen.add(release);
        bytes += one.bytes;
        required += one.read.requires.length;
      }
    }
  }
  return { packages, unread };
}

/** As `installedKind` reads it: one package a line. */
export function installedText({ packages, unread }: Installed, markers: MarkerValues): string {
  const lines = packages.map((one) => JSON.stringify(one)).join(',\n');
  const values = JSON.stringify(Object.fromEntries(markers));
  const messages = JSON.stringify(unread.map(({ message }) => message));
  return `{"markers": ${values}, "packages": [\n${lines}\n], "unread": ${messages}}\n`;
}

async function sitesOf(folder: string): Promise<readonly string[]> {
  const lib = path.join(folder, 'lib');
  const pythons = (await namesIn(lib)).filter((name) => /^(?:python|pypy)\d/u.test(name)).sort();
  const candidates = [
    ...pythons.map((python) => path.join(lib, python, 'site-packages')),
    path.join(folder, 'Lib', 'site-packages'), // Windows
  ];
  const sites: string[] = [];
  for (const site of candidates) {
    if (await isFolder(site)) sites.push(site);
  }
  if (sites.length > 0) return sites;
  const isSite =
    path.basename(folder) === 'site-packages' || (await namesIn(folder)).some((name) => name.endsWith('.dist-info'));
  return isSite && (await isFolder(folder)) ? [folder] : [];
}

/** What is there in place of an environment, and what to name. */
async function noEnvironment(folder: string): Promise<UnreadFile> {
  const place = await stat(folder).catch((error: unknown) => {
    if (!isGone(error)) throw error;
    return undefined;
  });
  if (place === undefined) return { kind: 'missing', error: `there is no file or folder "${folder}"` };
  if (!place.isDirectory()) return { kind: 'notRegular', error: `"${folder}" is a file. ${whatToName}` };
  for (const one of [folder, path.join(folder, 'lib')]) {
    await opendir(one).then(
      (opened) => opened.close(),
      (error: unknown) => {
        if (!isGone(error)) throw error;
      },
    );
  }
  if (await hasConfig(folder)) {
    const error = `"${folder}" has a pyvenv.cfg, but no site-packages folder. Create it again.`;
    return { kind: 'notRegular', error };
  }
  const beside = ['.venv', 'venv', 'env'].map((name) => path.join(folder, name));
  const found = (await Promise.all(beside.map(hasConfig))).indexOf(true);
  const advice = found < 0 ? whatToName : `Name "${beside[found] ?? ''}", which is one.`;
  const error = `"${folder}" is no environment: it has no pyvenv.cfg and no site-packages folder. ${advice}`;
  return { kind: 'notRegular', error };
}

const whatToName = 'Name a virtual environment or a site-packages folder.';

async function hasConfig(folder: string): Promise<boolean> {
  return stat(path.join(folder, 'pyvenv.cfg')).then(
    (place) => place.isFile(),
    () => false,
  );
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      names.push(name);
      if (names.length > mostPackages * 4) break;
    }
  } catch {
    return [];
  }
  return names;
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

async function readOne(
  { site, name }: DistributionFolder,
  { realFoldersOf, signal }: Pick<LoadOptions, 'realFoldersOf' | 'signal'>,
): Promise<{ readonly read: InstalledPackage; readonly bytes: number } | UnreadDistribution> {
  const folder = path.join(site, name);
  const load = (file: string): Promise<Loaded> => loadFile(file, { within: [site], mostBytes, realFoldersOf, signal });
  const textOf = async (file: string): Promise<string | undefined> => decoded(await load(file));
  const [own, direct, requested] = await Promise.all([
    textOf(path.join(folder, 'METADATA')),
    load(path.join(folder, 'direct_url.json')),
    textOf(path.join(folder, 'REQUESTED')),
  ]);
  const metadata = own ?? (await textOf(path.join(folder, 'PKG-INFO'))) ?? (await textOf(folder));
  const facts = metadata === undefined ? undefined : readCoreMetadata(metadata);
  // Where it came from is not known, where that cannot be read: it may be no release of an index.
  const isElsewhere = !('error' in direct) || direct.error.kind !== 'missing';
  if (metadata === undefined || facts === undefined) return { folder: name, isElsewhere, message: unreadText(name) };
  const read = { ...facts, isRequested: requested !== undefined, ...(isElsewhere && originOf(decoded(direct) ?? '')) };
  return { read, bytes: metadata.length };
}

function decoded(loaded: Loaded): string | undefined {
  return 'error' in loaded ? undefined : new TextDecoder().decode(loaded.bytes);
}

function unreadText(name: string): string {
  return `The metadata of ${name.slice(0, 100)} could not be read.`;
}

/** PEP 610. */
function originOf(text: string): { readonly source: string; readonly location: string } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { source: 'url', location: '' };
  }
  const url = field(json, 'url');
  const location = typeof url === 'string' ? url.slice(0, 2_000) : '';
  const info = field(json, 'dir_info');
  if (info !== undefined) return { source: field(info, 'editable') === true ? 'editable' : 'path', location };
  const vcs = field(field(json, 'vcs_info'), 'vcs');
  return { source: vcs === undefined ? 'url' : vcs === 'git' ? 'git' : 'vcs', location };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
