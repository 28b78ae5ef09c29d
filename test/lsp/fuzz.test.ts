import assert from 'node:assert/strict';
import { fuzzServer } from '../support/lspFuzz.ts';

/** A short run; `node tools/fuzzServer.ts --messages 100000` is a long one. */
describe('random messages', function () {
  this.timeout(120_000);

  for (const seed of [1, 4]) {
    it(`neither end the server nor leave it showing what a fresh one does not, from seed ${seed}`, async () => {
      const { faults } = await fuzzServer(seed, 1_500);
      assert.deepEqual(faults, []);
    });
  }
});
