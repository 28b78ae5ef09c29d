import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface CorpusFile {
  readonly id: string;
  readonly path: string;
  readonly text: string;
}

/** The corpus of real requirements files beside the repository; `undefined` where it is not there. */
export function readCorpus(): readonly CorpusFile[] | undefined {
  return readRows('files.jsonl.gz')?.filter((row): row is CorpusFile => isFile(row));
}

/** One of the corpus' tables, a JSON value a row. */
export function readRows(name: string): readonly unknown[] | undefined {
  const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(import.meta.dirname, '../../shared');
  const file = path.join(shared, 'requirements-corpus', name);
  if (!existsSync(file)) {
    console.log(`skipped: there is no ${name} beside the repository`);
    return undefined;
  }
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

function isFile(row: unknown): row is CorpusFile {
  return typeof row === 'object' && row !== null && 'text' in row && typeof row.text === 'string';
}
