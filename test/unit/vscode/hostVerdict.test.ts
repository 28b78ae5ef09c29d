import assert from 'node:assert/strict';
import { hostVerdict } from '../../vscode/hostVerdict.ts';

const exited = (code: number) => ({ kind: 'exited', code }) as const;
const results = (...states: readonly string[]) =>
  JSON.stringify({ tests: states.map((state, index) => ({ title: `test ${index}`, state })) });

describe('verdict on a run in the extension host', () => {
  it('passes when VS Code says 0 and the tests say they ran', () => {
    const verdict = hostVerdict({ exit: exited(0), results: results('passed', 'skipped') });
    assert.deepEqual([verdict.ok, verdict.passed, verdict.failed, verdict.skipped], [true, 1, 0, 1]);
    assert.deepEqual(verdict.problems, []);
  });

  it('fails without results, although VS Code says 0: so it does when the host dies', () => {
    const verdict = hostVerdict({ exit: exited(0), results: undefined });
    assert.equal(verdict.ok, false);
    assert.match(verdict.problems.join(), /left no results/u);
  });

  for (const cut of ['', '{"tests":[{"ti', '[]', '{"tests":[{"title":"a","state":"odd"}]}']) {
    it(`fails on results that cannot be read: ${JSON.stringify(cut)}`, () => {
      const verdict = hostVerdict({ exit: exited(0), results: cut });
      assert.equal(verdict.ok, false);
      assert.match(verdict.problems.join(), /cannot be read/u);
    });
  }

  it('fails when no test was run', () => {
    assert.match(hostVerdict({ exit: exited(0), results: results() }).problems.join(), /no test was run/u);
    assert.equal(hostVerdict({ exit: exited(0), results: results('skipped') }).ok, false);
  });

  it('fails with a failed test, whatever the code', () => {
    const verdict = hostVerdict({ exit: exited(0), results: results('passed', 'failed') });
    assert.deepEqual([verdict.ok, verdict.passed, verdict.failed], [false, 1, 1]);
  });

  it('fails when the time ran out, even if every test passed', () => {
    const verdict = hostVerdict({ exit: { kind: 'timedOut', afterMs: 120_000 }, results: results('passed') });
    assert.equal(verdict.ok, false);
    assert.match(verdict.problems.join(), /120 s/u);
  });

  it('fails on any other code, even if every test passed', () => {
    const verdict = hostVerdict({ exit: exited(1), results: results('passed') });
    assert.equal(verdict.ok, false);
    assert.match(verdict.problems.join(), /code 1/u);
  });
});
