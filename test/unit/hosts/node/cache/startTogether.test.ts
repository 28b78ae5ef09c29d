import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import { DiskFixture } from './diskFixture.ts';

// More of both find more, and take longer: PINWATCH_START_ROUNDS=100.
const rounds = Number(process.env['PINWATCH_START_ROUNDS'] ?? 3);
const names = Array.from({ length: 10 }, (_, index) => `process-${index}`);

describe('processes that start at once on a new cache folder', () => {
  let fixture: DiskFixture;
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(() => fixture.dispose());

  it('all use it', async function () {
    this.timeout(rounds * 20_000);
    for (let round = 0; round < rounds; round++) {
      rmSync(fixture.folder, { recursive: true, force: true });
      const results = await startTogether();
      assert.deepEqual(
        results,
        names.map(() => ({ said: [], trouble: null })),
        `round ${round}`,
      );
      fixture.now = Date.now();
      const kept = await fixture.cache().read(names);
      assert.deepEqual([...kept.keys()].sort(), [...names].sort(), `round ${round}`);
      const pending = new DatabaseSync(path.join(fixture.folder, 'pending.sqlite'));
      const waiting = pending.prepare('SELECT name FROM pending ORDER BY name').all();
      pending.close();
      assert.deepEqual(
        waiting.map(({ name }) => name),
        [...names].sort(),
      );
    }
  });

  /** What each was told. They begin when all of them are ready. */
  async function startTogether(): Promise<readonly unknown[]> {
    const script = path.join(import.meta.dirname, 'startWriter.ts');
    const children = names.map((name) =>
      spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, fixture.folder, name], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'readable')));
    children.forEach((child) => child.stdin.write('go\n'));
    const outputs = await Promise.all(children.map((child) => text(child.stdout)));
    return outputs.map((output) => JSON.parse(output.split('\n')[1] ?? '') as unknown);
  }
});
