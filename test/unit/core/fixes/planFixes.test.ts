import assert from 'node:assert/strict';
import type { FixAdvice } from '../../../../server/src/core/assessment/fixAdvice.ts';
import { usualPolicy } from '../../../../server/src/core/fixes/fixPolicy.ts';
import { type FixContext, planFixes } from '../../../../server/src/core/fixes/planFixes.ts';
import { assessed, finding } from '../../../support/builders.ts';
import { fixProjectOf, placedIn } from '../../../support/fixProject.ts';

const advice: FixAdvice = { nearest: '1.5', latest: '2.0', verified: true, passedOver: [] };
const passedOver = [{ version: '1.4', reason: 'yanked', affectedBy: [] }] as const;

/** Each plan as its kind, target and what it makes of the files, or why there is none. */
async function plan(
  text: string,
  changes: Partial<FixAdvice> = {},
  context: Partial<FixContext> = {},
  others: Readonly<Record<string, string>> = {},
) {
  const project = await fixProjectOf({ 'a.txt': text, ...others });
  const [requirement] = placedIn(project, 'a.txt');
  assert.ok(requirement, text);
  const outcome = { ...assessed([finding()]), fix: { ...advice, ...changes } };
  const planned = planFixes(
    { source: 'a.txt', requirement, outcome },
    { scope: project.scope, filesOf: () => undefined, factsOf: () => undefined, policy: usualPolicy, ...context },
  );
  const shown = (planned.kind === 'plans' ? planned.plans : [planned.outside].filter((one) => one !== undefined)).map(
    ({ kind, target, edit }) => {
      if (edit.kind === 'disabled') return [kind, target, edit.reason];
      const results = edit.edits.map(
        ({ source, changes: list }) => `${source}: ${project.files.get(source)?.edit(list).text ?? ''}`,
      );
      return [kind, target, ...results];
    },
  );
  return planned.kind === 'plans' ? shown : [planned.reason, ...shown];
}

describe('the ways to fix a requirement', () => {
  it('of a pin are the nearest safe version and the latest', async () => {
    assert.deepEqual(await plan('foo==1.0'), [
      ['nearest', '1.5', 'a.txt: foo==1.5'],
      ['latest', '2.0', 'a.txt: foo==2.0'],
    ]);
  });

  it('are one where the nearest is the latest, and none where nothing is safe', async () => {
    assert.deepEqual(await plan('foo==1.0', { latest: '1.5' }), [['nearest', '1.5', 'a.txt: foo==1.5']]);
    assert.deepEqual(await plan('foo==1.0', { nearest: undefined, latest: undefined }), [
      'No safe version of foo is known.',
    ]);
    assert.deepEqual(await plan('foo==1.0', { nearest: undefined, latest: undefined, passedOver }), [
      'No safe version of foo is known. 1.4 is yanked.',
    ]);
  });

  it('of a range are the smallest change of it, or the step out of it', async () => {
    const floor = { kind: 'floor', version: '1.5' } as const;
    assert.deepEqual(await plan('foo >= 1.0, < 2', { change: floor }), [
      ['nearest', '>= 1.5, < 2', 'a.txt: foo >= 1.5, < 2'],
    ]);
    const exclude = { kind: 'exclude', versions: ['1.1', '1.2'] } as const;
    assert.deepEqual(await plan('foo>=1.0', { change: exclude }), [
      ['exclude', '1.1, 1.2', 'a.txt: foo>=1.0,!=1.1,!=1.2'],
    ]);
    assert.deepEqual(await plan('foo[x] < 1 ; python_version > "3" # why', { change: { kind: 'none' } }), [
      'No version of foo within < 1 is known to be safe. The nearest one is 1.5.',
      ['outside', '>=1.5', 'a.txt: foo[x] >= 1.5 ; python_version > "3" # why'],
    ]);
    const unknown = { nearest: undefined, latest: undefined, change: { kind: 'none' } } as const;
    assert.deepEqual(await plan('foo<1', unknown), ['No version of foo within <1 is known to be safe.']);
    assert.deepEqual(await plan('foo', unknown), ['No version of foo is known to be safe.']);
  });

  it('are in the constraints file where that decides', async () => {
    const others = { 'c.txt': 'bar==1\nfoo==1.0\n' };
    assert.deepEqual(await plan('foo<2\n-c c.txt\n', {}, {}, others), [
      ['nearest', '1.5', 'c.txt: bar==1\nfoo==1.5\n'],
    ]);
    assert.deepEqual(await plan('foo<1.2\n-c c.txt\n', {}, {}, others), [
      'a.txt:1 allows only foo <1.2. The nearest safe version is 1.5.',
    ]);
  });

  it('have the hashes of their own release', async () => {
    const asked: string[] = [];
    const filesOf = (_name: string, version: string) => {
      asked.push(version);
      return version === '1.5' ? [{ filename: 'foo.zip', sha256: 'a'.repeat(64), yanked: false }] : undefined;
    };
    assert.deepEqual(await plan('foo==1.0 --hash=sha256:00', {}, { filesOf }), [
      ['nearest', '1.5', `a.txt: foo==1.5 --hash=sha256:${'a'.repeat(64)}`],
      ['latest', '2.0', 'foo is pinned with hashes, and those of 2.0 are not known.'],
    ]);
    assert.deepEqual(asked, ['1.5', '2.0']);
  });

  it('say what they need of Python', async () => {
    const project = await fixProjectOf({ 'a.txt': 'foo==1.0' });
    const [requirement] = placedIn(project, 'a.txt');
    assert.ok(requirement);
    const outcome = { ...assessed([finding()]), fix: { ...advice, requiresPython: '>=3.9' } };
    const context = { filesOf: () => undefined, factsOf: () => undefined, policy: usualPolicy };
    const planned = planFixes({ source: 'a.txt', requirement, outcome }, { ...context, scope: project.scope });
    assert.ok(planned.kind === 'plans');
    assert.deepEqual(
      planned.plans.map((one) => [one.verified, one.requiresPython]),
      [
        [true, '>=3.9'],
        [true, undefined],
      ],
    );
  });

  it('are none where the advice names no version', async () => {
    assert.deepEqual(await plan('foo==1.0', { nearest: 'x', latest: 'x' }), ['No safe version of foo is known.']);
  });
});
