import assert from 'node:assert/strict';
import { PartsClock } from '../../../../server/src/engine/operations/partsClock.ts';

describe('the clock of the parts of a scan', () => {
  let now: number;
  let clock: PartsClock<'batch' | 'cache'>;
  beforeEach(() => {
    now = 100;
    clock = new PartsClock(['batch', 'cache'], () => now);
  });
  /** Begins work; what is returned ends it. */
  const begin = (part: 'batch' | 'cache'): (() => Promise<void>) => {
    let end = (): void => undefined;
    const done = clock.time(part, () => new Promise<void>((resolve) => (end = resolve)));
    return () => {
      end();
      return done;
    };
  };

  it('counts how long something was waited for, and nothing else', async () => {
    now = 150;
    const end = begin('cache');
    now = 170;
    assert.deepEqual(clock.spentMs, { batch: 0, cache: 20 });
    await end();
    now = 500;
    assert.deepEqual(clock.spentMs, { batch: 0, cache: 20 });
  });

  it('counts what is waited for at the same time once, as the first of its parts', async () => {
    const endOne = begin('cache');
    now = 110;
    const [endBatch, endOther] = [begin('batch'), begin('batch')];
    now = 140;
    await endBatch();
    now = 150;
    await endOther();
    now = 155;
    await endOne();
    assert.deepEqual(clock.spentMs, { batch: 40, cache: 15 });
  });

  it('ends with work that fails', async () => {
    await assert.rejects(
      clock.time('batch', () => Promise.reject(new Error('no'))),
      /no/u,
    );
    now = 200;
    assert.deepEqual(clock.spentMs, { batch: 0, cache: 0 });
  });
});
