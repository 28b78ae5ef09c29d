import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { decodeMochaReport } from '../test/support/mochaReport.ts';
import { type HostTestFolder, runHostTests } from '../test/vscode/hostTests.ts';
import { type VSCodeVersion, vscodeVersions } from '../test/vscode/install.ts';
import type { WindowContents } from '../test/vscode/launch.ts';
import { runCommand } from '../test/vscode/runCommand.ts';

export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What to read when something failed. */
  readonly details: readonly string[];
}

export interface Stage {
  readonly name: string;
  readonly needsVSCode?: VSCodeVersion;
  /** Some of its tests use a real Redis; without one they say that they were skipped. */
  readonly needsRedis?: true;
  /** Needs one processor, and runs beside the tests in windows, which mostly wait. */
  readonly runsBesideWindows?: true;
  /** Works on what the package stage makes. */
  readonly needsPackage?: true;
  run(): Promise<StageResult>;
}

const root = path.resolve(import.meta.dirname, '..');
const suiteTimeoutMs = 10 * 60_000;

/** Cheapest first. */
export function testStages(): readonly Stage[] {
  return [
    { ...commandStage('typecheck', 'tsc', ['--build']), runsBesideWindows: true },
    { ...commandStage('lint', 'npm', ['run', '--silent', 'lint']), runsBesideWindows: true },
    quickStage('unit'),
    quickStage('lsp'),
    quickStage('cli'),
    commandStage('package', 'npm', ['run', '--silent', 'package']),
    // It waits for npm most of the time.
    {
      name: 'install',
      needsPackage: true,
      run: () => mochaSuite('install', [...sideBySide, ...mochaOptions('test/package')]),
    },
    ...vscodeVersions.map(hostStage),
    ...vscodeVersions.map(uiStage),
  ];
}

/** Hundreds of tests start a program from its sources. Only the first start strips the types and compiles. */
const compileOnce = { NODE_COMPILE_CACHE: path.join(root, '.build', 'compile-cache') };

/** Two files at once, also on a machine with two cores, where mocha would take one: many tests wait for another process. */
const sideBySide = ['--parallel', '--jobs', '2'];

/** Without VS Code and without the package. */
function quickStage(name: 'unit' | 'lsp' | 'cli'): Stage {
  return {
    name,
    needsRedis: true,
    run: () => mochaSuite(name, [...sideBySide, ...mochaOptions(`test/${name}`)], compileOnce),
  };
}

/** A stage that is one check: it passes or fails as a whole. */
function commandStage(name: string, command: string, args: readonly string[]): Stage {
  return {
    name,
    run: async () => {
      await inRoot(command, args, compileOnce);
      return { passed: 1, failed: 0, skipped: 0, details: [] };
    },
  };
}

function hostStage(version: VSCodeVersion): Stage {
  return { name: `host-${version}`, needsVSCode: version, needsPackage: true, run: () => hostSuite(version) };
}

/** Each needs a VS Code of its own: another folder cannot be opened in a window without ending its tests. */
const hostWindows: readonly HostWindow[] = [
  { tests: 'test/host', workspace: 'workspace', window: 'folder' },
  // VS Code and Node spell the address of such a folder in different ways.
  { tests: 'test/host', workspace: 'workspace', window: 'folder', folderName: 'ws (1) @ c++', only: 'newest' },
  { tests: 'test/host/noFolder', workspace: 'workspace', window: 'nothing' },
  { tests: 'test/host/twoRoots', workspace: 'two-roots', window: 'both.code-workspace' },
];

interface HostWindow {
  readonly tests: HostTestFolder;
  /** In test/fixtures. */
  readonly workspace: string;
  readonly window: WindowContents;
  /** What the folder that is opened is called, where that is what the tests are about. */
  readonly folderName?: string;
  readonly only?: VSCodeVersion;
}

async function hostSuite(version: VSCodeVersion): Promise<StageResult> {
  const results: StageResult[] = [];
  const windows = hostWindows.filter(({ only }) => only === undefined || only === version);
  for (const window of windows) results.push(await hostTests(version, window));
  const sum = (count: 'passed' | 'failed' | 'skipped') => results.reduce((total, one) => total + one[count], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    details: results.flatMap(({ details }) => details),
  };
}

async function hostTests(
  version: VSCodeVersion,
  { tests, workspace, window, folderName }: HostWindow,
): Promise<StageResult> {
  const run = await runHostTests(
    {
      version,
      workspace: path.join(root, 'test', 'fixtures', workspace),
      window,
      ...(folderName !== undefined && { folderName }),
      // Nobody listens there: nothing is asked before the tests start a service of their own.
      settings: { 'pinwatch.osv.url': 'http://127.0.0.1:9', 'pinwatch.index.url': 'none' },
    },
    tests,
  );
  const failures = run.tests.flatMap((test) =>
    test.state === 'failed' ? [`${test.title}\n${test.error ?? 'no message'}`] : [],
  );
  // A run that went wrong as a whole is a failure even if no test of it says so.
  const failed = Math.max(run.failed, run.ok ? 0 : 1);
  const problems = run.problems.map((problem) => `${tests}: ${problem}`);
  const console = problems.length > 0 ? ['Console of the extension host:', ...run.console.slice(-40)] : [];
  return { passed: run.passed, failed, skipped: run.skipped, details: [...problems, ...failures, ...console] };
}

function uiStage(version: VSCodeVersion): Stage {
  const options = mochaOptions('test/ui');
  const env = { PINWATCH_VSCODE: version };
  return {
    name: `ui-${version}`,
    needsVSCode: version,
    needsPackage: true,
    run: () => mochaSuite(`ui-${version}`, options, env),
  };
}

/** For the tests of one folder. */
function mochaOptions(folder: string): readonly string[] {
  const files = globSync(`${folder}/**/*.test.ts`, { cwd: root });
  // Without files mocha would look for tests of its own choice.
  if (files.length === 0) throw new Error(`There is no test in ${folder}.`);
  return ['--no-config', '--ui', 'bdd', '--timeout', '60000', ...files];
}

const noTests: StageResult = { passed: 0, failed: 1, skipped: 0, details: ['no test was run'] };

async function mochaSuite(name: string, options: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<StageResult> {
  const folder = path.join(root, '.build', 'test-reports');
  const file = path.join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true }); // a report of the last run must not stand in for this one
  const trouble = await inRoot(
    'mocha',
    [...options, '--reporter', 'json', '--reporter-option', `output=${file}`],
    env,
  ).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const report = existsSync(file) ? decodeMochaReport(readFileSync(file, 'utf8')) : undefined;
  if (!report) return { passed: 0, failed: 1, skipped: 0, details: [trouble ?? `${file} is no report of a whole run`] };
  const { passed, failed, skipped } = report;
  if (passed + failed === 0) return { ...noTests, skipped };
  const details = report.failures.map(({ title, error }) => `${title}\n${error}`);
  // Mocha can end badly with no failed test, as after an error nobody awaited.
  if (trouble !== undefined && failed === 0) return { passed, failed: 1, skipped, details: [trouble] };
  return { passed, failed, skipped, details };
}

function inRoot(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const bin = path.join(root, 'node_modules', '.bin');
  const PATH = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return runCommand(command, args, { cwd: root, env: { ...process.env, PATH, ...env }, timeoutMs: suiteTimeoutMs });
}
