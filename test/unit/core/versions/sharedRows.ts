import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Data with answers that lies beside the repository, or wherever PINWATCH_SHARED says. */
export const sharedFolder =
  process.env['PINWATCH_SHARED'] ?? path.resolve(import.meta.dirname, '../../../../../shared');

/** The rows of a gzipped JSON-lines file there; skips the running test, by name, where the file is not to be had. */
export function sharedRows(test: Mocha.Context, file: string): readonly unknown[] {
  const location = path.join(sharedFolder, file);
  if (!existsSync(location)) {
    console.warn(`skipped: ${file} is not at ${sharedFolder} (set PINWATCH_SHARED)`);
    test.skip();
  }
  const rows = gunzipSync(readFileSync(location))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  if (rows.length === 0) {
    throw new Error(`${file} is empty`);
  }
  return rows;
}
