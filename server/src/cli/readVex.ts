import type { IgnoreList } from '../core/ignores/ignore.ts';
import { decodeOpenVex } from '../core/ignores/openVex.ts';
import { plainText } from '../core/text/plainText.ts';
import type { CliIo } from './io.ts';

/** The decisions of OpenVEX documents, or why one of them cannot be used. */
export async function readVex(
  files: readonly string[],
  io: CliIo,
  signal: AbortSignal,
): Promise<readonly IgnoreList[] | { readonly error: string }> {
  const lists: IgnoreList[] = [];
  for (const file of files) {
    const read = await io.readText(file, signal);
    const shown = plainText(file, 300);
    if ('error' in read) {
      return { error: `the OpenVEX document "${shown}" could not be read: ${read.error}` };
    }
    let json: unknown;
    try {
      json = JSON.parse(read.text);
    } catch {
      return { error: `the OpenVEX document "${shown}" is not JSON` };
    }
    const list = decodeOpenVex(file, json);
    if ('wrong' in list) {
      return { error: `"${shown}" cannot be used: ${list.wrong}` };
    }
    lists.push(list);
  }
  return lists;
}
