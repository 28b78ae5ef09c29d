import { rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { DatabaseError, type ImportOptions, type ImportProblem } from '../../scan/advisoryDatabase.ts';
import { LookupError } from '../../scan/ports.ts';
import type { Bucket } from './bucket.ts';
import { type ChangeList, changedIds, parseChangeList } from './changeList.ts';
import { importRecords } from './importRecords.ts';
import { recordTexts, type RecordText } from './recordTexts.ts';
import type { DatabaseWriter } from './writeDatabase.ts';

export interface UpdateParts extends ImportOptions {
  readonly writer: DatabaseWriter;
  readonly bucket: Bucket;
  readonly folder: string;
  readonly now: () => number;
}

// Above it the whole archive is less work for both sides.
const mostSingleRecords = 300;
const concurrency = 16;
// What one transaction holds: a failure costs no more than these.
const recordsAtOnce = 64;
const maxListBytes = 256 * 1024 * 1024;
const maxArchiveBytes = 4 * 1024 * 1024 * 1024;
const maxRecordBytes = 32 * 1024 * 1024;

/**
 * Brings the database to the state of OSV's bucket: the list of changes first, then the archive of all records where
 * there are none yet or too many have changed, else the changed ones one by one. Running it again goes on where it failed.
 */
export async function updateDatabase(
  parts: UpdateParts,
): Promise<{ readonly written: number; readonly problems: readonly ImportProblem[] }> {
  const { writer, onProgress } = parts;
  const startedAt = parts.now();
  const changes = await fetchChanges(parts);
  const problems: ImportProblem[] =
    changes.badLines === 0 ? [] : [{ where: listObject, message: `has ${changes.badLines} lines that make no sense` }];
  let written = 0;
  let changed = changedIds(changes, writer.stamps());
  if (!writer.hasRecords || changed.length > mostSingleRecords) {
    const archive = await importArchive(parts, changes);
    written += archive.written;
    problems.push(...archive.problems);
    changed = changedIds(changes, writer.stamps());
  }
  if (changed.length > mostSingleRecords) {
    const message = `lacks ${changed.length} of the records that OSV lists; try again later`;
    return { written, problems: [...problems, { where: archiveObject, message }] };
  }
  for (let start = 0; start < changed.length; start += recordsAtOnce) {
    onProgress(`fetching changed records: ${start} of ${changed.length}`);
    const singles = await importSingles(parts, changes, changed.slice(start, start + recordsAtOnce));
    written += singles.written;
    problems.push(...singles.problems);
  }
  if (problems.length === 0) {
    // Nothing but the note that all is known up to here.
    await writer.transaction(() => Promise.resolve(writer.setCurrentAt(startedAt)));
  }
  return { written, problems };
}

const listObject = 'PyPI/modified_id.csv';
const archiveObject = 'PyPI/all.zip';

async function fetchChanges({ bucket, signal, onProgress }: UpdateParts): Promise<ChangeList> {
  onProgress('fetching the list of changes');
  const changes = parseChangeList(await bucket.text(listObject, maxListBytes, signal));
  if (changes.stamps.size === 0) {
    throw new DatabaseError('network', `OSV's list of changes (${listObject}) names no record.`);
  }
  return changes;
}

async function importArchive({ writer, bucket, folder, now, onProgress, signal }: UpdateParts, changes: ChangeList) {
  const file = path.join(folder, `all-${process.pid}.zip.part`);
  try {
    onProgress('fetching the archive of all records');
    await bucket.download(archiveObject, file, maxArchiveBytes, signal);
    return await writer.transaction(async () => {
      const onRecords = (count: number): void => onProgress(`imported ${count} records`);
      const imported = await importRecords(writer, recordTexts(file), { now: now(), onRecords, signal });
      if (imported.written === 0) {
        throw new DatabaseError('network', `OSV's archive (${archiveObject}) holds no record that can be used.`);
      }
      // The archive is no older than the list: what it holds need not be fetched for the list's sake.
      changes.stamps.forEach((stamp, id) => writer.list(id, stamp));
      return imported;
    });
  } finally {
    await rm(file, { force: true });
  }
}

/** What was fetched is kept, also when the network fails for the rest; then it throws. */
async function importSingles(parts: UpdateParts, { stamps }: ChangeList, ids: readonly string[]) {
  const { writer, bucket, now, signal } = parts;
  const limit = pLimit(concurrency);
  let failure: LookupError | undefined;
  const texts = await Promise.all(
    ids.map((id) =>
      limit(async (): Promise<RecordText | undefined> => {
        if (failure !== undefined) {
          return undefined;
        }
        try {
          const object = `PyPI/${encodeURIComponent(id)}.json`;
          return { where: id, text: await bucket.text(object, maxRecordBytes, signal) };
        } catch (error) {
          if (!(error instanceof LookupError)) {
            throw error;
          }
          if (error.reason === 'badResponse') {
            return { where: id, problem: `could not be fetched: ${error.message}` };
          }
          failure = error;
          return undefined;
        }
      }),
    ),
  );
  const fetched = texts.filter((text) => text !== undefined);
  const options = { now: now(), listed: (id: string) => stamps.get(id), onRecords: () => undefined, signal };
  const imported = await writer.transaction(() => importRecords(writer, fetched, options));
  if (failure !== undefined) {
    throw failure;
  }
  return imported;
}
