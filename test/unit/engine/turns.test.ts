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

  it('go on with what has begun before anything else begins', async () => {
    const log: string[] = [];
    let now = 0;
    const turns = new Turns({ elapsedMs: () => now, pause: () => new Promise((resolve) => setImmediate(resolve)) });
    const work = async (name: string): Promise<void> => {
      await turns.take();
      log.push(`${name} begins`);
      now += 7;
      await turns.goOn();
      log.push(`${name} ends`);
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('spread what is worked out ahead over as many turns as it takes', async () => {
    let [now, pauses] = [0, 0];
    const pause = (): Promise<void> => {
      pauses++;
      return Promise.resolve();
    };
    const turns = new Turns({ elapsedMs: () => now, pause });
    await turns.take();
    function* steps(): Generator<void> {
      for (let step = 0; step < 10; step++) {
        now += 3;
        yield;
      }
    }
    await turns.ahead(steps());
    assert.equal(pauses, 1 + 5, 'two steps of 3 ms fill a slice of 6');
  });

  it('keep nobody waiting where nobody else is served', async () => {
    const turns = new Turns();
    assert.equal(turns.isOver, false);
    await turns.take();
    let steps = 0;
    await turns.ahead(
      (function* () {
        yield steps++;
      })(),
    );
    assert.equal(steps, 0, 'nothing is worked out ahead');
  });
});
