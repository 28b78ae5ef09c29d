import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { desktopExecutable } from '../test/vscode/desktopExecutable.ts';
import { bundleHostTests } from '../test/vscode/hostTests.ts';
import { hostVerdict } from '../test/vscode/hostVerdict.ts';
import { runCommand } from '../test/vscode/runCommand.ts';
import { onInterrupt } from './onInterrupt.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Runs test/host by way of @vscode/test-electron: in desktop VS Code if there is one, else in the browser's. */
async function testElectron(): Promise<boolean> {
  const desktop = desktopExecutable();
  const executable = desktop ?? path.join(root, 'test', 'vscode', 'electronShim.ts');
  console.log(desktop === undefined ? 'No desktop VS Code here: using the browser VS Code.' : `Using ${desktop}.`);
  await runCommand(process.execPath, ['esbuild.mjs'], { cwd: root });
  const extensionTestsPath = await bundleHostTests();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-electron-'));
  try {
    const results = path.join(folder, 'results.json');
    const userData = path.join(folder, 'data');
    mkdirSync(path.join(userData, 'User'), { recursive: true });
    // Nobody listens there: nothing is asked before the tests start a service of their own.
    const settings = { 'pinwatch.osv.url': 'http://127.0.0.1:9', 'pinwatch.index.url': 'none' };
    writeFileSync(path.join(userData, 'User', 'settings.json'), JSON.stringify(settings));
    const workspace = path.join(folder, 'workspace');
    cpSync(path.join(root, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
    const code = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      launchArgs: [workspace, `--user-data-dir=${userData}`],
      extensionTestsEnv: { HOST_TEST_RESULTS: results },
    }).catch(() => 1); // it rejects when a test failed; the results say which
    // The shim judges its run itself, by results in a place of its own.
    if (desktop === undefined) return code === 0;
    const text = existsSync(results) ? readFileSync(results, 'utf8') : undefined;
    const verdict = hostVerdict({ exit: { kind: 'exited', code }, results: text });
    for (const test of verdict.tests) console.log(`${test.state}: ${test.title}${test.error ? `\n${test.error}` : ''}`);
    for (const problem of verdict.problems) console.log(problem);
    return verdict.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

onInterrupt((exitCode) => process.exit(exitCode));
process.exitCode = (await testElectron()) ? 0 : 1;
