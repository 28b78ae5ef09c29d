import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { loadFile } from './loader.ts';

/** What git tracks in a repository: paths below its root, with `/`. */
export interface TrackedPaths {
  has(path: string): boolean;
  /** Whether a folder holds something that is tracked. */
  hasBelow(folder: string): boolean;
}

// That of a repository with a million files.
const mostBytes = 128 * 1024 * 1024;

/**
 * The files that git tracks in the repository with this root: they stay tracked whatever `.gitignore` says. `undefined` where
 * that cannot be found out, as in a working tree whose index lies elsewhere.
 */
export async function trackedPaths(root: string): Promise<TrackedPaths | undefined> {
  const folder = await lstat(path.join(root, '.git')).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    return undefined;
  }
  const loaded = await loadFile(path.join(root, '.git', 'index'), { within: [root], mostBytes });
  if ('error' in loaded) {
    return loaded.error.kind === 'missing' ? asTracked([]) : undefined;
  }
  const paths = decodeGitIndex(loaded.bytes);
  return paths && asTracked(paths);
}

function asTracked(paths: readonly string[]): TrackedPaths {
  const files = new Set(paths);
  const folders = new Set<string>();
  for (const file of paths) {
    for (
      let end = file.lastIndexOf('/');
      end > 0 && !folders.has(file.slice(0, end));
      end = file.lastIndexOf('/', end - 1)
    ) {
      folders.add(file.slice(0, end));
    }
  }
  return { has: (file) => files.has(file), hasBelow: (folder) => folders.has(folder) };
}

// Version 4 says of a path what it has in common with the one before: a small file can stand for more than there is memory.
const mostNameBytes = 4 * 1024;
const mostNamesBytes = mostBytes;

/** The paths of an index file (gitformat-index, versions 2 to 4); `undefined` for one that does not have all of them, or is none. */
export function decodeGitIndex(bytes: Buffer): readonly string[] | undefined {
  // The hashes of a repository are of one kind, and the index does not say which.
  return decodeEntries(bytes, 20) ?? decodeEntries(bytes, 32);
}

const headerBytes = 12;
const statBytes = 40;
const extendedFlag = 0x4000;

function decodeEntries(bytes: Buffer, hashBytes: number): readonly string[] | undefined {
  if (bytes.length < headerBytes + hashBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') {
    return undefined;
  }
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) {
    return undefined;
  }
  const end = bytes.length - hashBytes; // the checksum
  const paths: string[] = [];
  let before = Buffer.alloc(0);
  let namesBytes = 0;
  let at = headerBytes;
  for (let index = 0; index < count; index++) {
    const start = at;
    at += statBytes + hashBytes;
    if (at + 2 > end) {
      return undefined;
    }
    const isExtended = (bytes.readUInt16BE(at) & extendedFlag) !== 0;
    at += isExtended ? 4 : 2;
    const stripped = version === 4 ? readVarint(bytes, at) : { value: before.length, next: at };
    const nul = bytes.indexOf(0, stripped.next);
    if (nul < 0 || nul >= end || stripped.value > before.length) {
      return undefined;
    }
    const name = Buffer.concat([
      before.subarray(0, before.length - stripped.value),
      bytes.subarray(stripped.next, nul),
    ]);
    namesBytes += name.length;
    if (name.length > mostNameBytes || namesBytes > mostNamesBytes) {
      return undefined;
    }
    // They are in the order of their bytes; entries of a merge have the same name several times.
    if (name.length === 0 || Buffer.compare(before, name) > 0) {
      return undefined;
    }
    paths.push(name.toString('utf8'));
    before = name;
    at = version === 4 ? nul + 1 : start + Math.ceil((nul + 1 - start) / 8) * 8;
  }
  return hasAllEntries(bytes, at, end) ? paths : undefined;
}

/** Extensions follow; with `link` the other entries are in another file. */
function hasAllEntries(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at + 8 <= end) {
    if (bytes.toString('latin1', at, at + 4) === 'link') {
      return false;
    }
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}

/** As git writes offsets: each further byte adds one. */
function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } {
  let at = from;
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < bytes.length && value < 1e6) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
