import { isUtf8 } from 'node:buffer';
import { decodeText, undecodableText } from '../../../core/text/decodeText.ts';
import type { ReadFile, UnreadFile } from '../../../project/reading/files.ts';
import { loadFile, type LoadError, type LoadOptions } from './loader.ts';
import { loadNamedFile } from './loadNamedFile.ts';
import { hasTooManyLines, mostLines } from '../../../core/text/lineLimit.ts';

export interface ReadRequirementOptions extends Pick<LoadOptions, 'realFoldersOf'> {
  /** The folders, links followed, in which the file must lie; without them it is one that the user named, wherever it lies. */
  readonly within?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

// The longest requirements files in public repositories are a tenth of a megabyte.
export const mostRequirementBytes = 10 * 1024 * 1024;

/** A requirements file as text; a reason for people where it cannot be had. Never throws. */
export async function readRequirementFile(
  path: string,
  { within, realFoldersOf, signal }: ReadRequirementOptions = {},
): Promise<ReadFile> {
  const limits = { mostBytes: mostRequirementBytes, signal };
  const loaded =
    within === undefined
      ? await loadNamedFile(path, limits)
      : await loadFile(path, { within, realFoldersOf, ...limits });
  if ('error' in loaded) {
    return unreadFile(path, loaded.error);
  }
  return decodeRequirementFile(loaded.bytes, path);
}

/** In words: a sentence that names the file, and what alone is wrong with it. */
export function unreadFile(path: string, { kind, code, message }: LoadError): UnreadFile {
  return code === undefined
    ? { kind, error: `"${path}" was not read: ${message}.`, why: `${message}.` }
    : { kind, error: `"${path}" could not be read (${code}).`, why: `it could not be read (${code}).` };
}

/** Bytes to text as pip does it; an encoding that we do not know ourselves is left to the platform's decoder. */
export function decodeRequirementFile(bytes: Uint8Array, path: string): ReadFile {
  const decoded = decodeText(bytes, decodeOther, decodeUtf8);
  if (decoded.kind !== 'text') {
    const why = undecodableText(decoded.encoding, { mayNameIt: !isAlwaysUtf8.test(path) });
    return { error: `"${path}" could not be read: ${why}`, why, kind: 'undecodable' };
  }
  const message = `it has more than ${mostLines} lines`;
  return hasTooManyLines(decoded.text) ? unreadFile(path, { kind: 'tooLarge', message }) : { text: decoded.text };
}

// By its format, or since nobody reads a comment about it there.
const isAlwaysUtf8 = /\.(?:toml|lock|json|ipynb|ya?ml|cfg|ini)$|(?:^|[\\/])Pipfile$|(?:Docker|Container)file/iu;

function decodeUtf8(bytes: Uint8Array): string | undefined {
  const { buffer, byteOffset, byteLength } = bytes;
  return isUtf8(bytes) ? Buffer.from(buffer, byteOffset, byteLength).toString() : undefined;
}

function decodeOther(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
