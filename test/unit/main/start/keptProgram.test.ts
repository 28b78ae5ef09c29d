import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeKept, encodeKept, keptName, knowsMore } from '../../../../server/src/main/start/keptProgram.ts';

const code = Buffer.from('compiled');

describe('what is kept of a compiled program', () => {
  it('is for one program on one Node, and whole', () => {
    const bytes = encodeKept({ cpuMs: 12.5, code }, 'one');
    assert.deepEqual(decodeKept(bytes, 'one'), { cpuMs: 12.5, code });
    assert.equal(decodeKept(bytes, 'another'), undefined);
    assert.equal(decodeKept(undefined, 'one'), undefined);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(decodeKept(bytes.subarray(0, length), 'one'), undefined, `${length} bytes`);
      const zeros = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(bytes.length - length)]);
      assert.equal(decodeKept(zeros, 'one'), undefined, `${length} bytes, then zeros`);
    }
    assert.equal(decodeKept(Buffer.concat([bytes, bytes]), 'one'), undefined);
    assert.equal(decodeKept(Buffer.from('null\n'), 'one'), undefined);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(decodeKept(flipped, 'one'), undefined, `bit ${bit} is another`);
    }
  });

  it('is another for scans of files and of folders', () => {
    const [file, folder] = [import.meta.filename, import.meta.dirname];
    assert.equal(keptName(['scan', file, '--database', folder]), 'files.bin');
    for (const argv of [['scan'], ['scan', folder], ['scan', folder, '--output', file], ['scan', '\0', 'absent']]) {
      assert.equal(keptName(argv), 'folders.bin', JSON.stringify(argv));
    }
  });

  it('is made again by a much longer run alone, and not where V8 refuses it', () => {
    assert.equal(knowsMore(1_000, { cpuMs: 100 }, true), true);
    assert.equal(knowsMore(150, { cpuMs: 100 }, true), false);
    assert.equal(knowsMore(1_000, { cpuMs: 100 }, false), false);
  });
});

describe('a program whose compiled code is kept', () => {
  let folder: string;
  const compiled = (): string => path.join(folder, 'compiled');
  const program = (): string => path.join(folder, 'main.js');
  const kept = (): string => path.join(compiled(), 'folders.bin');

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-kept-'));
    mkdirSync(compiled());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function call(): readonly string[] {
    const source = pathToFileURL(
      path.resolve(import.meta.dirname, '../../../../server/src/main/start/keptProgram.ts'),
    ).href;
    const [file, place] = [program(), kept()].map((one) => JSON.stringify(one));
    return ['--input-type=module', '-e', `(await import(${JSON.stringify(source)})).runKept(${file}, ${place});`];
  }

  function run(): string {
    return execFileSync(process.execPath, call()).toString();
  }

  function write(source: string): void {
    writeFileSync(program(), source);
  }

  it('runs as every module does, and the same again', () => {
    writeFileSync(path.join(folder, 'part.js'), 'exports.part = "a part";\n');
    write('console.log(require("./part.js").part, __filename, __dirname, typeof module, this === exports);\n');
    const said = `a part ${path.join(folder, 'main.js')} ${folder} object true\n`;
    assert.equal(run(), said);
    const first = readFileSync(kept());
    assert.equal(run(), said);
    assert.deepEqual(readFileSync(kept()), first);
    assert.deepEqual(readdirSync(compiled()), ['folders.bin']);
  });

  it('is compiled again when its source is another, though as long', () => {
    write('console.log(1);\n');
    assert.equal(run(), '1\n');
    write('console.log(2);\n');
    assert.equal(run(), '2\n');
    assert.equal(run(), '2\n');
  });

  it('is compiled again where something broken is kept', () => {
    write('console.log(1);\n');
    run();
    writeFileSync(kept(), readFileSync(kept()).subarray(0, 100));
    assert.equal(run(), '1\n');
    assert.ok(readFileSync(kept()).length > 200);
  });

  it('is compiled again where a byte of the kept code is another', () => {
    write('console.log(1);\n');
    run();
    const bytes = readFileSync(kept());
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(kept(), bytes);
    assert.equal(run(), '1\n');
    assert.notDeepEqual(readFileSync(kept()), bytes);
  });

  it('runs where nothing can be kept, and keeps nothing of an interrupted run', () => {
    write('console.log(1); process.exitCode = 130;\n');
    assert.equal(spawnSync(process.execPath, call()).status, 130);
    assert.deepEqual(readdirSync(compiled()), []);
    rmSync(compiled(), { recursive: true });
    write('console.log(1);\n');
    assert.equal(run(), '1\n');
    writeFileSync(compiled(), 'a file where the folder should be');
    assert.equal(run(), '1\n');
  });
});
