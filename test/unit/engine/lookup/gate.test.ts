import assert from 'node:assert/strict';
import { Gate } from '../../../../server/src/engine/lookup/gate.ts';

describe('a gate', () => {
  it('lets so many in at a time, in their order, and the next one in however one ends', async () => {
    const gate = new Gate(2);
    const { signal } = new AbortController();
    const log: string[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const work = (name: string): Promise<unknown> =>
      gate
        .through(signal, () => {
          log.push(name);
          return new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
        })
        .catch((error: unknown) => log.push(`${name}: ${String(error)}`));
    const all = Promise.all(['a', 'b', 'c', 'd'].map(work));
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await turn();
    assert.deepEqual(log, ['a', 'b']);
    ends[1]?.(new Error('broken'));
    await turn();
    assert.deepEqual(log.toSorted(), ['a', 'b', 'b: Error: broken', 'c']);
    ends[0]?.();
    await turn();
    assert.equal(log.at(-1), 'd');
    ends.slice(2).forEach((end) => end());
    await all;
  });

  it('lets fewer in from when it is narrowed, and those inside stay', async () => {
    const gate = new Gate(3);
    const { signal } = new AbortController();
    const ends: (() => void)[] = [];
    let most = 0;
    let inside = 0;
    const work = (): Promise<void> =>
      gate.through(signal, async () => {
        most = Math.max(most, ++inside);
        await new Promise<void>((resolve) => ends.push(resolve));
        inside--;
      });
    const all = Promise.all(Array.from({ length: 9 }, work));
    gate.narrowTo(1);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    await turn();
    assert.equal(inside, 3);
    ends.splice(0).forEach((end) => end());
    most = 0;
    for (await turn(); ends.length > 0; await turn()) {
      ends.splice(0).forEach((end) => end());
    }
    await all;
    assert.equal(most, 1);
  });

  it('begins nothing that was called off while it waited', async () => {
    const gate = new Gate(1);
    const { signal } = new AbortController();
    const off = new AbortController();
    let end = (): void => undefined;
    const first = gate.through(signal, () => new Promise<void>((resolve) => (end = resolve)));
    const second = gate.through(off.signal, () => assert.fail('it was called off'));
    off.abort(new Error('off'));
    end();
    await first;
    await assert.rejects(second, /off/u);
    assert.equal(await gate.through(signal, () => Promise.resolve(3)), 3);
  });
});
