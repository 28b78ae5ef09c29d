import assert from 'node:assert/strict';
import { type Admission, CircuitBreaker, type Result } from '../../../../server/src/hosts/node/http/circuitBreaker.ts';
import { FakeTiming } from '../../../support/fakeTiming.ts';

describe('circuit breaker', () => {
  let timing: FakeTiming;
  let circuit: CircuitBreaker;

  beforeEach(() => {
    timing = new FakeTiming(); // its chance is a half: no jitter either way
    circuit = new CircuitBreaker(timing);
  });

  const failure = (text = 'refused'): Result => ({ kind: 'failed', error: new Error(text) });

  function settle(result: Result): void {
    admitted(circuit.admit()).settle(result);
  }

  function fail(times: number): void {
    Array.from({ length: times }, () => settle(failure()));
  }

  it('opens after five failures in a row, not before, and says with what and for how long', () => {
    fail(4);
    assert.equal(circuit.state, 'closed');
    settle(failure('the fifth'));
    assert.equal(circuit.state, 'open');
    const stopped = circuit.admit();
    assert.ok(stopped.kind === 'stop');
    assert.equal(stopped.error.message, 'the fifth');
    assert.equal(stopped.leftMs, 5000);
  });

  it('counts from the last answer', () => {
    fail(4);
    settle({ kind: 'answered' });
    fail(4);
    assert.equal(circuit.state, 'closed');
  });

  it('takes no notice of those who left', () => {
    fail(4);
    settle({ kind: 'unsettled' });
    assert.equal(circuit.state, 'closed');
    fail(1);
    assert.equal(circuit.state, 'open');
  });

  it('lets one request through when the time is over, and the rest when that one was answered', () => {
    fail(5);
    timing.nowMs += 4999;
    assert.equal(circuit.state, 'open');
    timing.nowMs += 1;
    assert.equal(circuit.state, 'halfOpen');
    const probe = admitted(circuit.admit());
    assert.equal(circuit.admit().kind, 'stop');
    probe.settle({ kind: 'answered' });
    assert.equal(circuit.state, 'closed');
    fail(4);
    assert.equal(circuit.state, 'closed');
  });

  it('lets another one through when the first left without an answer', () => {
    fail(5);
    timing.nowMs += 5000;
    settle({ kind: 'unsettled' });
    assert.equal(circuit.admit().kind, 'go');
  });

  it('stays open twice as long each time, at most five minutes', () => {
    fail(5);
    const open: number[] = [];
    for (let round = 0; round < 9; round++) {
      const stopped = circuit.admit();
      assert.ok(stopped.kind === 'stop');
      open.push(stopped.leftMs / 1000);
      timing.nowMs += stopped.leftMs;
      settle(failure());
    }
    assert.deepEqual(open, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('begins with the short time again after an answer', () => {
    fail(5);
    timing.nowMs += 5000;
    settle(failure());
    timing.nowMs += 10_000;
    settle({ kind: 'answered' });
    fail(5);
    const stopped = circuit.admit();
    assert.ok(stopped.kind === 'stop' && stopped.leftMs === 5000);
  });

  for (const [random, leftMs] of [
    [0, 3750],
    [0.999, 6247.5],
  ] as const) {
    it(`spreads the return of many (${random})`, () => {
      timing.randomValue = random;
      fail(5);
      const stopped = circuit.admit();
      assert.ok(stopped.kind === 'stop');
      assert.equal(stopped.leftMs, leftMs);
    });
  }

  it('does not open further for those that were under way when it opened', () => {
    const burst = Array.from({ length: 100 }, () => admitted(circuit.admit()));
    burst.forEach((request) => request.settle(failure()));
    timing.nowMs += 5000;
    assert.equal(circuit.state, 'halfOpen');
  });

  it('closes when one that was under way is answered after all', () => {
    const slow = admitted(circuit.admit());
    fail(5);
    slow.settle({ kind: 'answered' });
    assert.equal(circuit.state, 'closed');
  });

  it('is open at once for as long as the service asks, whoever else is answered', () => {
    const other = admitted(circuit.admit());
    settle({ kind: 'sentAway', error: new Error('HTTP 429'), forMs: 42_000 });
    other.settle({ kind: 'answered' });
    const stopped = circuit.admit();
    assert.ok(stopped.kind === 'stop' && stopped.leftMs === 42_000);
    timing.nowMs += 42_000;
    settle({ kind: 'answered' });
    assert.equal(circuit.state, 'closed');
  });

  it('does not let a service ask for more than five minutes', () => {
    settle({ kind: 'sentAway', error: new Error('HTTP 429'), forMs: 1e9 });
    const stopped = circuit.admit();
    assert.ok(stopped.kind === 'stop' && stopped.leftMs === 300_000);
  });

  it('lets go at once after a reset; the next failure opens it for the next longer time', () => {
    fail(5);
    circuit.reset();
    assert.equal(circuit.state, 'closed');
    fail(1);
    const stopped = circuit.admit();
    assert.ok(stopped.kind === 'stop' && stopped.leftMs === 10_000);
  });

  it('is not opened by what failed before a reset', () => {
    fail(5);
    timing.nowMs += 5000;
    const probe = admitted(circuit.admit());
    circuit.reset();
    probe.settle(failure());
    assert.equal(circuit.state, 'closed');
  });

  it('does not stay open because a clock was set back', () => {
    fail(5);
    timing.nowMs -= 3_600_000;
    assert.equal(circuit.state, 'halfOpen');
  });
});

function admitted(admission: Admission): Admission & { readonly kind: 'go' } {
  assert.ok(admission.kind === 'go');
  return admission;
}
