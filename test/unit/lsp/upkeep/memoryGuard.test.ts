import assert from 'node:assert/strict';
import { MemoryGuard } from '../../../../server/src/lsp/upkeep/memoryGuard.ts';
import { noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';

describe('memory guard', () => {
  let scanner: FakeScanner;
  let now: number;
  let said: string[];
  let collected: number;
  /** What is in use of 100; each entry counts a hundredth, each package that is not packed a whole one. */
  let garbage: number;
  let other: number;
  let guard: MemoryGuard;

  beforeEach(() => {
    scanner = new FakeScanner();
    [now, said, collected, garbage, other] = [noon, [], 0, 0, 10];
    const say = (message: string): void => void said.push(message);
    guard = new MemoryGuard({
      clock: { now: () => now },
      log: { error: say, warn: say, info: say, debug: say },
      scanner: () => scanner,
      memory: () => ({
        usedBytes: other + garbage + scanner.unpacked + scanner.figures.entries / 100,
        limitBytes: 100,
      }),
      giveBackMemory: () => {
        collected++;
        garbage = 0;
      },
    });
  });

  it('does nothing while there is enough', () => {
    other = 70;
    guard.check();
    assert.deepEqual([collected, said, guard.isShort, guard.trouble], [0, [], false, undefined]);
  });

  it('does not take garbage for want', () => {
    garbage = 80;
    guard.check();
    assert.deepEqual([collected, said, guard.isShort], [1, [], false]);
  });

  it('does not collect all the time where much is garbage, unless it becomes urgent', () => {
    garbage = 70;
    guard.check();
    garbage = 70;
    now += 5_000;
    guard.check();
    assert.equal(collected, 1);
    garbage = 80;
    guard.check();
    assert.equal(collected, 2);
    garbage = 70;
    now += 30_000;
    guard.check();
    assert.equal(collected, 3);
  });

  it('packs packages first, and keeps every entry where that is enough', () => {
    scanner.unpacked = 65;
    scanner.figures.entries = 1000;
    guard.check();
    assert.deepEqual([scanner.unpacked, scanner.figures.entries, guard.isShort], [0, 1000, true]);
    assert.equal(said.length, 1);
    assert.equal(guard.trouble, said[0]);
  });

  it('then lets go of half of the entries, again and again, and holds no more from then on', () => {
    other = 60;
    scanner.figures.entries = 4000;
    guard.check();
    assert.deepEqual([scanner.figures.entries, scanner.figures.capacity], [1000, 1000]);
  });

  it('keeps a few, and does not collect all the time where that does not help', () => {
    other = 99;
    scanner.figures.entries = 4000;
    guard.check();
    assert.equal(scanner.figures.entries, 200);
    const before = collected;
    guard.check();
    assert.equal(collected, before);
    now += 10_000;
    guard.check();
    assert.ok(collected > before);
    assert.equal(said.length, 1, 'said once');
  });
});
