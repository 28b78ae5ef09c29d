import type { Advisory } from '../../../core/advisories/advisory.ts';
import { readRecord } from '../../../core/advisories/readRecord.ts';
import { DatabaseError, type ImportProblem } from '../../../engine/offline/advisoryDatabase.ts';
import type { RecordText } from './recordTexts.ts';
import type { DatabaseWriter } from './writeDatabase.ts';

export interface ImportedRecords {
  readonly written: number;
  /** Skipped, since what is here is newer. */
  readonly older: number;
  /** Skipped, since they are about no package of PyPI. */
  readonly foreign: number;
  readonly problems: readonly ImportProblem[];
  /** How many different ids were written or skipped as older. */
  readonly distinct: number;
  /** The latest `modified` that is not in the future, milliseconds since the epoch; 0 where there is none. */
  readonly newestAt: number;
}

interface ImportRecordsOptions {
  readonly now: number;
  /** A file may be an old one, or about everything in the world; OSV's bucket for PyPI is taken as it is. */
  readonly from: 'file' | 'bucket';
  /** The stamp under which OSV lists a record. */
  readonly listed?: (id: string) => string | undefined;
  readonly onRecords: (count: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes every record that can be used; each that cannot, wholly or in part, is named. Runs inside the writer's
 * transaction.
 */
export async function importRecords(
  writer: DatabaseWriter,
  records: AsyncIterable<RecordText> | Iterable<RecordText>,
  { now, from, listed, onRecords, signal }: ImportRecordsOptions,
): Promise<ImportedRecords> {
  const problems: ImportProblem[] = [];
  const count = writer.countDistinct();
  let [written, older, foreign, newestAt] = [0, 0, 0, 0];
  for await (const record of records) {
    signal.throwIfAborted();
    const { advisory, text, messages } = 'problem' in record ? nothing(record.problem) : decode(record.text);
    problems.push(...messages.slice(0, mostOfOneRecord).map((message) => ({ where: record.where, message })));
    if (problems.length > mostProblems) {
      const message = `more than ${mostProblems} things in it cannot be used, ${record.where} the last of them. Nothing was changed.`;
      throw new DatabaseError('badInput', message);
    }
    if (advisory === undefined) {
      continue;
    }
    const { id, modified, affected } = advisory;
    const present = writer.modifiedOf(id);
    if (from === 'file' && affected.length === 0 && present === undefined && messages.length === 0) {
      foreign++;
      continue;
    }
    count.add(id);
    const modifiedAt = Date.parse(modified);
    newestAt = modifiedAt <= now && modifiedAt > newestAt ? modifiedAt : newestAt;
    if (from === 'file' && present !== undefined && Date.parse(present) > modifiedAt) {
      older++;
      continue;
    }
    writer.put(text, advisory, listed?.(id), messages.length === 0);
    written++;
    if (written % progressEvery === 0) {
      onRecords(written);
    }
  }
  return { written, older, foreign, problems, distinct: count.size, newestAt };
}

const progressEvery = 5_000;
const mostProblems = 10_000;
const mostOfOneRecord = 5;

interface Decoded {
  readonly text: string;
  readonly advisory: Advisory | undefined;
  /** What is wrong with it. */
  readonly messages: readonly string[];
}

function decode(text: string): Decoded {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return nothing('is not JSON');
  }
  const { advisory, faults } = readRecord(json);
  return advisory === undefined
    ? nothing(`is not an advisory: ${faults.join('; ')}`)
    : { text, advisory, messages: faults.map((fault) => `${advisory.id}: ${fault}`) };
}

function nothing(problem: string): Decoded {
  return { text: '', advisory: undefined, messages: [problem] };
}
