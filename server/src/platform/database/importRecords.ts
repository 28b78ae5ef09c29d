import { decodeOsv } from '../../core/advisories/decodeOsv.ts';
import type { ImportProblem } from '../../scan/advisoryDatabase.ts';
import type { RecordText } from './recordTexts.ts';
import type { DatabaseWriter } from './writeDatabase.ts';

export interface ImportedRecords {
  readonly written: number;
  readonly problems: readonly ImportProblem[];
  /** The latest `modified` that is not in the future, milliseconds since the epoch; 0 where there is none. */
  readonly newestAt: number;
}

interface ImportRecordsOptions {
  readonly now: number;
  /** The stamp under which OSV lists a record. */
  readonly listed?: (id: string) => string | undefined;
  readonly onRecords: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Writes every record that can be used; each that cannot is named. Runs inside the writer's transaction. */
export async function importRecords(
  writer: DatabaseWriter,
  records: AsyncIterable<RecordText> | Iterable<RecordText>,
  { now, listed, onRecords, signal }: ImportRecordsOptions,
): Promise<ImportedRecords> {
  const problems: ImportProblem[] = [];
  let written = 0;
  let newestAt = 0;
  for await (const record of records) {
    signal.throwIfAborted();
    const decoded = 'problem' in record ? { problem: record.problem } : decode(record.text);
    if ('problem' in decoded) {
      problems.push({ where: record.where, message: decoded.problem });
      continue;
    }
    const { text, advisory } = decoded;
    writer.put(text, advisory, listed?.(advisory.id));
    const modifiedAt = Date.parse(advisory.modified);
    newestAt = modifiedAt <= now && modifiedAt > newestAt ? modifiedAt : newestAt;
    written++;
    if (written % progressEvery === 0) {
      onRecords(written);
    }
  }
  return { written, problems, newestAt };
}

const progressEvery = 5_000;

function decode(text: string): { readonly text: string; readonly advisory: Decoded } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const { advisory, problem } = decodeOsv(json);
  if (advisory === undefined) {
    return { problem: `is not an advisory: ${problem}` };
  }
  // Its packages would be lost without a word.
  if (!Array.isArray((json as { readonly affected?: unknown }).affected ?? [])) {
    return { problem: `${advisory.id} has no list of affected packages` };
  }
  return { text, advisory };
}

type Decoded = NonNullable<ReturnType<typeof decodeOsv>['advisory']>;
