import { closeSync, fchmodSync, openSync } from 'node:fs';
import { errorCode } from '../errorCode.ts';

/**
 * Makes an empty file for this user alone, whatever the umask is; SQLite gives its log the same rights. A file that is there
 * is not opened: closing it would end the locks that SQLite has on it in this process. Throws what the system says.
 */
export function createOwnFile(file: string): void {
  try {
    const descriptor = openSync(file, 'wx', ownerOnly);
    fchmodSync(descriptor, ownerOnly);
    closeSync(descriptor);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  }
}

const ownerOnly = 0o600;
