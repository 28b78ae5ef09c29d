import assert from 'node:assert/strict';
import { answerVersionOperation } from '../../../../server/src/core/versions/versionOperations.ts';
import { sharedRows } from './sharedRows.ts';

describe('answerVersionOperation', () => {
  it('tells all about a version', () => {
    assert.deepEqual(answerVersionOperation({ op: 'parse', v: 'v1!1.2.0rc3.post4.dev5+Ubuntu-01' }), {
      normal: '1!1.2.0rc3.post4.dev5+ubuntu.1',
      isPrerelease: true,
      isPostrelease: true,
      isDevrelease: true,
      epoch: 1,
      release: [1, 2, 0],
      pre: ['rc', 3],
      post: 4,
      dev: 5,
      local: 'ubuntu.1',
      public: '1!1.2.0rc3.post4.dev5',
      base: '1!1.2.0',
      canonical: '1!1.2rc3.post4.dev5+ubuntu.1',
    });
    assert.deepEqual(answerVersionOperation({ op: 'parse', v: 'latest' }), { normal: null });
  });

  it('writes large numbers as digits', () => {
    const answer = answerVersionOperation({ op: 'parse', v: '9007199254740991.9007199254740992.post9007199254740993' });
    assert.ok('release' in answer);
    assert.deepEqual(answer.release, [9007199254740991, '9007199254740992']);
    assert.equal(answer.post, '9007199254740993');
    assert.equal(JSON.stringify(answer).includes('e+'), false);
  });

  it('compares', () => {
    assert.deepEqual(answerVersionOperation({ op: 'compare', a: '1.0', b: '1.10' }), { result: -1 });
    assert.deepEqual(answerVersionOperation({ op: 'compare', a: '1.0', b: '1' }), { result: 0 });
    assert.deepEqual(answerVersionOperation({ op: 'compare', a: '1.0', b: 'x' }), {
      result: null,
      error: '"b" is not a PEP 440 version.',
    });
  });

  it('tells what a specifier lets through', () => {
    const contains = (spec: string, v: string, pre?: boolean | null): unknown =>
      answerVersionOperation({ op: 'contains', spec, v, ...(pre === undefined ? {} : { pre }) });
    assert.deepEqual(contains('>=1,<2', '1.5rc1', true), { result: true });
    assert.deepEqual(contains('>=1,<2', '1.5rc1', false), { result: false });
    assert.deepEqual(contains('>=1,<2', '1.5rc1', null), { result: true });
    assert.deepEqual(contains('>=1,<2', '1.5rc1'), { result: true });
    assert.deepEqual(contains('', 'no version'), { result: true });
    assert.deepEqual(contains('===No', 'no'), { result: true });
    assert.deepEqual(contains('>=0', 'no version'), { result: false });
    assert.deepEqual(contains('>=x', '1'), { result: null, error: '"spec" is not a PEP 440 specifier.' });
  });

  it('has an answer for whatever else comes', () => {
    for (const request of [
      ...[null, 1, 'x', [], {}, { op: 'nothing' }, { op: 'parse' }, { op: 'parse', v: 1 }, { op: 'compare', a: '1' }],
      ...[
        { op: 'contains', spec: '' },
        { op: 'contains', spec: '', v: '1', pre: 'yes' },
        { op: ['parse'], v: '1' },
      ],
      Object.create({ op: 'parse', v: '1' }) as unknown,
    ]) {
      const answer = answerVersionOperation(request);
      assert.deepEqual(Object.keys(answer), ['error'], JSON.stringify(request));
    }
  });

  it('parses as packaging does, field by field, over all shared cases', function () {
    for (const { v, r } of sharedRows(this, 'pep440/parse.jsonl.gz') as { v: string; r: unknown[] | null }[]) {
      const answer = answerVersionOperation({ op: 'parse', v });
      if (r === null) {
        assert.deepEqual(answer, { normal: null }, v);
        continue;
      }
      const [normal, epoch, release, pre, post, dev, local, publicPart, base, isPre, isPost, isDev, canonical] = r;
      assert.deepEqual(
        answer,
        {
          ...{ normal, epoch, release, pre, post, dev, local, public: publicPart, base, canonical },
          ...{ isPrerelease: isPre === 1, isPostrelease: isPost === 1, isDevrelease: isDev === 1 },
        },
        v,
      );
    }
  });

  for (const file of ['order', 'order-real']) {
    it(`compares as packaging does, over all cases of ${file}`, function () {
      for (const [a, b, result] of sharedRows(this, `pep440/${file}.jsonl.gz`) as [string, string, number][]) {
        assert.deepEqual(answerVersionOperation({ op: 'compare', a, b }), { result }, `${a} and ${b}`);
      }
    });
  }

  it('lets through what packaging 26.3 does, over all shared cases', function () {
    type Row = readonly [string, string, number, number, number];
    for (const [spec, v, withPre, byDefault, without] of sharedRows(this, 'pep440/contains.jsonl.gz') as Row[]) {
      for (const [pre, expected] of [
        [true, withPre],
        [null, byDefault],
        [false, without],
      ] as const) {
        const answer = answerVersionOperation({ op: 'contains', spec, v, pre });
        assert.deepEqual(answer, { result: expected === 1 }, `${spec} and ${v}, pre ${pre}`);
      }
    }
  });

  it('refuses the specifiers that packaging refuses, over all shared cases', function () {
    for (const { s, r } of sharedRows(this, 'pep440/specparse.jsonl.gz') as { s: string; r: string[] | null }[]) {
      const answer = answerVersionOperation({ op: 'contains', spec: s, v: '1.0' });
      assert.ok('result' in answer);
      assert.equal(answer.result === null, r === null, s);
    }
  });
});
