import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { Deadline } from '../../../../server/src/hosts/node/http/deadline.ts';
import { TimeoutError } from '../../../../server/src/hosts/node/http/timeoutError.ts';

const longMs = 60_000;

describe('a deadline', () => {
  it('is over with the signal before it, for the same reason, and at once where that was over already', () => {
    const parent = new AbortController();
    const early = new Deadline(parent.signal, 'idle', longMs);
    parent.abort('enough');
    const late = new Deadline(parent.signal, 'idle', longMs);
    assert.deepEqual([early.signal.reason, late.signal.reason], ['enough', 'enough']);
    [early, late].forEach((one) => one.end());
  });

  it('is over when its time is, and says which time that was', async () => {
    const one = new Deadline(new AbortController().signal, 'whole', 5);
    await once(one.signal, 'abort');
    assert.ok(one.signal.reason instanceof TimeoutError);
    assert.deepEqual([one.signal.reason.kind, one.signal.reason.afterMs], ['whole', 5]);
    one.end();
  });

  it('leaves nothing behind with a signal that goes on', () => {
    const parent = new AbortController();
    const all = Array.from({ length: 20 }, () => new Deadline(parent.signal, 'idle', longMs));
    assert.equal(getEventListeners(parent.signal, 'abort').length, 20);
    all.forEach((one) => one.end());
    assert.equal(getEventListeners(parent.signal, 'abort').length, 0);
    parent.abort();
    assert.ok(all.every(({ signal }) => !signal.aborted));
  });
});
