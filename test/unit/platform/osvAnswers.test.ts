import assert from 'node:assert/strict';
import { decodeBatch, decodePage } from '../../../server/src/platform/osvAnswers.ts';

describe('answers of OSV', () => {
  it('are none where they are empty', () => {
    assert.deepEqual(decodePage({}), { records: [] });
    assert.deepEqual(decodePage({ next_page_token: 'more' }), { records: [], nextPageToken: 'more' });
    assert.deepEqual(decodeBatch({ results: [{}] }, 1), [{ matches: [] }]);
  });

  it('may have more in them than is known of', () => {
    assert.deepEqual(decodePage({ future: 1 }), { records: [] });
    assert.deepEqual(decodePage({ vulns: [], message: '' }), { records: [] });
    assert.deepEqual(decodeBatch({ results: [{ vulns: [{ id: 'A-1', modified: '' }], future: 1 }], future: 1 }, 1), [
      { matches: [{ id: 'A-1', modified: '' }] },
    ]);
  });

  for (const other of [{ results: [] }, { code: 5, message: 'Not Found' }, { error: 'sign in first' }]) {
    it(`are not another service's: ${JSON.stringify(other)}`, () => {
      assert.throws(() => decodePage(other), /wrong shape/u);
      assert.throws(() => decodeBatch({ results: [other] }, 1), /wrong shape/u);
    });
  }
});
