import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { leaseMs, type PendingItem, PendingQueue } from '../../../../../server/src/hosts/node/cache/pendingQueue.ts';
import { DiskFixture } from './diskFixture.ts';

describe('queue of look-ups that wait', () => {
  let fixture: DiskFixture;
  const open: PendingQueue[] = [];
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(async () => {
    await Promise.all(open.splice(0).map((queue) => queue.close()));
    await fixture.dispose();
  });

  function queueOn(folder = fixture.folder, mostItems = 5_000): PendingQueue {
    const warn = (message: string): void => void fixture.said.push(message);
    const log = { error: warn, warn, info: warn, debug: warn };
    const queue = new PendingQueue({ folder, clock: { now: () => fixture.now }, log, mostItems });
    open.push(queue);
    return queue;
  }

  const items = (count: number): readonly PendingItem[] =>
    Array.from({ length: count }, (_, index) => ({ name: 'package', version: `1.${index}` }));

  it('gives in order what was added, each once, until it is done', async () => {
    const queue = queueOn();
    assert.equal(await queue.add([{ name: 'b', version: '1' }, { name: 'a' }, { name: 'b', version: '1' }]), 3);
    assert.equal(await queue.size(), 2);
    assert.deepEqual(await queue.take(10), [{ name: 'b', version: '1' }, { name: 'a' }]);
    assert.deepEqual(await queue.take(10), []);
    await queue.done([{ name: 'b', version: '1' }]);
    assert.equal(await queue.size(), 1);
    await queue.close();
    assert.deepEqual(await queueOn().take(10), [{ name: 'a' }], 'what was not done is there for the next one');
  });

  it('gives two who share it different items, and again what one has not done in time', async () => {
    const [one, other] = [queueOn(), queueOn()];
    await one.add(items(10));
    const taken = await one.take(6);
    assert.deepEqual([...taken, ...(await other.take(6))], items(10));
    fixture.now += leaseMs - 1;
    assert.deepEqual(await other.take(6), []);
    fixture.now += 1;
    assert.deepEqual(await other.take(6), taken);
  });

  it('keeps the first ones when there is no room, and says how many', async () => {
    const queue = queueOn(fixture.folder, 100);
    assert.equal(await queue.add(items(150)), 100);
    assert.equal(await queue.add(items(150)), 100, 'those are in it already');
    assert.deepEqual(await queue.take(1_000), items(100));
  });

  it('takes thousands of items, and gives them back', async () => {
    const queue = queueOn();
    assert.equal(await queue.add(items(5_000)), 5_000);
    const taken = await queue.take(5_000);
    await queue.done(taken);
    assert.equal(taken.length, 5_000);
    assert.equal(await queue.size(), 0);
  });

  it('loses nothing that it took when processes are killed', async () => {
    const script = path.join(import.meta.dirname, 'pendingWriter.ts');
    const safe: number[] = [];
    await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name, index) => {
        const child = spawn(process.execPath, [script, fixture.folder, name], { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        while (output.split('\n').length < 5 + index * 5) {
          const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
          output += chunk.toString();
        }
        const end = once(child, 'close');
        child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.kill('SIGKILL');
        await end;
        safe[index] = output.split('\n').length - 1;
      }),
    );
    const taken = await queueOn().take(1_000_000);
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      const count = taken.filter((item) => item.name === name).length;
      const told = (safe[index] ?? NaN) * 50;
      assert.ok(told > 0 && count >= told && count % 50 === 0, `${name}: ${count} of ${told}`);
    }
  });

  it('says once why it keeps nothing', async () => {
    writeFileSync(path.join(fixture.root, 'file'), '');
    const queue = queueOn(path.join(fixture.root, 'file', 'folder'));
    assert.equal(await queue.add(items(3)), 0);
    assert.deepEqual(await queue.take(3), []);
    assert.equal(await queue.size(), 0);
    assert.match(queue.trouble ?? '', /^Look-ups that could not be asked are not kept\. .*ENOTDIR/u);
    assert.equal(fixture.said.length, 1);
  });

  it('sets a damaged file aside and goes on', async () => {
    mkdirSync(fixture.folder);
    writeFileSync(path.join(fixture.folder, 'pending.sqlite'), 'This is no database. '.repeat(100), { mode: 0o600 });
    const queue = queueOn();
    assert.equal(await queue.add(items(3)), 3);
    assert.equal(queue.trouble, undefined);
    assert.equal(fixture.said.length, 1);
  });
});
