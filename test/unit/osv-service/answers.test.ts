import assert from 'node:assert/strict';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { ask, idsOf, manyRecords, query, record, resultsOf, send } from './client.ts';

describe('the answers of the OSV service', () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [[...records, ...manyRecords('plenty', 3001)]] });
  });

  after(() => service.close());

  describe('to a query', () => {
    it('are whole records, ids ascending', async () => {
      assert.deepEqual(await ask(service, '/v1/query', query('Alpha', '1.0')), { vulns: [alphaGhsa, alphaPysec] });
    });

    it('are an empty object where nothing matches', async () => {
      assert.deepEqual(await ask(service, '/v1/query', query('alpha', '9')), {});
      assert.deepEqual(await ask(service, '/v1/query', query('no-such-package', '1')), {});
    });

    it('take no version, and an empty one, for every version', async () => {
      const everything = ['GHSA-alpha', 'PYSEC-alpha', 'PYSEC-bare'];
      assert.deepEqual(idsOf(await ask(service, '/v1/query', query('alpha'))), everything);
      assert.deepEqual(idsOf(await ask(service, '/v1/query', query('alpha', ''))), everything);
    });

    it('take what is no version for a very low one', async () => {
      assert.deepEqual(idsOf(await ask(service, '/v1/query', query('alpha', '>=9'))), ['GHSA-alpha', 'PYSEC-alpha']);
    });

    it('never hold withdrawn records', async () => {
      assert.deepEqual(await ask(service, '/v1/query', query('gone')), {});
    });

    it('leave out a record whose details are gone, as the server does', async () => {
      service.records.hideDetails('GHSA-alpha');
      try {
        assert.deepEqual(idsOf(await ask(service, '/v1/query', query('alpha', '1.0'))), ['PYSEC-alpha']);
      } finally {
        service.records.showDetails('GHSA-alpha');
      }
    });

    it('hold 3,000 records at most', async () => {
      assert.equal(idsOf(await ask(service, '/v1/query', query('plenty', '1'))).length, 3000);
    });

    it('know no other ecosystem under the name', async () => {
      const inNpm = { package: { name: 'alpha', ecosystem: 'npm' } };
      assert.deepEqual(await ask(service, '/v1/query', inNpm), {});
    });

    it('find a package by its URL', async () => {
      for (const [purl, version] of [
        ['pkg:pypi/Alpha@1.0', undefined],
        ['pkg:pypi/alpha@1%2E0?extension=tar.gz#src', undefined],
        ['pkg:pypi/alpha', '1.0'],
        ['pkg:PyPI//alpha@v1.0', undefined],
      ] as const) {
        const asked = { package: { purl }, ...(version !== undefined && { version }) };
        assert.deepEqual(idsOf(await ask(service, '/v1/query', asked)), ['GHSA-alpha', 'PYSEC-alpha'], purl);
      }
    });

    it('take of a package URL the version only, not what follows it', async () => {
      assert.deepEqual(
        await ask(service, '/v1/query', { package: { purl: 'pkg:pypi/alpha@9?extension=tar.gz#src' } }),
        {},
      );
    });

    it('have no match for a package URL of a type that is not known, and for a commit', async () => {
      assert.deepEqual(await ask(service, '/v1/query', { package: { purl: 'pkg:yeet/alpha@1.0' } }), {});
      assert.deepEqual(await ask(service, '/v1/query', { commit: 'a'.repeat(40) }), {});
    });

    it('take null for an absent field', async () => {
      const asked = {
        package: { name: 'alpha', ecosystem: 'PyPI', purl: null },
        version: '1.0',
        page_token: null,
        commit: null,
      };
      assert.deepEqual(idsOf(await ask(service, '/v1/query', asked)), ['GHSA-alpha', 'PYSEC-alpha']);
    });
  });

  describe('to a bad query', () => {
    const alpha = { name: 'alpha', ecosystem: 'PyPI' };
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['nothing at all', '', 'no query provided'],
      ['no package', {}, 'invalid query'],
      ['a version only', { version: '1' }, 'invalid query'],
      ['no name', { package: { ecosystem: 'PyPI' }, version: '1' }, 'invalid query'],
      ['no ecosystem', { package: { name: 'alpha' }, version: '1' }, 'invalid query'],
      ['another letter case of the ecosystem', { package: { name: 'alpha', ecosystem: 'pypi' } }, 'invalid ecosystem'],
      ['an ecosystem nobody knows', { package: { name: 'alpha', ecosystem: 'PyPy' } }, 'invalid ecosystem'],
      ['a commit that is no hash', { commit: 'main' }, 'invalid hash'],
      ['a commit of odd length', { commit: 'abc' }, 'invalid hash'],
      ['a token of its own making', { package: alpha, page_token: 'next' }, 'invalid cursor'],
      [
        'a package URL with a name',
        { package: { purl: 'pkg:pypi/alpha', name: 'alpha' } },
        'name specified in a PURL query',
      ],
      [
        'a package URL with an ecosystem',
        { package: { purl: 'pkg:pypi/alpha', ecosystem: 'PyPI' } },
        'ecosystem specified in a PURL query',
      ],
      [
        'two versions',
        { package: { purl: 'pkg:pypi/alpha@1' }, version: '1' },
        'version specified in params and PURL query',
      ],
      ['a URL of another scheme', { package: { purl: 'pypi/alpha' } }, 'purl scheme is not "pkg": "pypi/alpha"'],
      ['a package URL without a name', { package: { purl: 'pkg:pypi' } }, 'purl is missing type or name'],
    ];
    for (const [what, asked, message] of cases) {
      it(`are 400 for ${what}`, async () => {
        const { status, body, headers } = await send(service, '/v1/query', asked);
        assert.deepEqual([status, body], [400, { code: 3, message }]);
        assert.equal(headers.get('content-type'), 'application/json');
      });
    }

    const gatewayCases: readonly (readonly [string, unknown, string])[] = [
      ['what is no JSON', '{"package":', 'the body is not JSON'],
      ['what is no object', [], 'query: not an object'],
      ['an unknown field', { package: alpha, pageToken: 'x' }, 'query: no such field: pageToken'],
      ['an unknown field of the package', { package: { ...alpha, version: '1' } }, 'package: no such field: version'],
      ['a number for a version', { package: alpha, version: 1 }, 'query: wrong type of field: version'],
      ['a commit and a version', { commit: 'ab', version: '1' }, 'query: commit and version exclude each other'],
    ];
    for (const [what, asked, message] of gatewayCases) {
      it(`are the gateway's 400 for ${what}`, async () => {
        const { status, body } = await send(service, '/v1/query', asked);
        assert.deepEqual([status, body], [400, { code: 400, message }]);
      });
    }
  });

  describe('to a batch', () => {
    const batch = (...queries: readonly unknown[]): object => ({ queries });

    it('are ids and stamps with six digits, in the order of the queries', async () => {
      const answer = await ask(
        service,
        '/v1/querybatch',
        batch(query('alpha', '9'), query('ALPHA', '1.0'), query('beta')),
      );
      assert.deepEqual(answer, {
        results: [
          {},
          {
            vulns: [
              { id: 'GHSA-alpha', modified: '2026-01-02T03:04:05.238868Z' },
              { id: 'PYSEC-alpha', modified: '2026-01-02T03:04:05.000000Z' },
            ],
          },
          { vulns: [{ id: 'PYSEC-beta', modified: '2026-01-02T03:04:05.000000Z' }] },
        ],
      });
    });

    it('are an empty object for no queries', async () => {
      assert.deepEqual(await ask(service, '/v1/querybatch', batch()), {});
      assert.deepEqual(await ask(service, '/v1/querybatch', {}), {});
    });

    it('leave a place for a package URL of a type that is not known', async () => {
      const answer = await ask(service, '/v1/querybatch', batch({ package: { purl: 'pkg:yeet/a' } }, query('beta')));
      assert.deepEqual(resultsOf(answer).map(idsOf), [[], ['PYSEC-beta']]);
    });

    it('still list a record whose details are gone', async () => {
      service.records.hideDetails('PYSEC-beta');
      try {
        const [result] = resultsOf(await ask(service, '/v1/querybatch', batch(query('beta'))));
        assert.deepEqual(idsOf(result), ['PYSEC-beta']);
        assert.equal((await send(service, '/v1/vulns/PYSEC-beta')).status, 404);
      } finally {
        service.records.showDetails('PYSEC-beta');
      }
    });

    it('hold 1,000 records for a query at most', async () => {
      const [result] = resultsOf(await ask(service, '/v1/querybatch', batch(query('plenty', '1'))));
      assert.equal(idsOf(result).length, 1000);
    });

    it('are given for 1,000 queries, and refused for one more', async () => {
      const thousand = Array.from({ length: 1000 }, () => query('beta', '1'));
      const answer = await ask(service, '/v1/querybatch', batch(...thousand));
      assert.equal(resultsOf(answer).length, 1000);
      const { status, body } = await send(service, '/v1/querybatch', batch(...thousand, query('beta', '1')));
      assert.deepEqual([status, body], [400, { code: 3, message: 'too many queries' }]);
    });

    it('fail as a whole for one bad query, and name the first', async () => {
      const bad = { version: '1' };
      const { status, body } = await send(service, '/v1/querybatch', batch(query('beta'), bad, { commit: 'x' }));
      const message = 'error in query at index 1: rpc error: code = InvalidArgument desc = invalid query';
      assert.deepEqual([status, body], [400, { code: 3, message }]);
    });

    it('count the queries before they report a bad one', async () => {
      const tooMany = Array.from({ length: 1001 }, () => ({ version: '1' }));
      assert.deepEqual((await send(service, '/v1/querybatch', batch(...tooMany))).body, {
        code: 3,
        message: 'too many queries',
      });
    });

    it('name the query with a bad token', async () => {
      const { status, body } = await send(
        service,
        '/v1/querybatch',
        batch(query('beta'), query('beta', '1', { page_token: 'P:x' })),
      );
      const message = 'error in query at index 1: rpc error: code = InvalidArgument desc = invalid cursor';
      assert.deepEqual([status, body], [400, { code: 3, message }]);
    });

    it('are 400 for unknown fields and wrong types, anywhere', async () => {
      for (const [asked, message] of [
        [{ query: [] }, 'batch: no such field: query'],
        [{ queries: {} }, 'batch: wrong type of field: queries'],
        [batch(query('beta'), { ...query('beta'), limit: 1 }), 'query: no such field: limit'],
        [batch(null), 'query: not an object'],
      ] as const) {
        const { status, body } = await send(service, '/v1/querybatch', asked);
        assert.deepEqual([status, body], [400, { code: 400, message }]);
      }
    });
  });

  describe('to a GET', () => {
    it('are the record as it is', async () => {
      assert.deepEqual(await ask(service, '/v1/vulns/GHSA-alpha'), alphaGhsa);
    });

    it('are given for a withdrawn record too', async () => {
      const answer = await ask(service, '/v1/vulns/PYSEC-gone');
      assert.ok(typeof answer === 'object' && answer !== null && 'withdrawn' in answer);
    });

    const cases: readonly (readonly [string, string, number, number, string])[] = [
      ['an id nobody has', 'PYSEC-0', 404, 5, 'Vulnerability not found'],
      ['another letter case', 'ghsa-alpha', 404, 5, 'Vulnerability not found'],
      [
        'an alias',
        'CVE-2026-1',
        404,
        5,
        'Vulnerability not found, but the following aliases were: GHSA-alpha PYSEC-alpha',
      ],
      ['a long id', 'x'.repeat(101), 400, 3, 'ID is too long'],
      ['no id', '', 400, 3, 'ID is required'],
    ];
    for (const [what, id, status, code, message] of cases) {
      it(`are ${status} for ${what}`, async () => {
        const answer = await send(service, `/v1/vulns/${id}`);
        assert.deepEqual([answer.status, answer.body], [status, { code, message }]);
      });
    }

    it('decode the path', async () => {
      assert.deepEqual(await ask(service, '/v1/vulns/GHSA%2Dalpha'), alphaGhsa);
    });
  });

  it('are 404 for any other path and 405 for another method', async () => {
    assert.equal((await send(service, '/v2/query', {})).status, 404);
    assert.equal((await send(service, '/')).status, 404);
    assert.equal((await send(service, '/v1/query')).status, 405);
    assert.equal((await send(service, '/v1/vulns/GHSA-alpha', {})).status, 405);
  });
});

const alphaPysec = record('PYSEC-alpha', 'alpha', [{ introduced: '0' }, { fixed: '2.0' }], {
  aliases: ['CVE-2026-1', 'GHSA-alpha'],
});
const alphaGhsa = record('GHSA-alpha', 'Alpha', [{ introduced: '0' }, { fixed: '2.0' }], {
  aliases: ['CVE-2026-1', 'PYSEC-alpha'],
  modified: '2026-01-02T03:04:05.238868631Z',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
});
const records = [
  alphaPysec,
  alphaGhsa,
  { id: 'PYSEC-bare', modified: '2026-01-02T03:04:05Z', affected: [{ package: { ecosystem: 'PyPI', name: 'alpha' } }] },
  record('PYSEC-beta', 'beta', [{ introduced: '0' }]),
  record('PYSEC-gone', 'gone', [{ introduced: '0' }], { withdrawn: '2026-05-05T00:00:00Z' }),
];
