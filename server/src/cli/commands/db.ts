import type { DbArguments } from '../arguments/command.ts';
import { dataAgeText } from '../../core/report/words/dataAge.ts';
import { jsonText } from '../../core/report/formats/jsonText.ts';
import { plainText } from '../../core/text/plainText.ts';
import type { DatabaseStatus, ImportOptions, ImportSummary } from '../../engine/offline/advisoryDatabase.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Log } from '../../engine/ports.ts';
import type { CliIo } from '../io.ts';
import { stderrLog } from '../stderrLog.ts';

/** `pinwatch db update|status|import FILE`. Progress and problems go to standard error. */
export async function runDb({ action, database, format, log: logFormat }: DbArguments, io: CliIo): Promise<number> {
  const folder = database ?? io.databases.defaultFolder;
  const log = stderrLog(io, { format: logFormat });
  const options: ImportOptions = {
    onProgress: (message) => log.info(message, { event: 'database.progress' }),
    signal: io.signal,
  };
  /** The text says so itself. */
  const audit = (what: string, { written, older, problems, requests }: ImportSummary): void => {
    if (logFormat === 'json') {
      log.info(`the advisory database was ${what}`, {
        event: `database.${what}`,
        written,
        older,
        problems: problems.length,
        ...(requests && { requests }),
      });
    }
  };
  switch (action.kind) {
    case 'status':
      return printStatus(folder, format, io, log);
    case 'import': {
      const summary = await io.databases.importFile(folder, action.file, options);
      audit('imported', summary);
      return printSummary(summary, format, io, log);
    }
    case 'update': {
      const summary = await io.databases.update(folder, action.bucketUrl, options);
      audit('updated', summary);
      return printSummary(summary, format, io, log);
    }
  }
}

function printStatus(folder: string, format: 'text' | 'json', io: CliIo, log: Log): number {
  const status = io.databases.status(folder);
  if (status === undefined) {
    log.error(`there is no advisory database in "${plainText(folder, 1000)}"; run "pinwatch db update"`);
    return exitCodes.usage;
  }
  io.stdout(format === 'json' ? `${jsonText(statusJson(status), 2)}\n` : statusText(status));
  return exitCodes.clean;
}

function statusText(status: DatabaseStatus): string {
  return [
    `Advisory database: ${plainText(status.path, 1000)} (${(status.bytes / 1024 / 1024).toFixed(1)} MB)`,
    `${status.records} records (${status.withdrawn} withdrawn), ${status.packages} packages with advisories`,
    `The data are ${dataAgeText(status.ageSeconds)}; the newest change is of ${status.newestModified || 'an unknown day'}`,
    `Last import or update: ${isoTime(status.importedAt) ?? 'never'}`,
    '',
  ].join('\n');
}

function statusJson(status: DatabaseStatus): object {
  const { path, records, withdrawn, packages, newestModified, importedAt, currentAt, ageSeconds, bytes } = status;
  return {
    path,
    records,
    withdrawn,
    packages,
    newestModified: newestModified === '' ? null : newestModified,
    importedAt: isoTime(importedAt),
    currentAt: isoTime(currentAt),
    dataAge: ageSeconds ?? null,
    bytes,
  };
}

const mostProblemsShown = 20;

function printSummary(
  { written, older, problems, setAside, requests, status }: ImportSummary,
  format: 'text' | 'json',
  io: CliIo,
  log: Log,
): number {
  if (setAside !== undefined) {
    log.warn(`the old database could not be used and was renamed to "${plainText(setAside, 1000)}"`, {
      event: 'database.setAside',
    });
  }
  for (const { where, message } of problems.slice(0, mostProblemsShown)) {
    log.warn(plainText(`${where} ${message}`, 300), { event: 'database.problem' });
  }
  if (problems.length > mostProblemsShown) {
    log.warn(`and ${problems.length - mostProblemsShown} more`);
  }
  if (older > 0) {
    log.info(`${older} records were skipped because the database already has newer ones`);
  }
  const { records, packages } = status;
  if (format === 'json') {
    io.stdout(
      `${jsonText({ imported: written, older, unusable: problems.length, ...(requests && { requests }), status: statusJson(status) })}\n`,
    );
  } else {
    const unusable = problems.length === 0 ? '' : `, ${problems.length} problems`;
    io.stdout(
      `Imported ${written} records${unusable}. The database holds ${records} records about ${packages} packages.\n`,
    );
  }
  return problems.length === 0 ? exitCodes.clean : exitCodes.incomplete;
}

function isoTime(instant: number): string | null {
  return instant === 0 ? null : new Date(instant).toISOString();
}
