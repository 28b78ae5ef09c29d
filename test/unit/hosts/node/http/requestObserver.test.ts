import assert from 'node:assert/strict';
import { RequestRecord } from '../../../../../server/src/engine/operations/requestRecord.ts';
import { LookupError, silentLog } from '../../../../../server/src/engine/ports.ts';
import { HttpStatusError } from '../../../../../server/src/hosts/node/http/httpStatusError.ts';
import { requestObserver } from '../../../../../server/src/hosts/node/http/requestObserver.ts';

describe('observer of requests', () => {
  it('counts attempts by service, endpoint and result, and logs each that failed', () => {
    const record = new RequestRecord();
    const lines: string[] = [];
    const observe = requestObserver('osv', record, { ...silentLog, debug: (line) => lines.push(line) });
    const notFound = new LookupError('badResponse', 'osv.test refused the request (HTTP 404).', {
      cause: new HttpStatusError(404, undefined, ''),
    });
    observe({ endpoint: 'query', attempt: 1, durationMs: 12, at: 10_000 });
    observe({ endpoint: 'query', attempt: 1, durationMs: 7, at: 10_000, failure: { error: notFound, isLast: true } });
    const silent = new LookupError('timeout', 'osv.test did not answer within 1 s.');
    observe({ endpoint: 'query', attempt: 2, durationMs: 1000, at: 10_000, failure: { error: silent, isLast: false } });
    observe({ endpoint: 'query', attempt: 0, durationMs: 0, at: 10_000, failure: { error: silent, isLast: true } });
    observe({
      endpoint: 'vulns',
      attempt: 1,
      durationMs: 3,
      at: 10_000,
      failure: { error: 'cancelled', isLast: true },
    });

    const [query, vulns] = record.families;
    assert.deepEqual(
      [...(query?.results ?? [])],
      [
        ['ok', 1],
        ['refused', 1],
        ['timeout', 1],
        ['held', 1],
      ],
    );
    assert.deepEqual([query?.durations.count, query?.durations.totalMs], [3, 1019]);
    assert.deepEqual([...(vulns?.results ?? [])], [['cancelled', 1]]);
    assert.deepEqual(lines, [
      'Request query to osv, attempt 1, failed after 7 ms (refused): osv.test refused the request (HTTP 404). It is not tried again.',
      'Request query to osv, attempt 2, failed after 1000 ms (timeout): osv.test did not answer within 1 s. It is tried again.',
    ]);
  });
});
