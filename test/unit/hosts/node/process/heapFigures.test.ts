import assert from 'node:assert/strict';
import { heapFigures } from '../../../../../server/src/hosts/node/process/heapFigures.ts';

describe('heap figures', () => {
  it('go by the limit that Node was started with, the last one where there are several', () => {
    const options = ['--max_old_space_size=64', '--disable-warning=x', '--max-old-space-size=128'];
    assert.equal(heapFigures(options).limitBytes, 128 * 1024 * 1024);
  });

  it("go by V8's own otherwise", () => {
    const { usedBytes, limitBytes } = heapFigures(['--max-semi-space-size=16']);
    assert.ok(usedBytes > 1024 * 1024 && usedBytes < limitBytes);
  });
});
