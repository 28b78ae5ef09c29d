import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { shortHelpText } from '../../../server/src/cli/arguments/shortHelp.ts';
import { run } from '../../../server/src/cli/run.ts';
import { needsSqlite } from '../../../server/src/main/needsSqlite.ts';
import { quickAnswer } from '../../../server/src/main/quickAnswer.ts';
import { FakeIo } from '../../support/fakeIo.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('entry of the command line', () => {
  it('loads little before it knows what is asked for', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['server/src/main/cliEntry.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      splitting: true,
      outdir: 'out',
      write: false,
      metafile: true,
      logLevel: 'error',
    });
    const { outputs } = metafile;
    const [entry] = Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint === 'server/src/main/cliEntry.ts' ? [file] : [],
    );
    const loaded = new Set<string>();
    const take = (file: string): void => {
      if (!loaded.has(file) && outputs[file] !== undefined) {
        loaded.add(file);
        outputs[file].imports.forEach(({ path: to, kind }) => kind === 'import-statement' && take(to));
      }
    };
    take(entry ?? assert.fail('no entry'));
    const inputs = [...loaded].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
    const packages = inputs.filter((file) => file.includes('node_modules'));
    assert.deepEqual(packages, []);
    assert.ok(inputs.length < 15, inputs.join('\n'));
    const ours = inputs.filter((file) => file !== 'package.json');
    const bytes = [...loaded].flatMap((file) => ours.map((input) => outputs[file]?.inputs[input]?.bytesInOutput ?? 0));
    assert.ok(bytes.reduce((sum, size) => sum + size, 0) < 40_000);
  });

  for (const argv of [['--version'], ['--help'], ['-h'], ['help']]) {
    it(`answers ${argv.join(' ')} as the program does`, async () => {
      const io = new FakeIo();
      assert.equal(await run(argv, io), 0);
      const answer = await quickAnswer(argv);
      assert.equal(answer?.replace(/^\d+\.\d+\.\d+.*\n$/u, `${io.version}\n`), io.out);
    });
  }

  it('leaves everything else to the program', () => {
    for (const argv of [
      [],
      ['scan'],
      ['scan', '--help'],
      ['help', 'scan'],
      ['--version', 'x'],
      ['--versio'],
      ['helpful'],
    ]) {
      assert.equal(quickAnswer(argv), undefined, argv.join(' '));
    }
  });

  it('prints the help as a process, and nothing else', () => {
    const out = execFileSync(process.execPath, ['server/src/main/cliEntry.ts', '--help'], { cwd: root });
    assert.equal(out.toString(), shortHelpText);
  });

  it('asks for SQLite only where something is kept or read from this machine', () => {
    for (const argv of [
      'db status',
      'match --jsonl',
      'cache stats',
      'scan --offline',
      'scan --cache-dir=x',
      'scan --database x',
    ]) {
      assert.equal(needsSqlite(argv.split(' ')), true, argv);
    }
    for (const argv of ['scan', 'scan a.txt --no-cache', 'parse a.txt', 'version --jsonl', 'scan --cache-ttl 5']) {
      assert.equal(needsSqlite(argv.split(' ')), false, argv);
    }
  });
});
