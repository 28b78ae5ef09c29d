import { createHash } from 'node:crypto';

/** Binds a stored text to its key and its times: what was cut, altered or put under another key does not pass. */
export function checksum({ key, checkedAt, expiresAt, text }: Checked): string {
  return createHash('sha256')
    .update(`${key}\n${checkedAt}\n${expiresAt}\n`)
    .update(text)
    .digest('base64url')
    .slice(0, checksumLength);
}

/** 132 of the 256 bits. */
const checksumLength = 22;

interface Checked {
  readonly key: string;
  readonly checkedAt: number;
  readonly expiresAt: number;
  readonly text: string;
}
