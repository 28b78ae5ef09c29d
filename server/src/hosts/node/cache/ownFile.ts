import { closeSync, openSync, readSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createOwnFile } from '../files/write/createOwnFile.ts';
import { type Exposure, fileExposure, folderExposure } from '../files/exposure.ts';
import { makeFolder } from '../files/write/makeFolder.ts';
import { CacheFileError } from './cacheFileError.ts';

/**
 * Makes the file and its folder where they are missing, for this user alone, whatever the umask is. Returns the file with
 * links of its folder followed; one that is a link itself is not followed. Throws `CacheFileError` where others could have
 * written to it: with `isSealed` that does not matter, since each row proves who wrote it.
 */
export function prepareOwnFile(file: string, applicationId: number, isSealed: boolean): string {
  makeFolder(path.dirname(file));
  const folder = realpathSync(path.dirname(file));
  const real = path.join(folder, path.basename(file));
  const exposed = isSealed ? undefined : folderExposure(folder);
  if (exposed !== undefined) {
    throw new CacheFileError('exposed', `The cache in "${folder}" is not used: ${exposed.why}. ${advice}`);
  }
  for (const part of partsOf(real)) {
    const exposure = fileExposure(part);
    if (exposure?.kind === 'link') {
      throw new CacheFileError('exposed', `The cache in "${folder}" is not used: ${exposure.why}.`);
    }
    if (exposure !== undefined && !isSealed) {
      refuseFile(real, applicationId, exposure);
    }
  }
  createOwnFile(real);
  return real;
}

/** Others can have written it, or it was not made by us. The folder is this user's alone, so that what is ours may go. */
function refuseFile(file: string, applicationId: number, { why }: Exposure): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && applicationIdOf(file) !== applicationId) {
    throw new CacheFileError('foreign', `Answers are kept in memory only: "${file}" belongs to another application.`);
  }
  throw new CacheFileError('exposedFile', `The cache file "${file}" is not used: ${why}.`);
}

/** https://sqlite.org/fileformat.html#the_database_header */
function applicationIdOf(file: string): number {
  const header = Buffer.alloc(72);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header.readUInt32BE(68);
}

/** The file, its log, and what SQLite keeps beside them. Each decides what is read. */
function partsOf(file: string): readonly string[] {
  return [file, `${file}-wal`, `${file}-shm`, `${file}-journal`];
}

/** The log first: it must never be applied to the file that takes the place. */
export function removeOwnFile(file: string): void {
  [...partsOf(file)].reverse().forEach((part) => rmSync(part, { force: true }));
}

const advice =
  "Answers there may be another user's. Use a folder that only you can write to (chmod 700), or set PINWATCH_CACHE_KEY.";
