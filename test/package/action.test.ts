import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { type NpmRegistry, startNpmRegistry } from '../support/npmRegistry.ts';
import { type Ended, runProgram } from '../support/runProgram.ts';
import { environmentWith, newNode, root } from './nodes.ts';
import { readYaml } from './readYaml.ts';
import { askingOnly } from './standIn.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly ActionStep[] };
}

interface ActionStep {
  readonly name: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const action = readYaml(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;

describe('the action for GitHub', function () {
  this.timeout(60_000);
  let folder: string;
  let service: OsvService;
  let registry: NpmRegistry;
  let workspace: string;

  before(async function () {
    if (process.platform === 'win32' || !existsSync('/bin/bash')) {
      console.log('      skipped: there is no bash on this machine');
      return this.skip();
    }
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-action-'));
    service = await startOsvService({ records: [demoRecords] });
    const files = ['npm/package.json', 'pinwatch.tgz'] as const;
    const [manifest, tarball] = files.map((file) => path.join(root, 'dist', file));
    registry = await startNpmRegistry(manifest ?? '', tarball ?? '');
    const installed = await step('Install Pinwatch');
    assert.equal(installed.code, 0, installed.err);
  });
  after(async () => {
    registry?.close();
    await service?.close();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });
  beforeEach(() => {
    workspace = mkdtempSync(path.join(folder, 'workspace-'));
    writeFileSync(path.join(workspace, 'requirements.txt'), 'django==3.2.0\n');
    writeFileSync(path.join(folder, 'output'), '');
    writeFileSync(path.join(folder, 'summary.md'), '');
  });
  afterEach(() => service.reset());

  /** Runs the script of a step as a runner does: what stands in its `env` is put in there, and nowhere else. */
  function step(name: string, inputs: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { run = '', env = {} } = action.runs.steps.find((one) => one.name === name) ?? {};
    const valueOf = (expression: string): string => {
      const [kind = '', ...rest] = expression.split('.');
      const last = rest.at(-1) ?? '';
      switch (kind) {
        case 'inputs':
          return inputs[last] ?? action.inputs[last]?.default ?? '';
        case 'github':
          return root;
        default:
          return outputs()[last] ?? '';
      }
    };
    const ofStep = Object.entries(env).map(([key, value]): [string, string] => [
      key,
      value.replace(/\$\{\{ (.*?) \}\}/gu, (_, expression: string) => valueOf(expression)),
    ]);
    mkdirSync(path.join(folder, 'temp'), { recursive: true });
    return runProgram('/bin/bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', run], {
      cwd: workspace ?? folder,
      env: {
        ...environmentWith(newNode),
        ...askingOnly(service.url, folder),
        npm_config_registry: registry.url,
        npm_config_cache: path.join(folder, 'cache'),
        RUNNER_TEMP: path.join(folder, 'temp'),
        GITHUB_OUTPUT: path.join(folder, 'output'),
        GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
        ...Object.fromEntries(ofStep),
      },
    });
  }

  function outputs(): Readonly<Record<string, string>> {
    const lines = readFileSync(path.join(folder, 'output'), 'utf8').split('\n');
    return Object.fromEntries(
      lines
        .filter((line) => line !== '')
        .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  it('reports what is vulnerable as annotations, SARIF and summary, and fails at its end', async () => {
    const scan = await step('Scan', { 'fail-on': 'high' });
    assert.equal(scan.code, 0, scan.err);
    assert.match(scan.out, /^::error file=requirements\.txt,line=1/mu);
    const { 'exit-code': code, 'sarif-file': sarif = '', complete } = outputs();
    assert.deepEqual([code, complete], ['1', 'true']);
    assert.match(readFileSync(sarif, 'utf8'), /"version": ?"2\.1\.0"/u);
    assert.match(readFileSync(path.join(folder, 'summary.md'), 'utf8'), /Pinwatch: 1 finding/u);
    assert.equal((await step('Result')).code, 1);
  });

  it('succeeds where nothing is vulnerable, and takes several paths', async () => {
    mkdirSync(path.join(workspace, 'a folder'));
    writeFileSync(path.join(workspace, 'a folder', 'requirements.txt'), 'six==1.16.0\n');
    writeFileSync(path.join(workspace, 'constraints.txt'), 'six==1.16.0\n');
    const { out } = await step('Scan', { paths: 'a folder\n\nconstraints.txt\n' });
    assert.match(out, /2 requirements in 2 files/u);
    assert.equal((await step('Result')).code, 0);
  });

  it('says that a scan is incomplete, so that code scanning keeps its alerts', async () => {
    service.faults.set('all', { kind: 'html', status: 200 });
    await step('Scan');
    assert.deepEqual([outputs()['exit-code'], outputs()['complete']], ['3', 'false']);
    assert.equal((await step('Result')).code, 3);
    for (const { uses, if: condition = '' } of action.runs.steps.filter((one) => one.uses !== undefined)) {
      assert.match(condition, /steps\.scan\.outputs\.complete == 'true'/u, uses);
    }
  });

  it('fails where a scan left nothing behind', async () => {
    assert.equal((await step('Result')).code, 3);
  });

  it('runs nothing of what its inputs say', async () => {
    const hostile = [
      '$(touch pwned)',
      '`touch pwned`',
      '"; touch pwned; "',
      '--osv-url=http://127.0.0.1:9',
      "'; touch pwned",
    ];
    for (const paths of [...hostile, hostile.join('\n')]) {
      await step('Scan', { paths });
      assert.equal(outputs()['exit-code'], '2', paths);
      writeFileSync(path.join(folder, 'output'), '');
    }
    for (const failOn of hostile) {
      await step('Scan', { 'fail-on': failOn });
      assert.equal(outputs()['exit-code'], '2', failOn);
      writeFileSync(path.join(folder, 'output'), '');
    }
    for (const version of [
      ...hostile,
      'file:.',
      'git+https://example.org/x',
      '0.1.0 other',
      '0.1.0\n1.0.0',
      'latest',
    ]) {
      const { code, out } = await step('Install Pinwatch', { version });
      assert.equal(code, 2, version);
      assert.match(out, /^::error title=Pinwatch::The input "version" is not a version such as 0\.1\.0\.$/mu);
    }
    assert.deepEqual(readdirSync(workspace), ['requirements.txt']);
  });

  it('installs the version that is asked for', async () => {
    const { code, err } = await step('Install Pinwatch', { version: '9.9.9' });
    assert.notEqual(code, 0);
    assert.match(err, /pinwatch@9\.9\.9/u);
  });
});
