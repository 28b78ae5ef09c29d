import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';

const folder = process.env['PINWATCH_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../shared');

/** A file of the data that lies beside the repository. Skips the test or suite where it is not there. */
export function sharedFile(context: Context, name: string): string {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    console.warn(`skipped: no ${name} in ${folder} (set PINWATCH_SHARED)`);
    context.skip();
  }
  return file;
}
