import { normalizeName, type PackageName } from './packageName.ts';
import { quote } from '../text/quote.ts';
import { parseVersion } from '../versions/version.ts';

/** Whether pip takes a path for an archive, by its extension alone. */
export function isArchivePath(path: string): boolean {
  const extension = archiveExtension(path).toLowerCase();
  return archiveExtensions.has(extension);
}

/** Whether pip reads a name and a version out of the file name. The extension is case-sensitive here. */
export function isWheelPath(path: string): boolean {
  return archiveExtension(lastSegment(path)) === '.whl';
}

/** The name and the normalised version that a wheel's file name holds. */
/** Why a wheel's file name cannot be read. */
export interface WheelNameFault {
  readonly message: string;
  readonly code: string;
}

export interface WheelName {
  /** As written. */
  readonly name: string;
  readonly normalized: PackageName;
  readonly version: string;
}

export function readWheelName(path: string): WheelName | WheelNameFault {
  const fileName = lastSegment(path);
  const parts = fileName.slice(0, -'.whl'.length).split('-');
  const [name = '', versionText = '', build = ''] = parts;
  const version = parseVersion(versionText);
  const normalized = normalizeName(name);
  const valid =
    (parts.length === 5 || (parts.length === 6 && /^\d/.test(build))) &&
    !name.includes('__') &&
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(normalized);
  if (valid && version !== undefined) return { name, normalized, version: version.normal };
  const message = `${quote(fileName)} is not the name of a wheel. It must be name-version(-build)-python-abi-platform.whl with a PEP 440 version.`;
  return { code: 'requirement.invalid-wheel-name', message };
}

/**
 * What stands for the version in the name of a source distribution of this package, `name-version.tar.gz`; `undefined` where
 * it is no archive or the name is another. As pip does, the shortest beginning that is the name counts.
 */
export function readSdistVersion(fileName: string, name: PackageName): string | undefined {
  const extension = archiveExtension(fileName);
  if (extension === '.whl' || !isArchivePath(fileName)) return undefined;
  const stem = fileName.slice(0, fileName.length - extension.length);
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    if (normalizeName(stem.slice(0, at)) === name) return stem.slice(at + 1);
  }
  return undefined;
}

export function lastSegment(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

const archiveExtensions: ReadonlySet<string> = new Set([
  '.zip',
  '.whl',
  '.tar.gz',
  '.tgz',
  '.tar',
  '.tar.bz2',
  '.tbz',
  '.tar.xz',
  '.txz',
  '.tlz',
  '.tar.lz',
  '.tar.lzma',
]);

/** Python's `posixpath.splitext`, with `.tar` taken together with what follows. Leading dots begin no extension. */
function archiveExtension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || (name.startsWith('.') && /^\.*$/.test(name.slice(0, dot)))) return '';
  const base = name.slice(0, dot);
  return base.slice(-'.tar'.length).toLowerCase() === '.tar'
    ? base.slice(-'.tar'.length) + name.slice(dot)
    : name.slice(dot);
}
