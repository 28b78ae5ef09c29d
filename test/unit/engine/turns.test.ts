import assert from 'node:assert/strict';
import { Turns } from '../../../server/src/engine/turns.ts';

describe('turns', () => {
  it('let others in between once a slice is over, and do no two pieces of work at once', async () => {
    let now = 0;
    const log: string[] = [];
    const pauses: (() => void)[] = [];
    const pause = (): Promise<void> =>
      new Promise((resolve) => {
        log.push('pause');
        pauses.push(resolve);
      });
    const turns = new Turns({ elapsedMs: () => now, pause });
    const work = async (name: string, ms: number): Promise<void> => {
      await turns.take();
      log.push(name);
      now += ms;
    };
    const all = Promise.all([work('a', 4), work('b', 4), work('c', 1)]);
    for (const expected of [['pause'], ['a', 'b', 'pause'], ['c']]) {
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(log.splice(0), expected);
      pauses.shift()?.();
    }
    await all;
  });

  it('keep nobody waiting where nobody else is served', async () => {
    const turns = new Turns();
    assert.equal(turns.isOver, false);
    await turns.take();
  });
});
