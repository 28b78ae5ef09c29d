import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { StoredEntry, StoredValue } from '../../../../../server/src/engine/store/cacheTier.ts';

/** Small enough that rows are evicted all the time. */
export const storeBytes = 500_000;

export const sharedKeys: readonly string[] = Array.from({ length: 150 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('base64url'),
);

/** Its text follows from key and name, so that a reader knows what was written. */
export function writtenEntry(key: string, name: string, size: number): StoredEntry {
  const length = 1 + Math.floor(size * 100);
  return { key, json: { name, length, text: textOf(key, name, length) }, checkedAt: Date.now(), maxAgeMs: 3_600_000 };
}

/** What is wrong with a value; `undefined` if it is exactly one that was written for the key. */
export function wrongValue(key: string, { json }: StoredValue): string | undefined {
  if (typeof json === 'object' && json !== null && 'name' in json && 'length' in json) {
    const { name, length } = json;
    if (typeof name === 'string' && typeof length === 'number') {
      if (isDeepStrictEqual(json, { name, length, text: textOf(key, name, length) })) {
        return undefined;
      }
    }
  }
  return `${key} holds ${JSON.stringify(json).slice(0, 200)}`;
}

function textOf(key: string, name: string, length: number): string {
  return createHash('sha256').update(`${key} ${name}`).digest('hex').repeat(length);
}
