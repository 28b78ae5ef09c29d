import { decodeText } from '../../../core/text/decodeText.ts';
import { loadFile, type LoadError } from './loader.ts';
import { loadNamedFile } from './loadNamedFile.ts';
import { hasTooManyLines, mostLines } from '../../../core/text/lineLimit.ts';

/** With the kind of what went wrong; `undecodable`: it was read, and is no text. */
export type ReadRequirementText =
  { readonly text: string } | { readonly error: string; readonly kind: LoadError['kind'] | 'undecodable' };

export type DecodedFile =
  { readonly text: string } | { readonly error: string; readonly kind: 'undecodable' | 'tooLarge' };

export interface ReadRequirementOptions {
  /** The folders, links followed, in which the file must lie; without them it is one that the user named, wherever it lies. */
  readonly within?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

// The longest requirements files in public repositories are a tenth of a megabyte.
export const mostRequirementBytes = 10 * 1024 * 1024;

/** A requirements file as text; a reason for people where it cannot be had. Never throws. */
export async function readRequirementFile(
  path: string,
  { within, signal }: ReadRequirementOptions = {},
): Promise<ReadRequirementText> {
  const limits = { mostBytes: mostRequirementBytes, signal };
  const loaded = within === undefined ? await loadNamedFile(path, limits) : await loadFile(path, { within, ...limits });
  if ('error' in loaded) {
    return { error: unreadText(path, loaded.error), kind: loaded.error.kind };
  }
  return decodeRequirementFile(loaded.bytes, path);
}

/** A sentence that names the file. */
export function unreadText(path: string, { code, message }: LoadError): string {
  return code === undefined ? `"${path}" was not read: ${message}.` : `"${path}" could not be read (${code}).`;
}

/** Bytes to text as pip does it; an encoding that we do not know ourselves is left to the platform's decoder. */
export function decodeRequirementFile(bytes: Uint8Array, path: string): DecodedFile {
  const decoded = decodeText(bytes, decodeOther);
  if (decoded.kind !== 'text') {
    return { error: `"${path}" could not be read: ${decoded.message}`, kind: 'undecodable' };
  }
  return hasTooManyLines(decoded.text)
    ? { error: `"${path}" was not read: it has more than ${mostLines} lines.`, kind: 'tooLarge' }
    : { text: decoded.text };
}

function decodeOther(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
