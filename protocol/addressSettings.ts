import type { SettingValue } from './settingValue.ts';

/** https anywhere; plain http only to this machine, since the one who answers decides what looks safe. */
export const serviceAddress: SettingValue<string> = {
  decode: asHttpUrl,
  expected: 'an https address (http only for this machine)',
  schema: { type: 'string', format: 'uri' },
};

export const serviceAddressOrNone: SettingValue<string> = {
  decode: (value) => (value === 'none' ? value : asHttpUrl(value)),
  expected: 'an https address (http only for this machine), or none',
  schema: { type: 'string' },
};

/** A setting is no place for a password: it is synchronised, shown and copied. */
export const redisAddress: SettingValue<string> = {
  decode: (value) =>
    typeof value === 'string' && /^(rediss?:\/\/([^/?#@:\s]+@)?[^/?#@\s]+(\/\d*)?)?$/iu.test(value) ? value : undefined,
  expected: 'empty, or redis://host:port or rediss://host:port without a password',
  schema: { type: 'string' },
  refusal: (value) =>
    typeof value === 'string' && /^rediss?:\/\/[^/?#@]*:.*@/iu.test(value) ? redisPasswordWarning : undefined,
};

/** Says nothing of the value. People should see it: the password is in the open, and the cache is off. */
export const redisPasswordWarning =
  'pinwatch.cache.redisUrl holds a password, so it is not used and there is no team cache: settings are synchronised and ' +
  'copied. Take the password out, change it, and run "Pinwatch: Set Redis Password…" or set PINWATCH_REDIS_PASSWORD.';

export const folderOrEmpty: SettingValue<string> = {
  decode: (value) =>
    typeof value === 'string' && /^(|\/.*|[A-Za-z]:[\\/].*|\\\\.+)$/u.test(value) ? value : undefined,
  expected: 'empty, or an absolute path',
  schema: { type: 'string' },
};

function asHttpUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const match = /^(https?):\/\/(\[[0-9a-f:]+\]|[^/:?#@\s]+)(:\d+)?(\/[^?#\s]*)?$/iu.exec(value);
  if (match === null) {
    return undefined;
  }
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/iu.test(match[2] ?? '');
  return match[1]?.toLowerCase() === 'https' || loopback ? value.replace(/\/+$/u, '') : undefined;
}
