import {
  type AdvisoryDatabases,
  DatabaseError,
  type ImportOptions,
  type ImportSummary,
} from '../../../engine/offline/advisoryDatabase.ts';
import type { RequestRecord, SeenRequest } from '../../../engine/operations/requestRecord.ts';
import { type Clock, LookupError, silentLog } from '../../../engine/ports.ts';
import type { WayOptions } from '../http/createHttpClient.ts';
import { errorCode } from '../files/errorCode.ts';
import { readDatabase } from './readDatabase.ts';
import type { DatabaseWriter } from './writeDatabase.ts';

export interface AdvisoryDatabasesOptions {
  readonly defaultFolder: string;
  readonly clock: Clock;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  /** How to reach OSV's bucket. */
  readonly way?: WayOptions;
  /** Called once with what a user should know about a database that is read all the same. */
  readonly warn?: (message: string) => void;
  /** Is shown every attempt at a request. */
  readonly record?: Pick<RequestRecord, 'record'> | undefined;
  /** How long a writer waits for another process that writes; some seconds unless said otherwise. */
  readonly writeWaitMs?: number;
}

/** Advisory databases on this machine's disk. Nothing is opened, and nothing of the network loaded, before it is asked for. */
export function createAdvisoryDatabases({
  defaultFolder,
  clock,
  version,
  way = {},
  warn = () => undefined,
  record,
  writeWaitMs,
}: AdvisoryDatabasesOptions): AdvisoryDatabases {
  const said = new Set<string>();
  const warnOnce = (message: string): void => {
    if (!said.has(message)) {
      said.add(message);
      warn(message);
    }
  };
  const withWriter = async (
    folder: string,
    write: (writer: DatabaseWriter) => Promise<Imported>,
  ): Promise<ImportSummary> => {
    const { writeDatabase } = await import('./writeDatabase.ts');
    const writer = writeDatabase(folder, clock, writeWaitMs);
    try {
      const { written, older, problems, requests } = await write(writer);
      const summary = { written, older, problems, setAside: writer.setAside, status: writer.status() };
      return requests === undefined ? summary : { ...summary, requests };
    } catch (error) {
      throw isDiskError(error) ? new DatabaseError('io', diskText(folder, error), { cause: error }) : error;
    } finally {
      writer.close();
    }
  };
  return {
    defaultFolder,
    open: (folder) => readDatabase(folder, clock, warnOnce),
    status: (folder) => {
      try {
        const database = readDatabase(folder, clock, warnOnce);
        try {
          return database.status();
        } finally {
          database.close();
        }
      } catch (error) {
        if (error instanceof DatabaseError && error.reason === 'missing') {
          return undefined;
        }
        throw error;
      }
    },
    importFile: (folder, file, options) => withWriter(folder, (writer) => importFile(writer, file, clock, options)),
    update: (folder, bucketUrl, options) =>
      withWriter(folder, async (writer) => {
        const { Bucket } = await import('./bucket.ts');
        const { updateDatabase } = await import('./updateDatabase.ts');
        const requests = { sent: 0, failed: 0 };
        const counting = {
          record: (seen: SeenRequest): void => {
            requests.sent++;
            requests.failed += seen.result === 'ok' ? 0 : 1;
            record?.record(seen);
          },
        };
        const log = { ...silentLog, warn: warnOnce };
        const bucket = new Bucket({ ...way, url: bucketUrl, version, log, record: counting });
        try {
          const updated = await updateDatabase({ writer, bucket, folder, now: () => clock.now(), ...options });
          return { ...updated, requests };
        } catch (error) {
          throw error instanceof LookupError ? new DatabaseError('network', error.message, { cause: error }) : error;
        } finally {
          await bucket.close();
        }
      }),
  };
}

/** What Node says of a file that it cannot read, write or remove. */
function isDiskError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && !(error instanceof DatabaseError);
}

function diskText(folder: string, error: Error): string {
  return `The database in "${folder}" could not be changed (${errorCode(error) || error.message}).`;
}

type Imported = Pick<ImportSummary, 'written' | 'older' | 'problems' | 'requests'>;

async function importFile(
  writer: DatabaseWriter,
  file: string,
  clock: Clock,
  { onProgress, signal }: ImportOptions,
): Promise<Imported> {
  const { importRecords } = await import('./importRecords.ts');
  const { recordTexts } = await import('./recordTexts.ts');
  return writer.transaction(async () => {
    const now = clock.now();
    const onRecords = (count: number): void => onProgress(`imported ${count} records`);
    const imported = await importRecords(writer, recordTexts(file), { now, from: 'file', onRecords, signal });
    const { distinct, older, foreign, newestAt, problems } = imported;
    if (distinct === 0) {
      const [first] = problems;
      const nothing = foreign === 0 ? 'it is empty' : `${foreign} are about no package of PyPI`;
      const why = first === undefined ? nothing : `${first.where} ${first.message}`;
      throw new DatabaseError('badInput', `"${file}" holds no record that can be used (${why}). Nothing was changed.`);
    }
    // A dump is complete up to its newest record at least, unless a part of it was lost. A handful of records tells
    // nothing about the others.
    if (older === 0 && problems.length === 0 && distinct >= 0.9 * writer.countRecords()) {
      writer.setCurrentAt(newestAt);
    }
    return imported;
  });
}
