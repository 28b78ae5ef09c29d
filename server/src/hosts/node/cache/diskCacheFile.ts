import type { Clock, Log, LogFacts } from '../../../engine/ports.ts';
import { setAside } from './cacheFile.ts';
import { type CacheFileError, toCacheFileError } from './cacheFileError.ts';
import { CacheRows, cacheSchema } from './cacheRows.ts';
import { removeOwnFile } from './ownFile.ts';
import type { RowSeal } from './rowSeal.ts';

/** After trouble the file is left alone for so long. */
const troublePauseMs = 5 * 60_000;
export const busyDelayMs = 50;
const busyIsTrouble = 100;
const mostDamages = 3;

export interface DiskCacheFileOptions {
  readonly path: string;
  readonly maxBytes: number;
  readonly seal: RowSeal;
  readonly clock: Clock;
  readonly log: Log;
  /** Nothing can be written for a while: what waits for it is not worth its memory. */
  readonly onUnwritable: () => void;
}

/** The file of the disk cache, whatever befalls it: opened at first use, set aside where it is damaged, left alone for a while. */
export class DiskCacheFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #seal: RowSeal;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onUnwritable: () => void;
  #rows: CacheRows | undefined;
  #openAgainAt = -Infinity;
  #writeAgainAt = -Infinity;
  /** The file could not be opened or read; nothing is kept then. */
  #fileTrouble: string | undefined;
  /** It can be read but not written. */
  #writeTrouble: string | undefined;
  readonly #said = new Set<string>();
  #busyInARow = 0;
  #damages = 0;
  #isClosed = false;

  constructor({ path, maxBytes, seal, clock, log, onUnwritable }: DiskCacheFileOptions) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#seal = seal;
    this.#clock = clock;
    this.#log = log;
    this.#onUnwritable = onUnwritable;
  }

  /** For people; `undefined` where there is none. */
  get trouble(): string | undefined {
    return this.#fileTrouble ?? this.#writeTrouble;
  }

  /** Another process has kept it locked since it was last used. */
  get isBusy(): boolean {
    return this.#busyInARow > 0;
  }

  /** Its rows, opened if need be; `undefined` while it cannot be used. */
  open(): CacheRows | undefined {
    if (this.#rows !== undefined || this.#isClosed || this.#clock.now() < this.#openAgainAt) {
      return this.#rows;
    }
    try {
      this.#rows = new CacheRows(this.#path, this.#maxBytes, this.#seal);
      this.#busyInARow = 0;
      this.#fileTrouble = undefined;
    } catch (error) {
      this.failed(error, 'open');
    }
    return this.#rows;
  }

  /** The same, and `undefined` while it can only be read, too. */
  openToWrite(): CacheRows | undefined {
    return this.#clock.now() < this.#writeAgainAt ? undefined : this.open();
  }

  /** Something was written. */
  written(): void {
    this.#busyInARow = 0;
    if (this.#writeTrouble !== undefined) {
      this.#writeTrouble = undefined;
      this.#log.info(`The cache "${this.#path}" is written again.`, { event: 'cache.available', tier: 'disk' });
    }
  }

  /** Whether what was tried may be tried again at once. */
  failed(cause: unknown, doing: 'open' | 'read' | 'write'): 'again' | 'later' {
    const error = toCacheFileError(this.#path, cause);
    switch (error.fault) {
      case 'busy':
        return this.#busy(error, doing);
      case 'replaced':
        this.#closeRows();
        return 'again';
      case 'damaged':
        return this.#setAside(error);
      case 'exposedFile':
        return this.#remove(error);
      case 'full':
      case 'readOnly':
        return doing === 'write' ? this.#unwritable(error) : this.#giveUp(error.message);
      case 'unsupported':
      case 'exposed':
      case 'foreign':
      case 'newer':
      case 'unusable':
        return this.#giveUp(error.message);
    }
  }

  /** Once. */
  say(trouble: string, facts?: LogFacts): void {
    if (!this.#said.has(trouble)) {
      this.#said.add(trouble);
      this.#log.warn(trouble, facts ?? { event: 'cache.unavailable', tier: 'disk' });
    }
  }

  close(): void {
    this.#closeRows();
    this.#isClosed = true;
  }

  #busy(error: CacheFileError, doing: 'open' | 'read' | 'write'): 'again' {
    if (doing === 'open') {
      this.#openAgainAt = this.#clock.now() + busyDelayMs;
    }
    if (doing !== 'read') {
      this.#busyInARow++;
    }
    if (this.#busyInARow === busyIsTrouble) {
      this.#writeTrouble = error.message;
      this.say(error.message);
    }
    return 'again';
  }

  #unwritable(error: CacheFileError): 'later' {
    this.#writeTrouble = error.message;
    this.#writeAgainAt = this.#clock.now() + troublePauseMs;
    this.say(error.message);
    this.#onUnwritable();
    return 'later';
  }

  #setAside(error: CacheFileError): 'again' | 'later' {
    this.#closeRows();
    if (++this.#damages > mostDamages) {
      return this.#giveUp(`Answers are kept in memory only. ${error.message}`);
    }
    try {
      const aside = setAside(this.#path, cacheSchema, { isSealed: this.#seal.isSecret }, this.#clock.now());
      if (aside !== undefined) {
        this.say(`The cache "${this.#path}" was damaged. It was renamed to "${aside}" and is rebuilt.`, {
          event: 'cache.setAside',
          tier: 'disk',
        });
      }
      return 'again';
    } catch (failure) {
      const { message } = toCacheFileError(this.#path, failure);
      return this.#giveUp(`${message} It is damaged and could not be renamed.`);
    }
  }

  /** What others could have written goes. The folder is this user's alone, so that they cannot do it again. */
  #remove(error: CacheFileError): 'again' | 'later' {
    this.#closeRows();
    if (++this.#damages > mostDamages) {
      return this.#giveUp(error.message);
    }
    try {
      removeOwnFile(this.#path);
      this.say(`${error.message} It was removed and is rebuilt.`, { event: 'cache.removed', tier: 'disk' });
      return 'again';
    } catch (failure) {
      return this.#giveUp(`${error.message} ${toCacheFileError(this.#path, failure).message}`);
    }
  }

  #giveUp(trouble: string): 'later' {
    this.#closeRows();
    this.#openAgainAt = this.#clock.now() + troublePauseMs;
    this.#busyInARow = 0;
    this.#fileTrouble = trouble;
    this.#onUnwritable();
    this.say(trouble);
    return 'later';
  }

  #closeRows(): void {
    this.#rows?.close();
    this.#rows = undefined;
  }
}
