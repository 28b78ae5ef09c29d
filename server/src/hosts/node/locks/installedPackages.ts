import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readCoreMetadata } from '../../../core/packages/coreMetadata.ts';
import type { ReadFile } from '../../../project/files.ts';
import { errorCode } from '../files/errorCode.ts';
import { loadFile } from '../files/loader.ts';

// With everything for machine learning an environment has under a thousand.
const mostPackages = 20_000;
// Of the largest on the index two hundred kilobytes.
const mostBytes = 2 * 1024 * 1024;
const atOnce = 32;

/**
 * The packages that are installed in an environment or a `site-packages` folder, as JSON: what their metadata say. Nothing is
 * run. Links out of the folder are not followed.
 */
export async function readInstalledPackages(folder: string, signal: AbortSignal): Promise<ReadFile> {
  try {
    const sites = await sitesOf(folder);
    if (sites.length === 0) {
      const why = 'it holds no installed packages: name a virtual environment or a site-packages folder.';
      return { kind: 'missing', error: `"${folder}" was not read: ${why}`, why };
    }
    const found: { readonly site: string; readonly name: string }[] = [];
    for (const site of sites) {
      for await (const { name } of await opendir(site)) {
        if (/^[^~].*\.(?:dist-info|egg-info)$/u.test(name)) found.push({ site, name });
        if (found.length > mostPackages) throw new Error(`it holds more than ${mostPackages} packages`);
      }
    }
    found.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
    const packages: object[] = [];
    const unread: string[] = [];
    for (let at = 0; at < found.length; at += atOnce) {
      signal.throwIfAborted();
      const read = await Promise.all(found.slice(at, at + atOnce).map((one) => readOne(one.site, one.name, signal)));
      for (const one of read) {
        if (typeof one === 'string') unread.push(one);
        else packages.push(one);
      }
    }
    return { text: listText(packages, unread) };
  } catch (error) {
    const code = errorCode(error);
    const why =
      code === '' ? `${error instanceof Error ? error.message : String(error)}.` : `it could not be read (${code}).`;
    return { kind: signal.aborted ? 'timeout' : 'unreadable', error: `"${folder}" was not read: ${why}`, why };
  }
}

/** One package a line. */
function listText(packages: readonly object[], unread: readonly string[]): string {
  const lines = packages.map((one) => JSON.stringify(one)).join(',\n');
  return `{"packages": [\n${lines}\n], "unread": ${JSON.stringify(unread)}}\n`;
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

/** The package, or why it could not be read, for people. */
async function readOne(site: string, name: string, signal: AbortSignal): Promise<object | string> {
  const folder = path.join(site, name);
  const within = [site];
  const read = async (file: string): Promise<string | undefined> => {
    const loaded = await loadFile(file, { within, mostBytes, signal });
    return 'error' in loaded ? undefined : new TextDecoder().decode(loaded.bytes);
  };
  const metadata =
    (await read(path.join(folder, 'METADATA'))) ?? (await read(path.join(folder, 'PKG-INFO'))) ?? (await read(folder));
  const facts = metadata === undefined ? undefined : readCoreMetadata(metadata);
  if (facts === undefined) return `The metadata of ${name.slice(0, 100)} could not be read.`;
  const direct = await read(path.join(folder, 'direct_url.json'));
  const isRequested = (await read(path.join(folder, 'REQUESTED'))) !== undefined;
  return { ...facts, isRequested, ...(direct !== undefined && originOf(direct)) };
}

/** PEP 610. */
function originOf(text: string): { readonly source: string; readonly location: string } | undefined {
  let decoded: unknown;
  try {
    decoded = JSON.parse(text);
  } catch {
    return { source: 'url', location: '' };
  }
  const url = field(decoded, 'url');
  const location = typeof url === 'string' ? url.slice(0, 2_000) : '';
  const info = field(decoded, 'dir_info');
  if (info !== undefined) return { source: field(info, 'editable') === true ? 'editable' : 'path', location };
  const vcs = field(field(decoded, 'vcs_info'), 'vcs');
  return { source: vcs === undefined ? 'url' : vcs === 'git' ? 'git' : 'vcs', location };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
