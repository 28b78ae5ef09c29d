import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import {
  DatabaseError,
  type ImportOptions,
  type ImportProblem,
  type ImportSummary,
} from '../../../engine/offline/advisoryDatabase.ts';
import { LookupError } from '../../../engine/ports.ts';
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
// An archive that is some hours behind the list lacks hundreds; one that lacks more is not what it should be.
const mostAfterArchive = 5_000;
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
export async function updateDatabase(parts: UpdateParts): Promise<Updated> {
  const { writer, onProgress } = parts;
  const startedAt = parts.now();
  const changes = await fetchChanges(parts);
  refuseCutShort(changes, writer);
  const problems: ImportProblem[] =
    changes.badLines === 0 ? [] : [{ where: listObject, message: `has ${changes.badLines} lines that make no sense` }];
  let written = 0;
  let changed = changedIds(changes, writer.stamps());
  if (!writer.hasRecords || changed.length > mostSingleRecords) {
    const archive = await importArchive(parts);
    written += archive.written;
    problems.push(...archive.problems);
    // The archive may have been made, or kept by some cache, before the list.
    changed = changedIds(changes, writer.stamps());
  }
  if (changed.length > mostAfterArchive) {
    const message = `lacks ${changed.length} of the changes that OSV lists; try again later`;
    return { written, older: 0, problems: [...problems, { where: archiveObject, message }] };
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
  return { written, older: 0, problems };
}

type Updated = Pick<ImportSummary, 'written' | 'older' | 'problems'>;

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

/** OSV lists every record, withdrawn ones too. Nothing else tells where a list ends whose server says no length. */
function refuseCutShort({ stamps }: ChangeList, writer: DatabaseWriter): void {
  const here = [...writer.stamps()];
  const named = here.filter(({ id }) => stamps.has(id)).length;
  if (here.length - named > Math.max(fewUnnamed, here.length / 4)) {
    const message = `OSV's list of changes (${listObject}) names only ${named} of the ${here.length} records that are here. It may have been cut short; try again later.`;
    throw new DatabaseError('network', message);
  }
}

// Some may have been imported from elsewhere.
const fewUnnamed = 20;

async function importArchive({ writer, bucket, folder, now, onProgress, signal }: UpdateParts) {
  const file = path.join(folder, `all-${process.pid}.zip.part`);
  try {
    await removeOldParts(folder, now());
    onProgress('fetching the archive of all records');
    await bucket.download(archiveObject, file, maxArchiveBytes, signal);
    return await writer.transaction(async () => {
      const onRecords = (count: number): void => onProgress(`imported ${count} records`);
      const imported = await importRecords(writer, recordTexts(file), {
        now: now(),
        from: 'bucket' as const,
        onRecords,
        signal,
      });
      if (imported.written === 0) {
        throw new DatabaseError('network', `OSV's archive (${archiveObject}) holds no record that can be used.`);
      }
      return imported;
    });
  } finally {
    await rm(file, { force: true });
  }
}

/** Downloads that a process left behind when it was killed. One of the last day may still be in progress. */
async function removeOldParts(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (/^all-\d+\.zip\.part$/u.test(name) && (await stat(file)).mtimeMs < now - dayMs) {
      await rm(file, { force: true });
    }
  }
}

const dayMs = 24 * 60 * 60 * 1000;

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
          return recordFor(id, await bucket.text(object, maxRecordBytes, signal), stamps.get(id));
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
  const options = {
    now: now(),
    from: 'bucket' as const,
    listed: (id: string) => stamps.get(id),
    onRecords: () => undefined,
    signal,
  };
  const imported = await writer.transaction(() => importRecords(writer, fetched, options));
  if (failure !== undefined) {
    throw failure;
  }
  return imported;
}

/** An older record than the list's, out of some cache, would hide the change for good once it was noted as known. */
function recordFor(id: string, text: string, stamp = ''): RecordText {
  const { id: foundId, modified } = ownFields(text);
  if (foundId !== undefined && foundId !== id) {
    return { where: id, problem: 'is another record there' };
  }
  return Date.parse(String(modified)) < Date.parse(stamp)
    ? { where: id, problem: `is there only as it was on ${String(modified)}; try again later` }
    : { where: id, text };
}

/** What is no object has none; the one who imports it says so. */
function ownFields(text: string): { readonly id?: unknown; readonly modified?: unknown } {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}
