import { URI } from 'vscode-uri';

/**
 * The one name of a file, however a client, Node or a person spells its address: the URI as VS Code writes it. It is the
 * key of everything that is looked up by a file or a folder. A folder has no slash at its end.
 */
export type FileId = string & { readonly brand: 'FileId' };

/** Never throws. What is no valid URI has a name, too: it equals itself, lies in no folder of the disk and has no path. */
export function fileId(uri: string): FileId {
  if (!scheme.test(uri) || isOdd(uri)) {
    return asId(withoutSlash(uri));
  }
  try {
    const { scheme: given, authority, path, query, fragment } = URI.parse(uri.replace(emptyHost, '$1/'));
    return given.toLowerCase() === 'file'
      ? diskId(authority, path, { query, fragment })
      : asId(withoutSlash(URI.from({ scheme: given.toLowerCase(), authority, path, query, fragment }).toString()));
  } catch {
    return asId(withoutSlash(uri));
  }
}

/** Of a path as the platform writes it. */
export function idOfPath(path: string, isWindows: boolean): FileId {
  const plain = isWindows ? path.replaceAll('\\', '/') : path;
  const [, host = '', rest = plain] = (isWindows && /^\/\/([^/]+)(\/.*)?$/su.exec(plain)) || [];
  return diskId(host, rest.startsWith('/') ? rest : `/${rest}`);
}

/** As the platform writes it; `undefined` where the file is not on a disk of this machine, or no file can be called that. */
export function pathOf(file: FileId, isWindows: boolean): string | undefined {
  const parts = onDisk(file);
  if (parts === undefined || parts.path.includes('\0')) {
    return undefined;
  }
  const { authority, path } = parts;
  if (!isWindows) {
    return authority === '' ? path : undefined;
  }
  if (path.includes('\\')) {
    return undefined;
  }
  const native = path.replaceAll('/', '\\');
  if (authority !== '') {
    return path === '/' ? undefined : `\\\\${authority}${native}`;
  }
  return drive.test(path) ? (path.length === 3 ? `${native.slice(1)}\\` : native.slice(1)) : undefined;
}

/** Whether a file, or folder, lies anywhere below a folder; a folder does not lie in itself. */
export function isInside(file: FileId, folder: FileId): boolean {
  return file.length > folder.length && file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Whether it is this folder or lies in it. */
export function isAtOrInside(file: FileId, folder: FileId): boolean {
  return file === folder || isInside(file, folder);
}

/** Whether it is one of these, or lies in one of them; as quick for many places as for one. */
export function isAtOrInsideAny(file: FileId, places: ReadonlySet<FileId>): boolean {
  const [root = ''] = rootOf.exec(file) ?? [];
  for (let end = file.length; end > root.length; end = file.lastIndexOf('/', end - 1)) {
    if (places.has(asId(file.slice(0, end)))) {
      return true;
    }
  }
  return places.has(asId(root));
}

/** What comes last in its path, decoded; for people it is still to be made harmless. */
export function nameOf(file: FileId): string {
  return decoded(file.slice(file.lastIndexOf('/') + 1));
}

/** The folder that it lies in; the root is its own. */
export function folderOf(file: FileId): FileId {
  const at = file.lastIndexOf('/');
  const [root = ''] = rootOf.exec(file) ?? [];
  return fileId(at < root.length ? root : file.slice(0, at));
}

/** Where a path that is written in a file leads: from that file's folder, from the root, or a `file:` URL. */
export function join(from: FileId, target: string): FileId {
  if (/^file:/iu.test(target)) {
    return fileId(target.replace(/[?#].*$/su, ''));
  }
  return below(folderOf(from), target);
}

/** A path from a folder. Where the folder lies on a Windows drive, that system's paths are understood, too. */
export function below(folder: FileId, target: string): FileId {
  const parts = onDisk(folder);
  if (parts === undefined) {
    return fileId(`${folder}/${target}`);
  }
  const { authority, path } = parts;
  const isWindows = drive.test(path) || authority !== '';
  const plain = isWindows ? target.replaceAll('\\', '/') : target;
  if (isWindows && /^[A-Za-z]:\//u.test(plain)) {
    return diskId('', `/${plain}`);
  }
  if (isWindows && /^\/\/[^/]/u.test(plain)) {
    return idOfPath(plain, true);
  }
  if (plain.startsWith('/')) {
    return diskId(authority, drive.test(path) ? path.slice(0, 3) + plain : plain);
  }
  return diskId(authority, `${path}/${plain}`);
}

/** For people: relative to the folder that it lies in, with that folder's name where there are several. */
export function shownBelow(folders: readonly FileId[], file: FileId): string {
  const folder = innermost(folders.filter((one) => isInside(file, one)));
  if (folder !== undefined) {
    const path = decoded(file.slice(folder.endsWith('/') ? folder.length : folder.length + 1));
    return folders.length > 1 ? `${nameOf(folder)}/${path}` : path;
  }
  const parts = onDisk(file);
  if (parts === undefined) {
    return decoded(file);
  }
  return parts.authority === '' ? parts.path.replace(/^\/(?=[a-z]:)/u, '') : `//${parts.authority}${parts.path}`;
}

/** Decoded as a whole: what globs are matched with. */
export function decodedId(file: FileId): string {
  return decoded(file);
}

/** Whether it claims to be on a disk, and be it that no file can be called so. */
export function isDiskAddress(file: FileId): boolean {
  return file.startsWith('file:');
}

/** Whether it is a file of a disk, of this machine or another. */
export function isOnDisk(file: FileId): boolean {
  return onDisk(file) !== undefined;
}

function innermost(folders: readonly FileId[]): FileId | undefined {
  return folders.reduce<FileId | undefined>(
    (longest, one) => (longest === undefined || one.length > longest.length ? one : longest),
    undefined,
  );
}

function onDisk(file: FileId): { readonly authority: string; readonly path: string } | undefined {
  if (!isDiskAddress(file) || isOdd(file)) {
    return undefined;
  }
  try {
    return URI.parse(file);
  } catch {
    return undefined;
  }
}

function diskId(
  host: string,
  path: string,
  also: { readonly query?: string; readonly fragment?: string } = {},
): FileId {
  const authority = host.toLowerCase() === 'localhost' ? '' : host;
  const normal = normalPath(path);
  if (/\p{Cs}/u.test(normal + authority)) {
    return asId(`file://${authority}${normal}`);
  }
  try {
    return asId(withoutSlash(URI.from({ scheme: 'file', authority, path: normal, ...also }).toString()));
  } catch {
    return asId(`file://${authority}${normal}`);
  }
}

/** Without `.`, `..` and double slashes: no file has two addresses, and none lies in a folder by its address alone. */
function normalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      kept.pop();
    } else if (segment !== '' && segment !== '.') {
      kept.push(segment);
    }
  }
  return `/${kept.join('/')}`;
}

/** What an address can hold and no path: percent signs that encode nothing, a slash within a name, half characters. */
function isOdd(uri: string): boolean {
  if (/%(?:2f|00)|\p{Cs}/iu.test(uri)) {
    return true;
  }
  return decoded(uri) === uri && uri.includes('%');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutSlash(uri: string): string {
  const [root = ''] = rootOf.exec(uri) ?? [];
  const trimmed = uri.replace(/\/+$/u, '');
  return trimmed.length < root.length ? root : trimmed;
}

function asId(text: string): FileId {
  return text as FileId;
}

// A single letter is a drive.
const scheme = /^[A-Za-z][A-Za-z0-9+.-]+:/u;
const drive = /^\/[A-Za-z]:(?=\/|$)/u;
// An empty host and several slashes: `x:////a` is `x:///a`.
const emptyHost = /^([^:/?#]+:\/\/)\/+/u;
const rootOf = /^[A-Za-z][A-Za-z0-9+.-]+:(?:\/\/[^/]*)?\/?/u;
