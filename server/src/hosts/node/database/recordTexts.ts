import { open, stat, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import { zipEntries } from './zipEntries.ts';
import { errorCode } from '../files/errorCode.ts';

/** The text of one record, or why there is none; `where` is the line or the entry. */
export type RecordText =
  { readonly where: string; readonly text: string } | { readonly where: string; readonly problem: string };

/**
 * The records of a file one at a time: a zip archive of `<ID>.json`, JSON lines, or one JSON text with a record or a list
 * of records, the latter two gzipped or not. What it is, its bytes say, not its name. Throws `DatabaseError` where the
 * file cannot be read to its end.
 */
export async function* recordTexts(path: string): AsyncGenerator<RecordText> {
  const file = await openFile(path);
  try {
    const start = await startOf(file);
    if (start.startsWith('504b0304') || start.startsWith('504b0506')) {
      yield* zipTexts(file);
    } else {
      yield* lineTexts(file, start.startsWith('1f8b'));
    }
  } catch (error) {
    throw error instanceof DatabaseError
      ? new DatabaseError(error.reason, `"${path}" cannot be imported: ${error.message}`, { cause: error })
      : error;
  } finally {
    await file.close();
  }
}

// The longest known record has 36 kB; a list of all versions of many packages is longer.
const maxRecordBytes = 32 * 1024 * 1024;
// A JSON text over several lines has to be read as a whole.
const maxTextBytes = 256 * 1024 * 1024;

// Unpacked; more than the records of all ecosystems.
const mostBytes = 16 * 1024 * 1024 * 1024;

async function openFile(path: string): Promise<FileHandle> {
  try {
    // A pipe without a writer would hold a thread for ever, and with it the end of the process.
    if (!(await stat(path)).isFile()) {
      throw new DatabaseError('missing', `"${path}" cannot be imported: it is not a regular file.`);
    }
    return await open(path);
  } catch (error) {
    if (error instanceof DatabaseError) {
      throw error;
    }
    const code = errorCode(error);
    const why = code === 'ENOENT' ? 'there is no such file' : `it could not be opened (${code || String(error)})`;
    throw new DatabaseError('missing', `"${path}" cannot be imported: ${why}.`, { cause: error });
  }
}

async function startOf(file: FileHandle): Promise<string> {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('hex', 0, bytesRead);
  } catch (error) {
    const why = errorCode(error) || String(error);
    throw new DatabaseError('missing', `it could not be read (${why}).`, { cause: error });
  }
}

async function* zipTexts(file: FileHandle): AsyncGenerator<RecordText> {
  for await (const entry of zipEntries(file, maxRecordBytes)) {
    const where = entry.name;
    if (where.endsWith('.json')) {
      yield 'problem' in entry ? { where, problem: entry.problem } : { where, text: entry.bytes.toString('utf8') };
    }
  }
}

async function* lineTexts(file: FileHandle, isGzip: boolean): AsyncGenerator<RecordText> {
  const lines = numberedLines(bytesOf(file, isGzip));
  const first = await lines.next();
  if (first.done === true) {
    return;
  }
  const firstJson = parseJson(first.value.text);
  if (firstJson.kind === 'record') {
    yield toText(first.value);
    for await (const line of lines) {
      yield toText(line);
    }
    return;
  }
  if (firstJson.kind === 'list') {
    yield* listTexts(firstJson.list);
    for await (const line of lines) {
      yield toText(line);
    }
    return;
  }
  if (/^\s*[[{]/u.test(first.value.text)) {
    yield* severalLines(first.value, lines);
    return;
  }
  yield toText(first.value);
  for await (const line of lines) {
    yield toText(line);
  }
}

/** The first line alone is no record: either all lines together are, or the first is a bad one. */
async function* severalLines(first: Line, lines: AsyncGenerator<Line>): AsyncGenerator<RecordText> {
  const held = [first];
  let length = first.text.length;
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    held.push(line.value);
    length += line.value.text.length;
    if (length > maxTextBytes) {
      break;
    }
  }
  const whole = length > maxTextBytes ? undefined : parseJson(held.map(({ text }) => text).join('\n'));
  if (whole?.kind === 'record') {
    yield jsonText('line 1', whole.record);
  } else if (whole?.kind === 'list') {
    yield* listTexts(whole.list);
  } else {
    yield* held.map(toText);
    for await (const line of lines) {
      yield toText(line);
    }
  }
}

function* listTexts(list: readonly unknown[]): Generator<RecordText> {
  for (const [index, record] of list.entries()) {
    yield jsonText(`record ${index + 1}`, record);
  }
}

function jsonText(where: string, json: unknown): RecordText {
  try {
    return { where, text: JSON.stringify(json) };
  } catch {
    return { where, problem: 'is nested too deeply' };
  }
}

type Json =
  | { readonly kind: 'record'; readonly record: object }
  | { readonly kind: 'list'; readonly list: readonly unknown[] }
  | { readonly kind: 'none' };

function parseJson(text: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'none' };
  }
  if (Array.isArray(json)) {
    return { kind: 'list', list: json };
  }
  return typeof json === 'object' && json !== null && 'id' in json
    ? { kind: 'record', record: json }
    : { kind: 'none' };
}

interface Line {
  readonly number: number;
  readonly text: string;
  readonly isTooLong: boolean;
}

function toText({ number, text, isTooLong }: Line): RecordText {
  const where = `line ${number}`;
  return isTooLong ? { where, problem: `is larger than ${maxTextBytes / 1024 / 1024} MB` } : { where, text };
}

/** Lines that are not blank, from 1. The rest of a line that is too long is skipped. */
async function* numberedLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= maxTextBytes) {
      parts.push(part);
    }
  };
  const line = (): Line => {
    const isTooLong = bytes > maxTextBytes;
    const text = isTooLong
      ? ''
      : Buffer.concat(parts)
          .toString('utf8')
          .replace(/^\uFEFF/u, '');
    [parts, bytes] = [[], 0];
    return { number: number++, text, isTooLong };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const read = line();
      if (read.isTooLong || read.text.trim() !== '') {
        yield read;
      }
    }
    take(chunk.subarray(start));
  }
  const last = line();
  if (last.isTooLong || last.text.trim() !== '') {
    yield last;
  }
}

async function* bytesOf(file: FileHandle, isGzip: boolean): AsyncGenerator<Buffer> {
  const bytes = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1024 * 1024 });
  try {
    let taken = 0;
    // Errors of both streams come out of the iteration.
    const unpacked = isGzip ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      taken += chunk.length;
      if (taken > mostBytes) {
        throw new Error('it has no end');
      }
      yield chunk;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DatabaseError('badInput', `it is cut short or damaged (${why}).`, { cause: error });
  }
}
