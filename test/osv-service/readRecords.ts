import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { storedRecord, type StoredRecord } from './storedRecord.ts';

/** A path (folder of `<ID>.json`, `.jsonl` or `.jsonl.gz` file), or the records themselves. */
export type RecordSource = string | readonly unknown[];

/** All records of all sources. Where an id comes twice, the later source holds. Throws with the place of a bad record. */
export async function readRecords(sources: readonly RecordSource[]): Promise<readonly StoredRecord[]> {
  const records = new Map<string, StoredRecord>();
  for (const source of sources) {
    for await (const { where, value } of entries(source)) {
      const record = decoded(where, value);
      records.set(record.id, record);
    }
  }
  return [...records.values()];
}

interface Entry {
  readonly where: string;
  readonly value: unknown;
}

async function* entries(source: RecordSource): AsyncGenerator<Entry> {
  if (typeof source !== 'string') {
    yield* source.map((value, index) => ({ where: `record ${index + 1}`, value }));
  } else if ((await stat(source)).isDirectory()) {
    yield* folderEntries(source);
  } else {
    yield* lineEntries(source);
  }
}

async function* folderEntries(folder: string): AsyncGenerator<Entry> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  for (const name of names) {
    const where = path.join(folder, name);
    const value = json(where, await readFile(where, 'utf8'));
    if (decoded(where, value).id !== name.slice(0, -'.json'.length)) {
      throw new Error(`${where}: the file is not named after its record`);
    }
    yield { where, value };
  }
}

async function* lineEntries(file: string): AsyncGenerator<Entry> {
  const bytes = await readFile(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const where = `${file}, line ${index + 1}`;
    yield { where, value: json(where, line) };
  }
}

function json(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${where}: not JSON`, { cause });
  }
}

function decoded(where: string, value: unknown): StoredRecord {
  try {
    return storedRecord(value);
  } catch (cause) {
    throw new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
