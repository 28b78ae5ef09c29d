#!/usr/bin/env node
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runInExtensionHost } from './hostTests.ts';

// Takes the place of the desktop executable for @vscode/test-electron: understands the options it passes, runs the
// tests in the extension host of the browser VS Code, and ends with 0 or 1.

interface ElectronOptions {
  readonly extension: string;
  readonly tests: string;
  readonly workspace: string | undefined;
}

/** Undefined when an option is missing that the tests cannot do without. Options meant for Electron are passed over. */
function parseElectronArguments(args: readonly string[]): ElectronOptions | undefined {
  const valueOf = (option: string) => args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
  const extension = valueOf('--extensionDevelopmentPath');
  const tests = valueOf('--extensionTestsPath');
  if (extension === undefined || tests === undefined) return undefined;
  return { extension, tests, workspace: args.find((arg) => !arg.startsWith('-')) };
}

async function run({ extension, tests, workspace }: ElectronOptions): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-electron-shim-'));
  try {
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    const run = await runInExtensionHost({
      version: process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest',
      workspace: workspace ?? empty,
      extension,
      tests,
      env: { ELECTRON_RUN_AS_NODE: undefined },
      log: console.log,
    });
    for (const test of run.tests) console.log(`${test.state}: ${test.title}${test.error ? `\n${test.error}` : ''}`);
    for (const line of [...run.problems, ...(run.problems.length > 0 ? run.console : [])]) console.log(line);
    return run.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const options = parseElectronArguments(process.argv.slice(2));
  if (options) return (await run(options)) ? 0 : 1;
  console.error('--extensionDevelopmentPath=… and --extensionTestsPath=… are needed.');
  return 1;
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  const code = await main();
  // The caller closes the pipe as soon as this process ends: what was written must be out before.
  process.stdout.write('', () => process.exit(code));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
