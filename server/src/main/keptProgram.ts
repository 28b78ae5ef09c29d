import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/**
 * Runs a CommonJS program, and keeps in the folder what V8 compiled of it by the end, for the next run: Node's own cache has only what is compiled
 * before anything has run, so that each run compiled 1,500 functions again. Nothing is kept of an interrupted run.
 */
export function runKept(file: string, folder: string): void {
  const source = readFileSync(file, 'utf8');
  const name = path.join(folder, `${path.basename(file, '.js')}.bin`);
  const basis = basisOf(source);
  const kept = decodeKept(read(name), basis);
  const script = new Script(module.wrap(source), { filename: file, ...(kept?.code && { cachedData: kept.code }) });
  const isAccepted = kept?.code !== undefined && script.cachedDataRejected !== true;
  const begin = script.runInThisContext() as (...given: unknown[]) => void;
  const program = { exports: {} };
  begin.call(program.exports, program.exports, module.createRequire(file), program, file, path.dirname(file));
  process.once('exit', (code) => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    if (code >= firstSignal || (kept !== undefined && !knowsMore(cpuMs, kept, isAccepted))) return;
    // V8 believes what was compiled under the flags that it starts with, and no other.
    setFlagsFromString(usualGrowth);
    write(name, encodeKept({ cpuMs, code: script.createCachedData() }, basis));
  });
}

const firstSignal = 128;
// A run that took so much longer has compiled what the others did not need.
const muchLonger = 2;
// What `keepYoungHeapSmall` changes.
const usualGrowth = '--semi-space-growth-factor=2';

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
export function basisOf(source: string): Buffer {
  const { version, arch, execArgv, env } = process;
  return sha256(JSON.stringify([version, arch, execArgv, env['NODE_OPTIONS'] ?? '']), source);
}

export function encodeKept({ cpuMs, code }: Kept, basis: Buffer): Buffer {
  const took = Buffer.alloc(8);
  took.writeDoubleLE(cpuMs);
  return Buffer.concat([basis, sha256(took, code), took, code]);
}

/** `undefined` for anything that `encodeKept` did not write for this basis: broken code could end the process. */
export function decodeKept(bytes: Buffer | undefined, basis: Buffer): Kept | undefined {
  const [ownBasis, hash, took, code] = [
    bytes?.subarray(0, 32),
    bytes?.subarray(32, 64),
    bytes?.subarray(64, 72),
    bytes?.subarray(72),
  ];
  const isWhole =
    ownBasis?.equals(basis) === true && code !== undefined && took?.length === 8 && hash?.equals(sha256(took, code));
  return isWhole === true ? { cpuMs: took.readDoubleLE(), code } : undefined;
}

function sha256(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(part));
  return hash.digest();
}

function read(name: string): Buffer | undefined {
  try {
    return readFileSync(name);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other runs read it meanwhile. Where nothing can be written, nothing is kept. */
function write(name: string, bytes: Buffer): void {
  const own = `${name}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(own, bytes, { flag: 'wx', mode: 0o600 });
    renameSync(own, name);
  } catch {
    rmSync(own, { force: true });
  }
}
