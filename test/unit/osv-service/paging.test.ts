import assert from 'node:assert/strict';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { ask, idsOf, manyRecords, query, resultsOf, tokenOf } from './client.ts';

describe('pages of the OSV service', () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [manyRecords('six', 6), manyRecords('one', 1).map(renamed)] });
  });

  afterEach(() => service.reset());

  after(() => service.close());

  /** The ids of every page of a query, until no token comes or so many pages have been seen. */
  async function pages(asked: object, limit = 10): Promise<readonly (readonly string[])[]> {
    const seen: (readonly string[])[] = [];
    for (let token: string | undefined = ''; token !== undefined && seen.length < limit;) {
      const page = await ask(service, '/v1/query', { ...asked, ...(token !== '' && { page_token: token }) });
      seen.push(idsOf(page));
      token = tokenOf(page);
    }
    return seen;
  }

  it('come one after the other, each record once', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 4 });
    assert.deepEqual(await pages(query('six')), [
      ['T-0001', 'T-0002', 'T-0003', 'T-0004'],
      ['T-0005', 'T-0006'],
    ]);
  });

  it('that are exactly full are followed by an empty one', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 3 });
    assert.deepEqual(
      (await pages(query('six'))).map(({ length }) => length),
      [3, 3, 0],
    );
  });

  it('that are exactly full have no token where that is switched on', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 3 });
    service.faults.set('query', { kind: 'noTokenOnFullPage' });
    assert.deepEqual(
      (await pages(query('six'))).map(({ length }) => length),
      [3, 3],
    );
  });

  it('may be empty and have a token', async () => {
    service.faults.set('query', { kind: 'emptyPage' }, { times: 2 });
    const seen = await pages(query('six'));
    assert.deepEqual(
      seen.map(({ length }) => length),
      [0, 0, 6],
    );
  });

  it('may be empty in the middle', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 4 });
    service.faults.set('query', { kind: 'emptyPage' }, { skip: 1, times: 1 });
    assert.deepEqual(
      (await pages(query('six'))).map(({ length }) => length),
      [4, 0, 2],
    );
  });

  it('that are empty have a token of their own each', async () => {
    service.faults.set('query', { kind: 'emptyPage' });
    const first = tokenOf(await ask(service, '/v1/query', query('six')));
    const second = tokenOf(await ask(service, '/v1/query', query('six', '1', { page_token: first })));
    assert.ok(first && second && first !== second);
  });

  it('may repeat their token for ever', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 4 });
    service.faults.set('query', { kind: 'repeatedToken' });
    const first = tokenOf(await ask(service, '/v1/query', query('six')));
    const second = await ask(service, '/v1/query', query('six', '1', { page_token: first }));
    assert.equal(tokenOf(second), first);
    assert.deepEqual(idsOf(second), ['T-0005', 'T-0006']);
    assert.deepEqual((await pages(query('six'), 5)).length, 5);
  });

  it('may not even have been started when time runs out', async () => {
    service.faults.set('query', { kind: 'timeLimit' }, { times: 1 });
    const page = await ask(service, '/v1/query', query('six'));
    assert.deepEqual(page, { next_page_token: 'RklSU1RfUEFHRV9UT0tFTg==' });
    const next = await ask(service, '/v1/query', query('six', '', { page_token: 'RklSU1RfUEFHRV9UT0tFTg==' }));
    assert.equal(idsOf(next).length, 6);
    assert.equal(tokenOf(next), undefined);
  });

  it('stay where they were when time runs out later', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 4 });
    const token = tokenOf(await ask(service, '/v1/query', query('six')));
    service.faults.set('query', { kind: 'timeLimit' }, { times: 1 });
    assert.deepEqual(await ask(service, '/v1/query', query('six', '', { page_token: token })), {
      next_page_token: token,
    });
  });

  it('end at about 10 MB of records', async () => {
    const large = manyRecords('large', 4).map((record) => ({ ...record, details: 'x'.repeat(4_000_000) }));
    for (const record of large) service.records.put(record);
    assert.deepEqual(
      (await pages(query('large'))).map(({ length }) => length),
      [3, 1],
    );
  });

  it('of a batch end for each query by itself', async () => {
    service.faults.set('querybatch', { kind: 'pageSize', records: 4 });
    const answer = await ask(service, '/v1/querybatch', { queries: [query('six'), query('one'), query('none')] });
    const [six, ...others] = resultsOf(answer);
    assert.deepEqual(idsOf(six), ['T-0001', 'T-0002', 'T-0003', 'T-0004']);
    assert.deepEqual(others.map(tokenOf), [undefined, undefined]);
    const rest = await ask(service, '/v1/querybatch', { queries: [query('six', '', { page_token: tokenOf(six) })] });
    assert.deepEqual(resultsOf(rest).map(idsOf), [['T-0005', 'T-0006']]);
  });

  it('of a batch may go wrong for some packages only', async () => {
    service.faults.set('querybatch', { kind: 'emptyPage', packages: ['Six'] });
    service.faults.set('querybatch', { kind: 'pageSize', records: 1, packages: ['one'] });
    const answer = await ask(service, '/v1/querybatch', { queries: [query('six'), query('one'), query('none')] });
    assert.deepEqual(
      resultsOf(answer).map((result) => idsOf(result).length),
      [0, 1, 0],
    );
    assert.deepEqual(
      resultsOf(answer).map((result) => tokenOf(result) !== undefined),
      [true, true, false],
    );
  });

  it('of a batch may not have been started after the first queries', async () => {
    service.faults.set('querybatch', { kind: 'timeLimit', afterQueries: 1 });
    const answer = await ask(service, '/v1/querybatch', { queries: [query('six'), query('one'), query('none')] });
    const notStarted = { next_page_token: 'RklSU1RfUEFHRV9UT0tFTg==' };
    assert.deepEqual(resultsOf(answer).slice(1), [notStarted, notStarted]);
    assert.equal(idsOf(resultsOf(answer)[0]).length, 6);
  });

  it('go on behind the last id even where records came and went', async () => {
    service.faults.set('query', { kind: 'pageSize', records: 4 });
    const token = tokenOf(await ask(service, '/v1/query', query('six')));
    service.records.remove('T-0002');
    service.records.remove('T-0004');
    assert.deepEqual(idsOf(await ask(service, '/v1/query', query('six', '', { page_token: token }))), [
      'T-0005',
      'T-0006',
    ]);
  });
});

/** So that the two packages share no id. */
function renamed(record: object): object {
  return { ...record, id: 'U-0001' };
}
