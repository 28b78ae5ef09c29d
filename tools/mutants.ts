import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `node tools/mutants.ts`: removes one announcement or invalidation at a time from a copy of the server, and says which removals
 * no test notices. `--only TEXT` takes those alone whose line has the text; ends with 1 where one is not caught.
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

const root = path.resolve(import.meta.dirname, '..');
const folders = ['server/src/lsp', 'server/src/project'];
// The quickest first.
const tests = [
  ['test/unit/{lsp,project}/**/*.test.ts'],
  ['test/lsp/model.test.ts'],
  ['test/lsp/!(model|fuzz|stdio|memory).test.ts'],
];

// A statement of one line that applies a change or has something stopped, forgotten, read or looked at again.
const removable =
  /^\s*(?:await |void )?[\w.#]+\b(?:apply|take|addTaker|stop|stopAsking|forgetOutcomes|typingPaused|lookAgain|readAgain|readIncludedAgain|follow|setReadable|waitForRun|runEnded|beginAnew|settle|lose|opens|delete)\(.*\);(?: \/\/.*)?$/u;

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function mutantsOf(file: string): readonly Mutant[] {
  return readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .flatMap((text, line) => (removable.test(text) && text.includes(values.only) ? [{ file, line, text }] : []));
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name));
}

const copy = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-mutants-'));
try {
  for (const name of ['package.json', 'protocol', 'server', 'test', 'tools']) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const mutants = folders.flatMap(sources).flatMap(mutantsOf);
  let missed = 0;
  for (const { file, line, text } of mutants) {
    const target = path.join(copy, file);
    const before = readFileSync(target, 'utf8');
    writeFileSync(target, before.split('\n').with(line, '').join('\n'));
    const by = tests.find((files) => !passes(files));
    writeFileSync(target, before);
    missed += by === undefined ? 1 : 0;
    console.log(`${by === undefined ? 'NOT CAUGHT' : `caught by ${by[0]}`}: ${file}:${line + 1} ${text.trim()}`);
  }
  console.log(`${mutants.length - missed} of ${mutants.length} caught`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function passes(files: readonly string[]): boolean {
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const options = ['--no-config', '--extension', 'ts', '--timeout', '20000', '--bail'];
  const env = { ...process.env, MODEL_SHRINK: 'no' };
  return spawnSync(process.execPath, [mocha, ...options, ...files], { cwd: copy, env, timeout: 300_000 }).status === 0;
}
