import assert from 'node:assert/strict';
import { assessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import { constraintPins } from '../../../../server/src/core/assessment/decided/constraints.ts';
import { lineBounds } from '../../../../server/src/core/assessment/decided/lineBounds.ts';
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

  it('take equal versions for one, and decide nothing under a marker', () => {
    assert.equal(under('django==3.2|django==3.2.0', 'django')?.kind, 'pin');
    assert.equal(under('django==3.2 ; python_version < "3.8"', 'django')?.kind, 'range');
  });
});

describe('what constraints and included files allow', () => {
  for (const [constraints, requirement, expected] of [
    ['django>=3.2', 'django', 'range >=3.2'],
    ['django>=3.2', 'Django<5', 'range <5,>=3.2'],
    ['django>=3.2|django!=4.0', 'django<5', 'range <5,>=3.2,!=4.0'],
    ['django>=3.2 ; python_version >= "3"', 'django', 'range '],
    ['django>=3.2 ; python_version >= "3"', 'django ; python_version >= "3.8"', 'range >=3.2'],
    ['django==3.2 ; python_version >= "3"', 'django ; python_version >= "3.8"', 'pin 3.2 by c0.txt'],
    ['django<3', 'django>=4', 'skipped contradictory'],
    ['django<3', 'django==4', 'pin 4 by nothing'],
    ['django===x', 'django>=4', 'range >=4'],
  ] as const) {
    it(`limits a line: ${requirement} under ${constraints} is ${expected}`, () => {
      const target = under(constraints, requirement);
      const text =
        target?.kind === 'range'
          ? target.range.text
          : target?.kind === 'pin'
            ? `${target.version} by ${target.decidedBy?.source ?? 'nothing'}`
            : target?.outcome.reason;
      assert.equal(`${target?.kind ?? ''} ${text ?? ''}`, expected);
    });
  }
});

/** The target of one line under constraints files, which are separated by `|`. */
function under(constraints: string, requirement: string) {
  const files = constraints.split('|').map((text, index) => ({ source: `c${index}.txt`, file: pipKind.parse(text) }));
  const item = pipKind.parse(requirement).contentOf(0);
  assert.ok(item !== undefined);
  return decidedTarget(
    item,
    assessmentTarget(item, () => false),
    { constraints: constraintPins(files), bounds: lineBounds(files), locked: [] },
  );
}
