import assert from 'node:assert/strict';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { GatheredQueries } from '../../../../server/src/engine/lookup/gatheredQueries.ts';
import { type Answer, LookupError } from '../../../../server/src/engine/ports.ts';
import type { Question } from '../../../../server/src/engine/question.ts';
import { Turns } from '../../../../server/src/engine/turns.ts';

describe('questions of scans that begin together', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const about = (...names: string[]): Question[] => names.map((name) => ({ name: normalizeName(name) }));
  const never = new AbortController().signal;

  function gathering(answer: (names: readonly string[], signal: AbortSignal) => Promise<readonly Answer[]>): {
    readonly queries: GatheredQueries;
    readonly asked: (readonly string[])[];
  } {
    const asked: (readonly string[])[] = [];
    const query = (questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> => {
      const names = questions.map(({ name }) => name);
      asked.push(names);
      return answer(names, signal);
    };
    const turns = new Turns({ elapsedMs: () => 0, pause: turn });
    return { queries: new GatheredQueries({ query }, turns), asked };
  }

  const echo = (names: readonly string[]): Promise<readonly Answer[]> =>
    Promise.resolve(names.map((id) => ({ kind: 'matches', matches: [{ id, modified: '' }] })));
  const idsOf = (answers: readonly Answer[]): readonly string[] =>
    answers.flatMap((one) => (one.kind === 'matches' ? one.matches.map(({ id }) => id) : ['failed']));

  it('are one batch, and each scan gets its own answers', async () => {
    const { queries, asked } = gathering(echo);
    const first = queries.query(about('a', 'b'), never);
    await turn();
    const second = queries.query(about('c'), never);
    assert.deepEqual(idsOf(await first), ['a', 'b']);
    assert.deepEqual(idsOf(await second), ['c']);
    assert.deepEqual(asked, [['a', 'b', 'c']]);
    await queries.query(about('d'), never);
    assert.equal(asked.length, 2);
  });

  it('are never more than the service takes in a batch', async () => {
    const { queries, asked } = gathering(echo);
    const many = (letter: string): Question[] => about(...Array.from({ length: 600 }, (_, index) => letter + index));
    const all = await Promise.all([queries.query(many('a'), never), queries.query(many('b'), never)]);
    assert.deepEqual(
      asked.map((names) => names.length),
      [600, 600],
    );
    assert.deepEqual(idsOf(all[1] ?? [])[599], 'b599');
  });

  it('fail together, and are given up one by one', async () => {
    let batch: AbortSignal | undefined;
    const { queries } = gathering((_names, signal) => {
      batch = signal;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    const [one, other] = [new AbortController(), new AbortController()];
    const first = queries.query(about('a'), one.signal);
    const second = queries.query(about('b'), other.signal);
    for (let count = 0; count < 10; count++) {
      await turn();
    }
    one.abort(new Error('closed'));
    await assert.rejects(first, /closed/u);
    assert.equal(batch?.aborted, false);
    other.abort(new Error('closed too'));
    await assert.rejects(second, /closed too/u);
    assert.equal(batch.aborted, true);
    const failing = gathering(() => Promise.reject(new LookupError('offline', 'no way')));
    await assert.rejects(failing.queries.query(about('a'), never), /no way/u);
  });
});
