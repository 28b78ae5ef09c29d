import assert from 'node:assert/strict';
import type { FixAdvice } from '../../../../server/src/core/assessment/fixAdvice.ts';
import { type FixContext, planFixes } from '../../../../server/src/core/fixes/planFixes.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

const advice: FixAdvice = { nearest: '1.5', latest: '2.0', verified: true, passedOver: [] };
const passedOver = [{ version: '1.4', reason: 'yanked', affectedBy: [] }] as const;

/** Each plan as its kind, target and what it makes of the files, or why it cannot. */
function plan(text: string, changes: Partial<FixAdvice> = {}, context: Partial<FixContext> = {}) {
  const file = pipKind.parse(text);
  const place = { source: 'a.txt', file, index: 0 };
  const files = new Map([place, ...(context.constraints ?? [])].map((one) => [one.source, one.file]));
  return planFixes(place, { ...advice, ...changes }, { filesOf: () => undefined, ...context }).map(
    ({ kind, target, edit }) => {
      if (edit.kind === 'disabled') return [kind, target, edit.reason];
      const results = edit.edits.map(({ source, changes: list }) => {
        const before = files.get(source);
        assert.ok(before, source);
        return `${source}: ${before.edit(list).text}`;
      });
      return [kind, target, ...results];
    },
  );
}

describe('the ways to fix a requirement', () => {
  it('of a pin are the nearest safe version and the latest', () => {
    assert.deepEqual(plan('foo==1.0'), [
      ['nearest', '1.5', 'a.txt: foo==1.5'],
      ['latest', '2.0', 'a.txt: foo==2.0'],
    ]);
  });

  it('are one where the nearest is the latest, and none where nothing is safe', () => {
    assert.deepEqual(plan('foo==1.0', { latest: '1.5' }), [['nearest', '1.5', 'a.txt: foo==1.5']]);
    assert.deepEqual(plan('foo==1.0', { nearest: undefined, latest: undefined }), []);
    assert.deepEqual(plan('--pre'), []);
  });

  it('of a range are the smallest change of it', () => {
    const floor = { kind: 'floor', version: '1.5' } as const;
    assert.deepEqual(plan('foo >= 1.0, < 2', { change: floor }), [
      ['nearest', '>= 1.5, < 2', 'a.txt: foo >= 1.5, < 2'],
    ]);
    const exclude = { kind: 'exclude', versions: ['1.1', '1.2'] } as const;
    assert.deepEqual(plan('foo>=1.0', { change: exclude }), [['exclude', '1.1, 1.2', 'a.txt: foo>=1.0,!=1.1,!=1.2']]);
    assert.deepEqual(plan('foo<1', { change: { kind: 'none' } }), [
      ['nearest', '1.5', 'No version that the specifier of foo allows is known to be safe.'],
    ]);
    assert.deepEqual(plan('foo<1', { nearest: undefined, change: { kind: 'none' } }), [
      ['nearest', '', 'No version that the specifier of foo allows is known to be safe.'],
    ]);
    assert.deepEqual(plan('foo<1', { change: floor }), [['nearest', '>=1.5', 'foo: "<1" does not allow 1.5.']]);
  });

  it('are in the constraints file where that decides', () => {
    const constraints = [{ source: 'c.txt', file: pipKind.parse('bar==1\nfoo==1.0\n') }];
    assert.deepEqual(plan('foo<2', {}, { constraints }), [
      ['nearest', '1.5', 'c.txt: bar==1\nfoo==1.5\n'],
      ['latest', '2.0', 'foo: "<2" does not allow 2.0.'],
    ]);
  });

  it('have the hashes of their own release', () => {
    const asked: string[] = [];
    const filesOf = (version: string) => {
      asked.push(version);
      return version === '1.5' ? [{ filename: 'foo.zip', sha256: 'a'.repeat(64), yanked: false }] : undefined;
    };
    assert.deepEqual(plan('foo==1.0 --hash=sha256:00', {}, { filesOf }), [
      ['nearest', '1.5', `a.txt: foo==1.5 --hash=sha256:${'a'.repeat(64)}`],
      ['latest', '2.0', 'foo is pinned with hashes, and those of 2.0 are not known.'],
    ]);
    assert.deepEqual(asked, ['1.5', '2.0']);
  });

  it('say what was passed over and what they need, of the nearest one only', () => {
    const place = { source: 'a.txt', file: pipKind.parse('foo==1.0'), index: 0 };
    const plans = planFixes(place, { ...advice, passedOver, requiresPython: '>=3.9' }, { filesOf: () => undefined });
    assert.deepEqual(
      plans.map((one) => [one.verified, one.requiresPython, one.passedOver]),
      [
        [true, '>=3.9', passedOver],
        [true, undefined, []],
      ],
    );
  });

  it('say of a range what it needs, too', () => {
    const place = { source: 'a.txt', file: pipKind.parse('foo>=1.0'), index: 0 };
    const change = { kind: 'floor', version: '1.5' } as const;
    const pythons = ['>=3.9', undefined].map((requiresPython) => {
      const [one] = planFixes(place, { ...advice, change, requiresPython }, { filesOf: () => undefined });
      return one && 'requiresPython' in one ? one.requiresPython : 'nothing';
    });
    assert.deepEqual(pythons, ['>=3.9', 'nothing']);
  });

  it('are not an edit where the advice names no version', () => {
    assert.deepEqual(plan('foo==1.0', { nearest: 'x', latest: 'x' }), [['nearest', 'x', '"x" is no version of foo.']]);
  });
});
