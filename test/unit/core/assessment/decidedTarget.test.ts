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
import { packagesOfLock, versionsOf } from '../../../../server/src/core/assessment/decided/lockedVersions.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { locked } from '../../../support/locked.ts';

const compiled = (version: string) => locked('compiled', 'requirements.txt', { django: version });
const lock = (version: string) => locked('lock', 'uv.lock', { django: version });
const forks = locked('lock', 'uv.lock', { django: ['4.2.1', '5.1'] });
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
    // A lock with one for each Python: the one that the line allows, or the one that is installed.
    ['django>=5', '', [forks], '5.1 (locked by uv.lock)'],
    ['django<5', '', [forks], '4.2.1 (locked by uv.lock)'],
    ['django>=4', '', [forks], 'range; one of uv.lock 4.2.1,5.1'],
    ['django>=4', '', [forks, environment('5.1')], '5.1 (locked by uv.lock)'],
    ['django>=4', '', [forks, environment('5.0')], 'range; one of uv.lock 4.2.1,5.1'],
    ['django>=6', '', [forks], 'range; uv.lock 4.2.1,5.1'],
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

  it('is no release where the lock has the package from a folder, a checkout or an archive alone', () => {
    const table = (version: string, source: object) => ({ name: 'django', version, source });
    const [folder, git] = [{ editable: 'packages/django' }, { git: 'https://e.org/django?rev=1' }];
    const index = { registry: 'https://pypi.org/simple' };
    const file = kindOfNamed('pyproject.toml').parse('[project]\ndependencies = ["django>=4", "django==4.2"]\n');
    for (const [packages, expected] of [
      [[table('4.2', folder)], 'skipped skipped'],
      [[table('4.2', folder), table('4.3', git)], 'skipped skipped'],
      [[table('4.2', index), table('4.2', git)], 'range pin'],
    ] as const) {
      const own = { kind: 'lock', source: 'uv.lock', ...versionsOf(packagesOfLock({ package: packages })) } as const;
      const kinds = [0, 1].map((at) => {
        const item = file.contentOf(at);
        const target = assessmentTarget(item, () => false);
        return decidedTarget(item, target, { ...nothingDecided, locked: [own] })?.kind;
      });
      assert.equal(kinds.join(' '), expected);
    }
  });

  it('is what the category of a Pipfile.lock has that a table of the Pipfile is for', () => {
    const category = (version: string) => ({ django: { version: `==${version}` } });
    const versions = versionsOf(
      packagesOfLock({ _meta: {}, default: category('4.2.1'), develop: category('5.1'), docs: category('5.0') }),
    );
    const file = kindOfNamed('Pipfile').parse(
      '[packages]\ndjango = "*"\n[dev-packages]\ndjango = "*"\n[docs]\ndjango = ">4"\n[other]\ndjango = "<5"\n',
    );
    const found = [...file.entries.keys()].map((index) => {
      const item = file.contentOf(index);
      const target = assessmentTarget(item, () => false);
      const own = { ...nothingDecided, locked: [{ kind: 'lock', source: 'Pipfile.lock', ...versions } as const] };
      const decided = decidedTarget(item, target, own);
      return decided?.kind === 'pin' ? decided.version : decided?.kind;
    });
    assert.deepEqual(found, ['4.2.1', '5.1', '5.0', '4.2.1']);
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
      if (target.oneOf !== undefined) return `range; one of ${target.oneOf.source} ${target.oneOf.versions.join()}`;
      return `range${target.outOfDate === undefined ? '' : `; ${target.outOfDate.source} ${target.outOfDate.versions.join()}`}`;
    default:
      return target?.kind ?? '';
  }
}
