import { readFile, stat } from 'node:fs/promises';

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
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return { error: `"${path}" could not be read (${code}).` };
  }
}

/**
 * Bytes to text as pip does it: a byte order mark decides, else a PEP 263 line among the first two, else UTF-8. Bytes that
 * do not fit the encoding are an error, not replacement characters: a mangled name would be looked up as another package.
 */
export function decodeRequirementFile(bytes: Uint8Array, path: string): ReadText {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-32') {
    return { error: `"${path}" is UTF-32, which is not read; save it as UTF-8.` };
  }
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { error: `"${path}" is not readable as ${encoding}; save it as UTF-8.` };
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    return 'utf-32';
  }
  if (a === 0xff && b === 0xfe) {
    return 'utf-16le';
  }
  if (a === 0xfe && b === 0xff) {
    return 'utf-16be';
  }
  const head = Buffer.from(bytes.subarray(0, 1000)).toString('latin1').split('\n').slice(0, 2);
  const cookie = head.flatMap((line) => /^#.*?coding[:=][ \t]*([-\w.]+)/u.exec(line)?.[1] ?? [])[0];
  return cookie ?? 'utf-8';
}
