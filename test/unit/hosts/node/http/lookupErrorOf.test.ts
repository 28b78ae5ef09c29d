import assert from 'node:assert/strict';
import { LookupError } from '../../../../../server/src/engine/ports.ts';
import { lookupErrorOf } from '../../../../../server/src/hosts/node/http/lookupErrorOf.ts';

describe('lookupErrorOf', () => {
  it('ends a sentence once', () => {
    for (const [said, expected] of [
      ['could not be reached', 'pypi.org could not be reached.'],
      ['could not be found. Is there a network?', 'pypi.org could not be found. Is there a network?'],
    ] as const) {
      const { message } = lookupErrorOf(new LookupError('offline', said), {
        baseUrl: 'https://pypi.org',
        timeoutMs: 1,
      });
      assert.equal(message, expected);
    }
  });
});
