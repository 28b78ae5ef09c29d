import assert from 'node:assert/strict';
import { LookupError } from '../../../../../server/src/engine/ports.ts';
import type { HttpAnswer, HttpClient } from '../../../../../server/src/hosts/node/http/httpClient.ts';
import { TimeoutError } from '../../../../../server/src/hosts/node/http/timeoutError.ts';
import { HostBreaker } from '../../../../../server/src/hosts/node/index/hostBreaker.ts';
import { noon } from '../../../../support/builders.ts';

const never = new AbortController().signal;

describe('breaker of one host of a package index', () => {
  let now: number;
  let next: (path: string, signal: AbortSignal) => Promise<HttpAnswer>;
  let asked: string[];
  let resets: number;
  let breaker: HostBreaker;

  beforeEach(() => {
    now = noon;
    asked = [];
    resets = 0;
    next = () => Promise.resolve(answer(200));
    const client: HttpClient = {
      send: ({ path }, signal) => {
        asked.push(path);
        return next(path, signal);
      },
      preconnect: () => {},
      reset: () => void resets++,
      close: () => Promise.resolve(),
    };
    breaker = new HostBreaker(client, { origin: 'https://files.example', timeoutMs: 3_000, clock: { now: () => now } });
  });

  const ask = (path = '/a', signal = never): Promise<HttpAnswer> =>
    breaker.send({ method: 'GET', path, maxBytes: 1 }, signal);

  it('asks on where every other request fails, whatever package it is about', async () => {
    for (let round = 0; round < 200; round++) {
      next = () => Promise.resolve(answer(round % 2 === 0 ? 503 : 200));
      await ask(`/${round}`);
    }
    assert.equal(asked.length, 200);
  });

  it('asks nobody for a while after a row of failures, and says why', async () => {
    next = () => Promise.resolve(answer(503));
    for (let round = 0; round < 16; round++) {
      assert.equal((await ask(`/${round}`)).status, 503);
    }
    await assert.rejects(ask(), new LookupError('serverError', 'failed (HTTP 503)'));
    assert.equal(asked.length, 16);
    now += 60_000;
    next = () => Promise.resolve(answer(404));
    assert.equal((await ask()).status, 404);
    next = () => Promise.resolve(answer(503));
    assert.equal((await ask()).status, 503, 'counted from the beginning again');
    assert.equal((await ask()).status, 503);
  });

  it('takes one silence for all, and releases those who wait', async () => {
    const fail = new Map<string, (error: Error) => void>();
    next = (path, signal) =>
      new Promise((_resolve, reject) => {
        fail.set(path, reject);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const waiting = Promise.allSettled(Array.from({ length: 500 }, (_, index) => ask(`/${index}`)));
    fail.get('/499')?.(new TimeoutError('idle', 3_000));
    const reasons = (await waiting).map((result) =>
      result.status === 'rejected' ? String(result.reason) : 'answered',
    );
    assert.equal(reasons.filter((reason) => /did not answer within 3 s/u.test(reason)).length, 499);
    now += 299_999;
    await assert.rejects(ask(), /did not answer within 3 s/u);
    assert.equal(asked.length, 500);
    breaker.reset();
    next = () => Promise.resolve(answer(200));
    assert.equal((await ask()).status, 200);
  });

  it('takes a silence for one about that request where others were answered meanwhile', async () => {
    let fail: (error: Error) => void = assert.fail;
    next = () => new Promise((_resolve, reject) => (fail = reject));
    const silent = ask('/silent');
    next = () => Promise.resolve(answer(200));
    await ask('/other');
    fail(new TimeoutError('idle', 3_000));
    await assert.rejects(silent, TimeoutError);
    assert.equal((await ask()).status, 200);
  });

  it('tries a host twice that cannot be reached', async () => {
    next = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await assert.rejects(ask(), /refused/u);
    await assert.rejects(ask(), /refused/u);
    await assert.rejects(ask(), LookupError);
    assert.equal(asked.length, 2);
  });

  it('lets a caller leave without a word to the others', async () => {
    const leaver = new AbortController();
    next = (_path, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const left = ask('/a', leaver.signal);
    leaver.abort(new Error('gone'));
    await assert.rejects(left, /gone/u);
    next = () => Promise.resolve(answer(200));
    assert.equal((await ask()).status, 200);
  });

  it('takes callers that leave for no failure, however many they are', async () => {
    next = (_path, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    for (let round = 0; round < 20; round++) {
      const leaver = new AbortController();
      const left = ask('/a', leaver.signal);
      leaver.abort(new Error('gone'));
      await assert.rejects(left, /gone/u);
    }
    next = () => Promise.resolve(answer(200));
    assert.equal((await ask()).status, 200);
  });

  it('takes an answer that makes no sense for an answer', async () => {
    next = () => Promise.reject(new LookupError('badResponse', 'sent something that is no page.'));
    for (let round = 0; round < 20; round++) await assert.rejects(ask(`/${round}`), /no page/u);
    assert.equal(asked.length, 20);
  });

  it('counts from the beginning where a person asks again, or the pause is over', async () => {
    const refused = (): Promise<HttpAnswer> =>
      Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    next = refused;
    await assert.rejects(ask(), /refused/u);
    breaker.reset();
    assert.equal(resets, 1, 'what is below looks again, too');
    await assert.rejects(ask(), /^Error: refused/u);
    await assert.rejects(ask(), /^Error: refused/u, 'one refusal is chance');
    await assert.rejects(ask(), LookupError);
    assert.equal(asked.length, 3);
    now += 300_000;
    await assert.rejects(ask(), /^Error: refused/u);
    next = () => Promise.resolve(answer(200));
    assert.equal((await ask()).status, 200, 'one refusal is chance after the pause, too');
  });
});

function answer(status: number): HttpAnswer {
  return { status, retryAfter: undefined, location: undefined, text: '' };
}
