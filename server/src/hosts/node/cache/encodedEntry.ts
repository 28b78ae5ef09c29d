import type { StoredEntry } from '../../../engine/store/cacheTier.ts';
import type { RowSeal, SealedRow } from './rowSeal.ts';

export interface EncodedEntry extends SealedRow {
  readonly seal: string;
}

/** The entry as text; `undefined` if it is too old already, too big, or no JSON. */
export function encodeEntry(
  entry: StoredEntry,
  now: number,
  mostCharacters: number,
  seal: RowSeal,
): EncodedEntry | undefined {
  const { key } = entry;
  const checkedAt = Math.trunc(entry.checkedAt);
  const expiresAt = Math.min(Math.trunc(checkedAt + entry.maxAgeMs), Number.MAX_SAFE_INTEGER);
  // Turned around so that NaN, too, is refused.
  if (!(expiresAt > now && checkedAt >= 0)) {
    return undefined;
  }
  const text = textOf(entry.json);
  if (text === undefined || text.length > mostCharacters) {
    return undefined;
  }
  const row = { key, checkedAt, expiresAt, text };
  return { ...row, seal: seal.of(row) };
}

function textOf(json: unknown): string | undefined {
  try {
    return JSON.stringify(json);
  } catch {
    return undefined; // a cycle or a BigInt: not plain JSON, so not ours to keep
  }
}
