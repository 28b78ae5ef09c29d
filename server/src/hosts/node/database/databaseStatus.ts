import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { DatabaseStatus } from '../../../engine/offline/advisoryDatabase.ts';
import { numberOf } from '../sqlite/sqlite.ts';

/** Some stamps lie in the future (OSV has records of 2027), so `now` bounds what counts as newest. */
export function readStatus(database: DatabaseSync, path: string, now: number): DatabaseStatus {
  const newest = database
    .prepare(
      "SELECT max(modified) AS newest FROM records WHERE modified <= ? AND modified GLOB '[12][0-9][0-9][0-9]-*'",
    )
    .get(new Date(now).toISOString())?.['newest'];
  const currentAt = readMeta(database, 'currentAt');
  return {
    path,
    records: numberOf(database, 'SELECT count(*) FROM records'),
    withdrawn: numberOf(database, 'SELECT count(*) FROM records WHERE withdrawn = 1'),
    packages: numberOf(database, 'SELECT count(DISTINCT name) FROM affected'),
    newestModified: typeof newest === 'string' ? newest : '',
    importedAt: readMeta(database, 'importedAt'),
    currentAt,
    ageSeconds: readAgeSeconds(database, now),
    bytes: statSync(path).size,
  };
}

/**
 * Since when the data say nothing more; `undefined` where no record says when it was changed, or where they claim to be of the
 * future: a clock that was ahead must not make them new for as long as it was.
 */
export function readAgeSeconds(database: DatabaseSync, now: number): number | undefined {
  const currentAt = readMeta(database, 'currentAt');
  return currentAt === 0 || isFuture(currentAt, now) ? undefined : Math.max(0, Math.round((now - currentAt) / 1000));
}

export function isFuture(instant: number, now: number): boolean {
  return instant > now + clockErrorMs;
}

// Clocks that are set by the network differ by less.
const clockErrorMs = 5 * 60_000;

/** `importedAt` is set with the first records, so that 0 means that there are none yet. */
type MetaKey = 'importedAt' | 'currentAt';

export function readMeta(database: DatabaseSync, key: MetaKey): number {
  return numberOf(database, 'SELECT value FROM meta WHERE key = ?', key);
}

export function writeMeta(database: DatabaseSync, key: MetaKey, value: number): void {
  database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value);
}
