import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import { errorCode } from '../files/errorCode.ts';
import { sharedExposure } from '../files/exposure.ts';

/**
 * A database may be offered to many: by root, or by another user, whose word it then is (`stranger`). One that more users
 * than its owner can write to is refused, since nobody knows whose word that is. Links are followed first. The file has to
 * be there. Throws `DatabaseError`.
 */
export function checkSharedFile(file: string): { readonly stranger: string | undefined } {
  const real = realPathOf(file);
  if (!statSync(real).isFile()) {
    throw new DatabaseError('unusable', `"${file}" is not a regular file, so it is no advisory database.`);
  }
  const exposure = sharedExposure(path.dirname(real), [real, `${real}-wal`, `${real}-shm`, `${real}-journal`]);
  if (exposure?.kind === 'writable') {
    const message = `The advisory database "${file}" is not used: ${exposure.why}. What they wrote there could make a vulnerable package look clean. ${advice}`;
    throw new DatabaseError('exposed', message);
  }
  return {
    stranger: exposure && `The advisory database "${file}" may be written by another user: ${exposure.why}.`,
  };
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    const why = errorCode(error) || String(error);
    throw new DatabaseError('io', `The advisory database "${file}" could not be used (${why}).`, { cause: error });
  }
}

const advice = 'Let only its owner write to it ("chmod go-w"), and create it again.';
