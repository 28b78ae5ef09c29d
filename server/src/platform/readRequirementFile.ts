import { readFile, stat } from 'node:fs/promises';
import { decodeText } from '../core/requirements/decodeText.ts';
import { errorCode } from './errorCode.ts';

export type ReadText = { readonly text: string } | { readonly error: string };

// The longest requirements files in public repositories are a tenth of a megabyte.
const maxBytes = 10 * 1024 * 1024;

/** A requirements file as text; a reason for people where it cannot be had. Never throws. */
export async function readRequirementFile(path: string): Promise<ReadText> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      return { error: `"${path}" was not read: it is larger than ${maxBytes / 1024 / 1024} MB.` };
    }
    return decodeRequirementFile(await readFile(path), path);
  } catch (error) {
    const code = errorCode(error) || String(error);
    return { error: `"${path}" could not be read (${code}).` };
  }
}

/** Bytes to text as pip does it; an encoding that we do not know ourselves is left to the platform's decoder. */
export function decodeRequirementFile(bytes: Uint8Array, path: string): ReadText {
  const decoded = decodeText(bytes, decodeOther);
  return decoded.kind === 'text'
    ? { text: decoded.text }
    : { error: `"${path}" could not be read: ${decoded.message}` };
}

function decodeOther(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
