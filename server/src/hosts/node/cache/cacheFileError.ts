import { sqliteFault } from '../sqlite/sqliteFault.ts';

/** What is wrong with the file of the cache, or with the place it lies in. */
export type CacheFault =
  | 'unsupported' // this Node has no SQLite
  | 'exposed' // others can write to the folder
  | 'exposedFile' // not made by us, though the folder is this user's alone
  | 'foreign'
  | 'newer'
  | 'damaged'
  | 'replaced' // another process put a new file, or new tables, in its place
  | 'busy'
  | 'full'
  | 'readOnly'
  | 'unusable';

/** The message is for people: what is not kept, and why. */
export class CacheFileError extends Error {
  readonly fault: CacheFault;
  constructor(fault: CacheFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CacheFileError';
    this.fault = fault;
  }
}

/** What SQLite and the file system throw, in words. */
export function toCacheFileError(path: string, error: unknown): CacheFileError {
  if (error instanceof CacheFileError) {
    return error;
  }
  const options = { cause: error };
  switch (sqliteFault(error)) {
    case 'replaced':
      return new CacheFileError('replaced', `The cache "${path}" was replaced by another process.`, options);
    case 'busy':
      return new CacheFileError('busy', `Another process keeps the cache "${path}" locked.`, options);
    case 'readOnly':
      return new CacheFileError(
        'readOnly',
        `New answers are kept in memory only: the cache "${path}" is read-only.`,
        options,
      );
    case 'damaged':
      return new CacheFileError('damaged', `The cache "${path}" is damaged.`, options);
    case 'full':
      return new CacheFileError(
        'full',
        `New answers are kept in memory only: there is no room left for the cache "${path}".`,
        options,
      );
    case 'cannotOpen':
    case 'strange':
    case 'other':
    case undefined: {
      const why = error instanceof Error ? error.message : String(error);
      return new CacheFileError(
        'unusable',
        `Answers are kept in memory only: the cache "${path}" cannot be used (${why}).`,
        options,
      );
    }
  }
}
