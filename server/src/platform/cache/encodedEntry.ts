import type { StoredEntry } from '../../scan/cacheTier.ts';
import { checksum } from './checksum.ts';

export interface EncodedEntry {
  readonly key: string;
  readonly checkedAt: number;
  readonly expiresAt: number;
  readonly text: string;
  readonly checksum: string;
}

/** The entry as text; `undefined` if it is too old already, too big, or no JSON. */
export function encodeEntry(entry: StoredEntry, now: number, mostCharacters: number): EncodedEntry | undefined {
  const { key } = entry;
  const checkedAt = Math.trunc(entry.checkedAt);
  const expiresAt = Math.min(Math.trunc(checkedAt + entry.maxAgeMs), Number.MAX_SAFE_INTEGER);
  // Turned around so that NaN, too, is refused.
  if (!(expiresAt > now && checkedAt >= 0)) {
    return undefined;
  }
  const text = textOf(entry.json);
  return text === undefined || text.length > mostCharacters
    ? undefined
    : { key, checkedAt, expiresAt, text, checksum: checksum({ key, checkedAt, expiresAt, text }) };
}

function textOf(json: unknown): string | undefined {
  try {
    return JSON.stringify(json);
  } catch {
    return undefined; // a cycle or a BigInt: not plain JSON, so not ours to keep
  }
}
