import type { StoredValue } from '../../scan/cacheTier.ts';
import { checksum } from './checksum.ts';
import type { EncodedEntry } from './encodedEntry.ts';

// Raise it, and the number in `redisKey`, when the form below changes; others' values are then not even looked at.
const schema = 'pinwatch/1';

export const redisPrefix = 'pinwatch:1:';

export function redisKey(key: string): string {
  return redisPrefix + key;
}

export function encodeRedisValue({ checksum: sum, checkedAt, expiresAt, text }: EncodedEntry): string {
  return `${schema} ${sum} ${checkedAt} ${expiresAt} ${text}`;
}

export type RedisValue =
  { readonly kind: 'found'; readonly value: StoredValue } | { readonly kind: 'old' } | { readonly kind: 'rejected' };

const head = /^pinwatch\/1 ([\w-]{22}) (\d{1,16}) (\d{1,16}) /u;

/** Whoever may write to the server may put anything under our keys; what we did not write ourselves is rejected. */
export function decodeRedisValue(key: string, raw: string, now: number): RedisValue {
  const match = head.exec(raw.slice(0, 100));
  if (match === null) {
    return { kind: 'rejected' };
  }
  const [whole, sum] = match;
  const [checkedAt, expiresAt] = [Number(match[2]), Number(match[3])];
  const text = raw.slice(whole.length);
  if (sum !== checksum({ key, checkedAt, expiresAt, text })) {
    return { kind: 'rejected' };
  }
  if (expiresAt <= now) {
    return { kind: 'old' };
  }
  try {
    const json: unknown = JSON.parse(text);
    return { kind: 'found', value: { json, checkedAt } };
  } catch {
    return { kind: 'rejected' };
  }
}
