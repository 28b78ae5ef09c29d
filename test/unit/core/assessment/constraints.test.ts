import assert from 'node:assert/strict';
import { assessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import { constraintPins } from '../../../../server/src/core/assessment/decided/constraints.ts';
import { decidedTarget } from '../../../../server/src/core/assessment/decided/decidedTarget.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

describe('constraints', () => {
  it('decide the version of a name or a range', () => {
    for (const text of ['django', 'Django >= 3', 'django[bcrypt]~=3.2']) {
      const target = under('django==3.2.0', text);
      assert.ok(target?.kind === 'pin', text);
      assert.deepEqual(
        [target.pin, target.version, target.decidedBy],
        [{ name: 'django', version: '3.2.0' }, '3.2.0', { kind: 'constraint', source: 'c0.txt' }],
      );
    }
  });

  it('do not touch a pin, a URL or another package', () => {
    const pin = under('django==3.2.0', 'django==4.0');
    assert.ok(pin?.kind === 'pin' && pin.version === '4.0' && pin.decidedBy === undefined);
    assert.equal(under('django==3.2.0', 'django @ https://e.org/d.zip')?.kind, 'skipped');
    assert.equal(under('django==3.2.0', 'six')?.kind, 'range');
  });

  for (const [constraints, requirement, message] of [
    ['django==3.2.0', 'django>=4', /django >=4 does not allow 3\.2\.0, to which c0\.txt pins it/u],
    ['django==3.2.0|django==3.2.1', 'django', /pinned to different versions by several constraints files/u],
  ] as const) {
    it(`say when they contradict: ${constraints} with ${requirement}`, () => {
      const target = under(constraints, requirement);
      assert.ok(target?.kind === 'skipped');
      assert.equal(target.outcome.reason, 'contradictory');
      assert.match(target.outcome.message, message);
    });
  }

  it('take equal versions for one, and decide nothing by a range or under a marker', () => {
    assert.equal(under('django==3.2|django==3.2.0', 'django')?.kind, 'pin');
    assert.equal(under('django>=3.2', 'django')?.kind, 'range');
    assert.equal(under('django==3.2 ; python_version < "3.8"', 'django')?.kind, 'range');
  });
});

/** The target of one line under constraints files, which are separated by `|`. */
function under(constraints: string, requirement: string) {
  const files = constraints.split('|').map((text, index) => ({ source: `c${index}.txt`, file: pipKind.parse(text) }));
  const item = pipKind.parse(requirement).contentOf(0);
  assert.ok(item !== undefined);
  return decidedTarget(
    item,
    assessmentTarget(item, () => false),
    { constraints: constraintPins(files), locked: [] },
  );
}
