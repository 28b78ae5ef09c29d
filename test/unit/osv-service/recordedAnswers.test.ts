import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { ask, http2Client, idsOf, query, resultsOf } from './client.ts';
import { sharedFile } from './sharedFile.ts';

describe('the OSV service with every record of the shared data', () => {
  let service: OsvService;

  before(async function () {
    this.timeout(20_000);
    const records = ['records', 'derived-ghsa'].map((name) => sharedFile(this, `osv-pypi/${name}.jsonl.gz`));
    service = await startOsvService({ records });
    assert.equal(service.records.size, 12_808);
  });

  after(() => service?.close());

  it('gives the PYSEC ids that the public service gave', async function () {
    const recorded = recordedQueries(sharedFile(this, 'osv-pypi/recorded-querybatch.json'));
    assert.equal(recorded.length, 31);
    const answer = await ask(service, '/v1/querybatch', { queries: recorded.map(({ query }) => query) });
    const pysec = (page: unknown): readonly string[] => idsOf(page).filter((id) => id.startsWith('PYSEC-'));
    let compared = 0;
    for (const [index, result] of resultsOf(answer).entries()) {
      const expected = pysec(recorded[index]?.result);
      compared += expected.length;
      assert.deepEqual(pysec(result), expected, JSON.stringify(recorded[index]?.query));
    }
    assert.equal(compared, 61);
  });

  it('gives every id of a large package once, ascending, whole records or not', async () => {
    const ids = idsOf(await ask(service, '/v1/query', query('tensorflow', '2.3.0')));
    assert.equal(ids.length, 820);
    assert.deepEqual(ids, [...new Set(ids)].sort());
    const [result] = resultsOf(await ask(service, '/v1/querybatch', { queries: [query('TensorFlow', '2.3.0')] }));
    assert.deepEqual(idsOf(result), ids);
  });

  it('gives the details of each, 200 at once on one connection', async () => {
    const ids = idsOf(await ask(service, '/v1/query', query('tensorflow', '2.3.0'))).slice(0, 200);
    const client = http2Client(service);
    const ends = await Promise.all(ids.map((id) => client.get(`/v1/vulns/${id}`)));
    client.close();
    assert.deepEqual(
      ends.map(({ body }) => idOf(body)),
      ids,
    );
  });

  it('answers a full batch of different packages', async function () {
    const recorded = recordedQueries(sharedFile(this, 'osv-pypi/recorded-querybatch.json'));
    const queries = Array.from({ length: 1000 }, (_, index) => recorded[index % recorded.length]?.query);
    assert.equal(resultsOf(await ask(service, '/v1/querybatch', { queries })).length, 1000);
  });
});

interface Recorded {
  readonly query: unknown;
  readonly result: unknown;
}

function recordedQueries(file: string): readonly Recorded[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(typeof content === 'object' && content !== null && 'queries' in content && Array.isArray(content.queries));
  return content.queries.map((entry: unknown) => {
    assert.ok(typeof entry === 'object' && entry !== null && 'query' in entry && 'result' in entry);
    return { query: entry.query, result: entry.result };
  });
}

function idOf(body: string): unknown {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
