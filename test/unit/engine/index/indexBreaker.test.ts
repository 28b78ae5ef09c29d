import assert from 'node:assert/strict';
import type { Release } from '../../../../server/src/core/packages/release.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { IndexBreaker } from '../../../../server/src/engine/index/indexBreaker.ts';
import type { PackageIndex } from '../../../../server/src/engine/index/packageIndex.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import { noon } from '../../../support/builders.ts';

const pauseMs = 300_000;

describe('package index behind a breaker', () => {
  let index: HeldIndex;
  let now: number;
  let breaker: IndexBreaker;

  const start = (limitMs: number): void => {
    breaker = new IndexBreaker(index, { now: () => now }, { limitMs, pauseMs });
  };
  const ask = (name: string, signal = new AbortController().signal): Promise<readonly Release[] | undefined> =>
    breaker.releases(normalizeName(name), signal);

  beforeEach(() => {
    index = new HeldIndex();
    now = noon;
    start(60_000);
  });

  it('costs one time limit, however many wait, and nothing more until the pause is over', async () => {
    start(20);
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => ask(name)));
    for (const result of results) {
      assert.ok(result.status === 'rejected');
      const error: unknown = result.reason;
      assert.ok(error instanceof LookupError && error.reason === 'timeout', String(error));
    }
    assert.equal(index.asked.length, 3);
    now += pauseMs - 1;
    await assert.rejects(ask('d'), LookupError);
    assert.equal(index.asked.length, 3);
    now += 1;
    start(60_000);
    const asked = ask('d');
    index.answer('d', []);
    assert.deepEqual(await asked, []);
  });

  it('takes every other failure for one about its package: a host that fails is counted where hosts are known', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      const asked = ask(name);
      index.fail(name, new LookupError('serverError', 'broken'));
      await assert.rejects(asked, /broken/u);
    }
    const last = ask('e');
    index.answer('e', []);
    assert.deepEqual(await last, []);
  });

  it('takes a late answer for one about its package where others were answered meanwhile', async () => {
    start(20);
    const late = ask('late');
    const other = ask('other');
    index.answer('other', []);
    await other;
    await assert.rejects(late, /did not answer within 0\.02 s/u);
    const next = ask('next');
    index.answer('next', []);
    assert.deepEqual(await next, []);
  });

  it('asks at once where the pause is ended', async () => {
    start(20);
    await assert.rejects(ask('a'), LookupError);
    breaker.reset();
    const second = ask('a');
    index.answer('a', []);
    assert.deepEqual(await second, []);
  });

  it('takes an answer without sense for one about its package alone', async () => {
    const [odd, good] = [ask('odd'), ask('good')];
    index.fail('odd', new LookupError('badResponse', 'not JSON'));
    await assert.rejects(odd, /not JSON/u);
    index.answer('good', []);
    assert.deepEqual(await good, []);
    const next = ask('next');
    index.answer('next', undefined);
    assert.equal(await next, undefined);
  });

  it('lets a caller leave without a word to the others', async () => {
    const leaver = new AbortController();
    const [left, stayed] = [ask('a', leaver.signal), ask('b')];
    leaver.abort(new Error('gone'));
    await assert.rejects(left, /gone/u);
    index.answer('b', []);
    assert.deepEqual(await stayed, []);
    await assert.rejects(ask('c', leaver.signal), /gone/u);
  });
});

/** Answers when the test says so; rejects with the reason of a signal, as the port asks. */
class HeldIndex implements PackageIndex {
  readonly asked: string[] = [];
  abandoned = 0;
  readonly #calls = new Map<string, HeldCall>();

  releases(name: string, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    this.asked.push(name);
    return new Promise((answer, fail) => {
      this.#calls.set(name, { answer, fail });
      signal.addEventListener('abort', () => {
        this.abandoned++;
        fail(signal.reason as Error);
      });
    });
  }

  answer(name: string, releases: readonly Release[] | undefined): void {
    this.#calls.get(name)?.answer(releases);
  }

  fail(name: string, error: LookupError): void {
    this.#calls.get(name)?.fail(error);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface HeldCall {
  readonly answer: (releases: readonly Release[] | undefined) => void;
  readonly fail: (error: Error) => void;
}
