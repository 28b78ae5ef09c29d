import assert from 'node:assert/strict';
import { progressLine } from '../../../../../server/src/hosts/node/process/progressLine.ts';
import { canRewriteLines, wantsColour } from '../../../../../server/src/hosts/node/process/terminal.ts';

describe('a line of progress', () => {
  let written: string[];
  let tick: (() => void) | undefined;
  let columns = 80;
  const make = () =>
    progressLine({
      write: (text) => written.push(text),
      columns: () => columns,
      every: (_milliseconds, call) => {
        tick = call;
        return () => (tick = undefined);
      },
    });

  beforeEach(() => {
    written = [];
    columns = 80;
    tick = undefined;
  });

  it('is not there for work that is over at once', () => {
    const line = make();
    line.show(() => 'working');
    line.show(undefined);
    assert.deepEqual([written, tick], [[], undefined]);
  });

  it('is written over, makes room for what stays, and goes', () => {
    const line = make();
    let text = 'ten so far';
    line.show(() => text);
    tick?.();
    text = 'two';
    tick?.();
    line.makeRoom();
    line.makeRoom();
    tick?.();
    line.show(undefined);
    assert.deepEqual(written, ['\rten so far', '\rtwo       ', '\r   \r', '\rtwo', '\r   \r']);
    assert.equal(tick, undefined);
  });

  it('never wraps', () => {
    const line = make();
    columns = 5;
    line.show(() => 'a long text');
    tick?.();
    assert.deepEqual(written, ['\ra lo']);
  });
});

describe('a terminal', () => {
  it('has colours unless somebody wants none', () => {
    assert.equal(wantsColour({}, true), true);
    assert.equal(wantsColour({ NO_COLOR: '' }, true), true);
    assert.equal(wantsColour({ NO_COLOR: '1' }, true), false);
    assert.equal(wantsColour({ TERM: 'dumb' }, true), false);
    assert.equal(wantsColour({ FORCE_COLOR: '1' }, false), false);
  });

  it('has progress unless it cannot write a line over', () => {
    assert.equal(canRewriteLines({ NO_COLOR: '1' }, true), true);
    assert.equal(canRewriteLines({ TERM: 'dumb' }, true), false);
    assert.equal(canRewriteLines({}, false), false);
  });
});
