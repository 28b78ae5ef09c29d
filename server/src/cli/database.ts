import { DatabaseError } from '../engine/offline/advisoryDatabase.ts';
import { exitCodes } from './exitCodes.ts';

/** The exit code for a database that could not be had, read or written; `undefined` for any other error. */
export function databaseExitCode(error: unknown): number | undefined {
  if (!(error instanceof DatabaseError)) {
    return undefined;
  }
  switch (error.reason) {
    case 'unsupported':
    case 'missing':
    case 'unusable':
    case 'exposed':
      return exitCodes.usage;
    case 'busy':
    case 'badInput':
    case 'io':
    case 'network':
      return exitCodes.incomplete;
  }
}
