import type { StoredValue } from '../../../../engine/store/cacheTier.ts';
import type { EncodedEntry } from '../encodedEntry.ts';
import type { RowSeal } from '../rowSeal.ts';

// Raise it, and the number in `redisKey`, when the form below changes; others' values are then not even looked at.
const schema = 'pinwatch/1';

export const redisPrefix = 'pinwatch:1:';

export function redisKey(key: string): string {
  return redisPrefix + key;
}

export function encodeRedisValue({ seal, checkedAt, expiresAt, text }: EncodedEntry): string {
  return `${schema} ${seal} ${checkedAt} ${expiresAt} ${text}`;
}

export type RedisValue =
  { readonly kind: 'found'; readonly value: StoredValue } | { readonly kind: 'old' } | { readonly kind: 'rejected' };

const head = /^pinwatch\/1 ([\w.-]{22,80}) (\d{1,16}) (\d{1,16}) /u;

/** Every user of the server can put anything under our keys; what does not carry the right seal is rejected. */
export function decodeRedisValue(key: string, raw: string, now: number, seal: RowSeal): RedisValue {
  const match = head.exec(raw.slice(0, 150));
  if (match === null) {
    return { kind: 'rejected' };
  }
  const [whole, given] = match;
  const [checkedAt, expiresAt] = [Number(match[2]), Number(match[3])];
  const text = raw.slice(whole.length);
  if (seal.check({ key, checkedAt, expiresAt, text }, given) !== 'right') {
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
