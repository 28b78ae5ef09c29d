import assert from 'node:assert/strict';
import { IdleMemoryCompactor } from '../../../../server/src/lsp/upkeep/idleMemoryCompactor.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';

describe('idle memory compactor', () => {
  let timers: FakeTimers;
  let scanner: FakeScanner;
  let givenBack: number;
  let now: number;
  let rest: IdleMemoryCompactor;

  beforeEach(() => {
    timers = new FakeTimers();
    scanner = new FakeScanner();
    givenBack = 0;
    now = 0;
    const clock = { now: () => 0, elapsedMs: () => now };
    rest = new IdleMemoryCompactor({ clock, timers, scanner: () => scanner, giveBackMemory: () => givenBack++ });
  });

  it('makes packages small little by little, then gives memory back, once', () => {
    scanner.unpacked = 50;
    rest.stir();
    timers.elapse(5_000);
    assert.deepEqual([scanner.unpacked, givenBack], [30, 0]);
    timers.elapse(0);
    timers.elapse(0);
    assert.deepEqual([scanner.unpacked, givenBack, timers.delaysMs], [0, 1, []]);
    rest.stir();
    assert.deepEqual(timers.delaysMs, []);
  });

  it('takes no longer at a time than a key may wait', () => {
    scanner.pack = (most) => {
      scanner.unpacked -= most;
      now += 3;
    };
    scanner.unpacked = 20;
    rest.stir();
    timers.elapse(5_000);
    assert.equal(scanner.unpacked, 18);
  });

  it('waits until nobody has typed for a while, in the midst of it too', () => {
    scanner.unpacked = 50;
    rest.stir();
    rest.stir();
    assert.deepEqual(timers.delaysMs, [5_000]);
    timers.elapse(5_000);
    rest.stir();
    assert.deepEqual([scanner.unpacked, timers.delaysMs], [30, [5_000]]);
    timers.elapse(5_000);
    rest.stir();
    assert.deepEqual([scanner.unpacked, timers.delaysMs], [10, [5_000]], 'what was begun is ended');
  });

  it('waits for a scan that takes longer', () => {
    scanner.unpacked = 20;
    rest.stir();
    scanner.figures.running = 1;
    timers.elapse(5_000);
    assert.deepEqual([scanner.unpacked, givenBack, timers.delaysMs], [20, 0, [5_000]]);
    scanner.figures.running = 0;
    timers.elapse(5_000);
    assert.deepEqual([scanner.unpacked, givenBack], [0, 1]);
  });

  it('gives memory back after very many edits, too', () => {
    for (let edit = 1; edit < 1_000; edit++) {
      rest.stir();
    }
    assert.deepEqual(timers.delaysMs, []);
    rest.stir();
    assert.deepEqual(timers.delaysMs, [5_000]);
    timers.elapse(5_000);
    assert.equal(givenBack, 1);
    rest.stir();
    assert.deepEqual(timers.delaysMs, [], 'once');
  });

  it('is not taken for a few packages, nor after the end', () => {
    scanner.unpacked = 19;
    rest.stir();
    assert.deepEqual(timers.delaysMs, []);
    scanner.unpacked = 20;
    rest.stir();
    rest.dispose();
    assert.deepEqual(timers.delaysMs, []);
  });
});
