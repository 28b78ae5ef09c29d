import { loadNamedFile } from '../files/loadNamedFile.ts';

// The report of a very large repository.
const maxBytes = 256 * 1024 * 1024;

/** The text of a file that the user named; why it could not be had, in words. */
export async function readText(
  file: string,
  signal: AbortSignal,
): Promise<{ readonly text: string } | { readonly error: string }> {
  const loaded = await loadNamedFile(file, { mostBytes: maxBytes, signal });
  if ('error' in loaded) {
    return { error: loaded.error.message };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(loaded.bytes) };
  } catch {
    return { error: 'it is not in UTF-8' };
  }
}
