import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import type * as v8 from 'node:v8';
import { Script } from 'node:vm';
import * as zlib from 'node:zlib';

/**
 * Runs a CommonJS program, and keeps in `keptFile` what V8 compiled of it by the end, for the next run: Node's own cache has only
 * what is compiled before anything has run, so that each run compiled 1,500 functions again. Nothing is kept of an
 * interrupted run. The folder is the program's own, and what lies there is believed like the program itself.
 */
export function runKept(file: string, keptFile: string): void {
  const source = readFileSync(file, 'utf8');
  const basis = basisOf(file);
  const kept = decodeKept(read(keptFile), basis);
  const script = new Script(module.wrap(source), { filename: file, ...(kept && { cachedData: kept.code }) });
  const isAccepted = script.cachedDataRejected === false;
  const begin = script.runInThisContext() as (...given: unknown[]) => void;
  const program = { exports: {} };
  const require = module.createRequire(file);
  begin.call(program.exports, program.exports, require, program, file, path.dirname(file));
  process.once('exit', (code) => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    if (code >= firstSignal || (kept !== undefined && !knowsMore(cpuMs, kept, isAccepted))) return;
    // V8 believes what was compiled under the flags that it starts with, and no other. Loaded here, since most runs need none of it.
    const { setFlagsFromString } = require('node:v8') as typeof v8;
    usualGrowth.forEach((flag) => setFlagsFromString(flag));
    write(keptFile, encodeKept({ cpuMs, code: script.createCachedData() }, basis));
  });
}

/** Scans of a file or two need few functions, and those of folders many: to load what is not needed takes time, too. */
export function keptName(argv: readonly string[]): string {
  const isFile = (word: string): boolean => statSync(word, { throwIfNoEntry: false })?.isFile() === true;
  const isPath = (word: string, at: number): boolean => ![word, argv[at - 1] ?? ''].some((one) => one.startsWith('-'));
  try {
    return argv.some((word, at) => isPath(word, at) && isFile(word)) ? 'files.bin' : 'folders.bin';
  } catch {
    return 'folders.bin';
  }
}

const firstSignal = 128;
// A run that took so much longer has compiled what the others did not need.
const muchLonger = 2;
// What `keepYoungHeapSmall` and `keepHeapNearUse` change.
const usualGrowth = ['--semi-space-growth-factor=2', '--heap-growing-percent=0'];

/** What V8 refused though nothing is another than before, it would refuse again. */
export function knowsMore(cpuMs: number, kept: Pick<Kept, 'cpuMs'>, isAccepted: boolean): boolean {
  return isAccepted && cpuMs > kept.cpuMs * muchLonger;
}

export interface Kept {
  /** What the run took whose code it is. */
  readonly cpuMs: number;
  readonly code: Buffer;
}

/** Names what compiled code depends on: V8 itself compares no more of a source than its length. */
function basisOf(file: string): string {
  const { version, arch, execArgv, env } = process;
  const { size, mtimeMs, ctimeMs, ino } = statSync(file);
  return JSON.stringify([version, arch, execArgv, env['NODE_OPTIONS'] ?? '', size, mtimeMs, ctimeMs, ino]);
}

/** One line of JSON, the code, and the line again, so that half of it is none. */
export function encodeKept({ cpuMs, code }: Kept, basis: string): Buffer {
  const head = Buffer.from(`${JSON.stringify({ basis, cpuMs, length: code.length, sum: sumOf(code) })}\n`);
  return Buffer.concat([head, code, head]);
}

/** `undefined` for anything that `encodeKept` did not write for this basis: V8 checks no code, and a wrong bit of it ends or hangs the process. */
export function decodeKept(bytes: Buffer | undefined, basis: string): Kept | undefined {
  const end = bytes?.indexOf('\n') ?? -1;
  if (bytes === undefined || end < 0) return undefined;
  const head = bytes.subarray(0, end + 1);
  const { basis: own, cpuMs, length, sum } = fieldsOf(head.toString());
  if (own !== basis || typeof cpuMs !== 'number' || typeof length !== 'number') return undefined;
  const isWhole = bytes.length === length + 2 * head.length && bytes.subarray(-head.length).equals(head);
  const code = bytes.subarray(head.length, head.length + length);
  return isWhole && sum !== undefined && sum === sumOf(code) ? { cpuMs, code } : undefined;
}

/** `undefined` before Node 22.2, where nothing kept is believed. A scan loads zlib in any case, and crypto not always. */
function sumOf(code: Buffer): number | undefined {
  const { crc32 } = zlib as Partial<typeof zlib>;
  return crc32?.(code);
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other runs read it meanwhile. Where nothing can be written, nothing is kept. */
function write(file: string, bytes: Buffer): void {
  const own = `${file}.${process.pid}`;
  try {
    const descriptor = openSync(own, 'wx', 0o600);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(own, file);
  } catch {
    removeIfPossible(own);
  }
}

/** Where not even that is possible, the run has still done what it was for. */
function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // There is no such folder, or it is closed to this user.
  }
}
