import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Called by VS Code in its extension host. Writes what happened to HOST_TEST_RESULTS, the only result to be trusted. */
export async function run(): Promise<void> {
  // Mocha is an ES module; what a bundled require of it gives differs between Node 22 and 24.
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 20_000 });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const tests: object[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => tests.push({ title: test.fullTitle(), state: 'passed' }))
      .on('pending', (test) => tests.push({ title: test.fullTitle(), state: 'skipped' }))
      .on('fail', (test, error: unknown) => {
        const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
        tests.push({ title: test.fullTitle(), state: 'failed', error: told });
      });
  });
  const results = process.env['HOST_TEST_RESULTS'];
  if (results !== undefined) writeFileSync(results, JSON.stringify({ tests }));
  if (failures > 0) throw new Error(`${failures} failed`);
}
