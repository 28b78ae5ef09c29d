import assert from 'node:assert/strict';
import { assessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import { constraintPins } from '../../../../server/src/core/assessment/decided/constraints.ts';
import { decidedTarget } from '../../../../server/src/core/assessment/decided/decidedTarget.ts';
import {
  decidedText,
  type LockedVersions,
  nothingDecided,
} from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import type { Manifest } from '../../../../server/src/core/manifests/manifest.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { locked } from '../../../support/locked.ts';

const compiled = (version: string) => locked('compiled', 'requirements.txt', { django: version });
const lock = (version: string) => locked('lock', 'uv.lock', { django: version });
const environment = (version: string) => locked('environment', '.venv', { django: version });

describe('what decides a version', () => {
  for (const [requirement, constraints, locks, expected] of [
    ['django', '', [lock('4.2.1')], '4.2.1 (locked by uv.lock)'],
    ['django>=3', '', [environment('4.2.1')], '4.2.1 (installed in .venv)'],
    ['django>=3', '', [compiled('4.2.1')], '4.2.1 (pinned by requirements.txt)'],
    ['django>=3', '', [lock('4.2.1'), environment('4.2.2')], '4.2.1 (locked by uv.lock)'],
    ['django>=3', 'django==3.2', [lock('4.2.1'), environment('4.2.2')], '3.2 (pinned by c.txt)'],
    ['django>=3', 'django>=3.1', [lock('4.2.1')], '4.2.1 (locked by uv.lock)'],
    ['django', '', [lock('5.0rc1')], '5.0rc1 (locked by uv.lock)'],
    // From before the line was changed: what is installed is the next to ask.
    ['django>=4.2.16', '', [lock('4.2.1'), environment('4.2.16')], '4.2.16 (installed in .venv)'],
    ['django>=4.2.16', '', [lock('4.2.1'), environment('4.2.2')], 'range; uv.lock 4.2.1'],
    ['django>=4.2.16', '', [environment('4.2.2')], 'range; .venv 4.2.2'],
    ['django>=4.2.16', 'django==4.2.1', [lock('4.2.16')], 'skipped'],
    ['django==3.2', '', [lock('4.2.1')], '3.2'],
    ['django @ https://e.org/d.zip', '', [lock('4.2.1')], 'skipped'],
    ['six>=1', '', [lock('4.2.1')], 'range'],
    ['private', '', [locked('lock', 'uv.lock', { private: '1.0' })], 'skipped'],
    ['django==', '', [lock('4.2.1')], 'invalid'],
  ] as const) {
    it(`${requirement} | ${constraints} | ${locks.map(decidedText).join(', ')}: ${expected}`, () => {
      assert.equal(told(requirement, constraints, locks), expected);
    });
  }

  it('is the lock for what is installed with the project alone, not for what a tool installs by itself', () => {
    const file = kindOfNamed('pyproject.toml').parse(`
[project]
dependencies = ["django"]
optional-dependencies.web = ["django"]
[dependency-groups]
dev = ["django"]
[build-system]
requires = ["django"]
[tool.hatch.envs.docs]
dependencies = ["django"]
`);
    const decidedIn = (manifest: Manifest) =>
      [...manifest.entries.keys()].map((index) => {
        const item = manifest.contentOf(index);
        const target = decidedTarget(
          item,
          assessmentTarget(item, () => false),
          { ...nothingDecided, locked: [lock('4.2.1'), environment('4.2.2')] },
        );
        return `${item !== undefined && 'scope' in item ? item.scope : ''} ${target?.kind}`;
      });
    assert.deepEqual(decidedIn(file), [
      'dependencies pin',
      'optional:web pin',
      'group:dev pin',
      'build range',
      'env:docs range',
    ]);
    for (const [path, text] of [
      ['Dockerfile', 'FROM python\nRUN pip install django\n'],
      ['tox.ini', '[testenv]\ndeps = django\n'],
      ['environment.yml', 'dependencies:\n- pip:\n  - django\n'],
    ] as const) {
      assert.match(decidedIn(kindOfNamed(path).parse(text)).join(), /range$/u, path);
    }
  });

  it('is named without what could disguise it', () => {
    assert.equal(decidedText({ kind: 'lock', source: 'u\u202Ev\n.lock' }), 'locked by uv .lock');
  });
});

function told(requirement: string, constraints: string, locks: readonly LockedVersions[]): string {
  const item = pipKind.parse(requirement).contentOf(0);
  assert.ok(item);
  const target = decidedTarget(
    item,
    assessmentTarget(item, (name) => name === 'private'),
    { constraints: constraintPins([{ source: 'c.txt', file: pipKind.parse(constraints) }]), locked: locks },
  );
  switch (target?.kind) {
    case 'pin':
      return target.version + (target.decidedBy === undefined ? '' : ` (${decidedText(target.decidedBy)})`);
    case 'range':
      return `range${target.outOfDate === undefined ? '' : `; ${target.outOfDate.source} ${target.outOfDate.versions.join()}`}`;
    default:
      return target?.kind ?? '';
  }
}
