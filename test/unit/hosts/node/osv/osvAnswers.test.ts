import assert from 'node:assert/strict';
import { decodeBatch, decodePage } from '../../../../../server/src/hosts/node/osv/osvAnswers.ts';

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

  for (const [what, match] of [
    ['a path', { id: '../../etc/passwd', modified: '' }],
    ['a control character', { id: 'A-1\u0000', modified: '' }],
    ['a line break', { id: 'A-1\n', modified: '' }],
    ['nothing', { id: '', modified: '' }],
    ['ten million characters', { id: 'A'.repeat(10_000_000), modified: '' }],
    ['a stamp without end', { id: 'A-1', modified: '2'.repeat(10_000_000) }],
    ['what every object has', JSON.parse('{"__proto__": {"id": "A-1"}}') as object],
  ] as const) {
    it(`never name an advisory by ${what}`, () => {
      assert.throws(() => decodeBatch({ results: [{ vulns: [match] }] }, 1), /makes no sense/u);
    });
  }

  it('have no list of millions', () => {
    const vulns = Array.from({ length: 1_000_000 }, () => ({ id: 'A-1', modified: '' }));
    assert.throws(() => decodePage({ vulns }), /list of 1000000 advisories/u);
    assert.throws(() => decodeBatch({ results: [{ vulns }] }, 1), /list of 1000000 advisories/u);
  });

  it('are none for another number of queries', () => {
    assert.throws(() => decodeBatch({ results: [{}, {}] }, 1), /answered 2 for 1/u);
    assert.throws(() => decodeBatch({ results: [{}] }, 2), /answered 1 for 2/u);
    assert.throws(() => decodeBatch(JSON.parse('{"__proto__": {"results": [{}]}}'), 1), /no list/u);
  });
});
