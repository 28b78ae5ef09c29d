import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleHostTests } from '../test/vscode/hostTests.ts';
import { hostVerdict } from '../test/vscode/hostVerdict.ts';
import { pathOfTool } from '../test/vscode/install.ts';
import { startOsvService } from '../test/vscode/osvService.ts';
import { runCommand } from '../test/vscode/runCommand.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Runs test/host by way of @vscode/test-electron: in desktop VS Code if there is one, else in the browser's. */
async function testElectron(): Promise<boolean> {
  const desktop = desktopExecutable();
  const executable = desktop ?? path.join(root, 'test', 'vscode', 'electronShim.ts');
  console.log(desktop === undefined ? 'No desktop VS Code here: using the browser VS Code.' : `Using ${desktop}.`);
  await runCommand(process.execPath, ['esbuild.mjs'], { cwd: root });
  const extensionTestsPath = await bundleHostTests();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-electron-'));
  const osv = await startOsvService();
  try {
    const results = path.join(folder, 'results.json');
    const code = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      launchArgs: [path.join(root, 'sample'), '--user-data-dir', path.join(folder, 'data')],
      extensionTestsEnv: { HOST_TEST_RESULTS: results, PINWATCH_OSV_URL: osv.url },
    }).catch(() => 1); // it rejects when a test failed; the results say which
    // The shim judges its own run and hides the results with the home it removes.
    if (desktop === undefined) return code === 0;
    const text = existsSync(results) ? readFileSync(results, 'utf8') : undefined;
    const verdict = hostVerdict({ exit: { kind: 'exited', code }, results: text });
    for (const test of verdict.tests) console.log(`${test.state}: ${test.title}${test.error ? `\n${test.error}` : ''}`);
    for (const problem of verdict.problems) console.log(problem);
    return verdict.ok;
  } finally {
    osv.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** PINWATCH_DESKTOP names the executable itself. `code` on PATH is a script beside or above it. */
function desktopExecutable(): string | undefined {
  return process.env['PINWATCH_DESKTOP'] ?? pathOfTool('code');
}

process.once('SIGINT', () => process.exit(130));
process.exitCode = (await testElectron()) ? 0 : 1;
