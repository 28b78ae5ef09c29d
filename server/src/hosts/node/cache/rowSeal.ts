import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** A stored text with what it is bound to. `key` is a SHA-256 over the service that was asked and the question. */
export interface SealedRow {
  readonly key: string;
  readonly checkedAt: number;
  readonly expiresAt: number;
  readonly text: string;
}

/** `foreign`: kept with another key, with none, or without ours. */
export type SealCheck = 'right' | 'damaged' | 'foreign';

/** What is put beside a stored text, and tells whether it may be believed. */
export interface RowSeal {
  /** Whether it proves who wrote a row, and not only that the row is whole. */
  readonly isSecret: boolean;
  of(row: SealedRow): string;
  check(row: SealedRow, seal: unknown): SealCheck;
}

/**
 * With a secret (`PINWATCH_CACHE_KEY`) a message authentication code: nobody without that secret can make a row that is
 * believed. Without one a checksum, which anybody can work out: it shows damage, and protects against nobody who can write.
 */
export function createRowSeal(secret: string | undefined): RowSeal {
  return secret === undefined ? checksum : new Authentication(secret);
}

/** Raise it when the form below changes. */
const macVersion = 'k1';
const macPrefix = `${macVersion}.`;
/** 132 of the 256 bits. */
const checksumLength = 22;

const checksum: RowSeal = {
  isSecret: false,
  of: (row) => hash('sha256', headOf(row) + row.text, 'base64url').slice(0, checksumLength),
  check(row, seal) {
    if (typeof seal === 'string' && seal.startsWith(macPrefix)) {
      return 'foreign';
    }
    return seal === this.of(row) ? 'right' : 'damaged';
  },
};

class Authentication implements RowSeal {
  readonly isSecret = true;
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  of(row: SealedRow): string {
    const mac = createHmac('sha256', this.#secret).update(`pinwatch row ${macVersion}\n${headOf(row)}`);
    return macPrefix + mac.update(row.text).digest('base64url');
  }

  check(row: SealedRow, seal: unknown): SealCheck {
    const right = Buffer.from(this.of(row));
    const given = Buffer.from(typeof seal === 'string' ? seal : '');
    return given.length === right.length && timingSafeEqual(given, right) ? 'right' : 'foreign';
  }
}

/** What was cut, altered or put under another key does not pass. */
function headOf({ key, checkedAt, expiresAt }: SealedRow): string {
  return `${key}\n${checkedAt}\n${expiresAt}\n`;
}
