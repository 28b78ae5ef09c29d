import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { seededRandom } from '../../../../osv-service/seededRandom.ts';
import { DiskFixture, integrity } from './diskFixture.ts';
import { sharedKeys, wrongValue } from './killedValues.ts';

// 200 take about half a minute; PINWATCH_KILL_ROUNDS=200 asks for them.
const rounds = Number(process.env['PINWATCH_KILL_ROUNDS'] ?? 40);
const seed = 2026;

describe('disk cache of processes that are killed', () => {
  let fixture: DiskFixture;
  const children = new Set<ChildProcessWithoutNullStreams>();
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(async () => {
    await Promise.all([...children].map(kill));
    await fixture.dispose();
  });

  it(`holds exactly what was written, through ${rounds} kills of one of two writers`, async function () {
    this.timeout(rounds * 1_000 + 10_000);
    const random = seededRandom(seed);
    fixture.now = Date.now();
    let compared = 0;
    let writer = start(0);
    let next = start(1);
    await go(writer);
    for (let round = 0; round < rounds; round++) {
      const victim = writer;
      writer = next;
      next = start(round + 2); // comes up while the others write
      await go(writer);
      // A kill at a random moment is the point, so a time is waited for and not an event.
      await setTimeout(random() * 40);
      if (round % 2 === 1) {
        untilWritten(fixture.file); // every other time in the midst of writing
      }
      assert.equal(victim.exitCode, null, `a writer read what nobody wrote: ${errors.get(victim) ?? ''}`);
      await kill(victim);
      assert.equal(integrity(fixture.file), 'ok', `round ${round}`);
      const cache = fixture.cache();
      for (const [key, value] of await cache.read(sharedKeys)) {
        assert.equal(wrongValue(key, value), undefined, `round ${round}`);
        compared++;
      }
      assert.equal(cache.figures.trouble, undefined);
      await cache.close();
    }
    assert.deepEqual(fixture.said, []);
    assert.ok(compared > rounds * 10, `${compared} values were compared`);
  });

  const errors = new Map<ChildProcessWithoutNullStreams, string>();

  function start(number: number): ChildProcessWithoutNullStreams {
    const script = path.join(import.meta.dirname, 'killedWriter.ts');
    const child = spawn(process.execPath, [script, fixture.folder, String(seed + number)]);
    children.add(child);
    child.stderr.on('data', (chunk: Buffer) => errors.set(child, (errors.get(child) ?? '') + chunk.toString()));
    ready.set(child, once(child.stdout, 'data'));
    return child;
  }

  const ready = new WeakMap<ChildProcessWithoutNullStreams, Promise<unknown>>();

  async function go(child: ChildProcessWithoutNullStreams): Promise<void> {
    await ready.get(child);
    child.stdin.write('go\n');
  }

  async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
    children.delete(child);
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }
});

/** Returns when a file of the cache has just changed, or after a while. */
function untilWritten(file: string): void {
  const before = stamps(file);
  const limit = performance.now() + 30;
  while (stamps(file) === before && performance.now() < limit);
}

function stamps(file: string): string {
  return [file, `${file}-wal`]
    .map((one) => statSync(one, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n)
    .join();
}
