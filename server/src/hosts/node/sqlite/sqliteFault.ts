/** What SQLite complains about. */
export type SqliteFault =
  | 'busy' // another process writes, or holds a lock
  | 'readOnly'
  | 'cannotOpen'
  | 'damaged'
  | 'full'
  | 'replaced' // another file has taken its place
  | 'strange' // a table or column is not there
  | 'other';

/** `undefined` for what SQLite did not throw. */
export function sqliteFault(error: unknown): SqliteFault | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) {
    return undefined;
  }
  const code = Number(error.errcode);
  if (code === 1032 /* SQLITE_READONLY_DBMOVED */) {
    return 'replaced';
  }
  // The low byte is the primary code: https://sqlite.org/rescode.html
  switch (code & 0xff) {
    case 1: // SQLITE_ERROR
      return 'strange';
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return 'busy';
    case 8: // SQLITE_READONLY
      return 'readOnly';
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return 'damaged';
    case 13: // SQLITE_FULL
      return 'full';
    case 14: // SQLITE_CANTOPEN
      return 'cannotOpen';
    default:
      return 'other';
  }
}
