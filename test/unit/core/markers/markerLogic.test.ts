import assert from 'node:assert/strict';
import {
  canHoldTogether,
  holdsWherever,
  pythonsOfMarker,
  pythonsWhereBoth,
} from '../../../../server/src/core/markers/markerLogic.ts';
import type { MarkerTree } from '../../../../server/src/core/markers/markerTree.ts';
import { pythonsOf, pythonsText, withoutPythons } from '../../../../server/src/core/markers/pythons.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

/** As a requirements file has it; empty for none. */
function marker(text: string): MarkerTree | undefined {
  if (text === '') return undefined;
  const content = pipKind.parse(`a ; ${text}\n`).contentOf(0);
  assert.ok(content?.kind === 'index' && content.marker !== undefined, text);
  return content.marker.tree;
}

describe('what markers have to do with each other', () => {
  for (const [a, b, together] of [
    ['', '', true],
    ['python_version < "3.10"', '', true],
    ['python_version < "3.10"', 'python_version >= "3.12"', false],
    ['python_version < "3.10"', 'python_full_version >= "3.10"', false],
    ['python_full_version < "3.10.0"', 'python_version == "3.9"', true],
    ['python_version <= "3.9"', 'python_version > "3.9"', false],
    ['python_version == "2.7"', 'python_version in "2.6 2.7"', true],
    ['python_version == "3.8"', 'python_version not in "3.7, 3.8"', false],
    ['"3.8" <= python_version', 'python_version < "3.8"', false],
    ['sys_platform == "win32"', 'sys_platform != "win32"', false],
    ['sys_platform == "win32"', 'platform_system == "Linux"', false],
    ['sys_platform == "win32"', 'os_name == "nt"', true],
    ['sys_platform == "freebsd14"', 'os_name == "posix"', true],
    ['sys_platform == "linux"', 'platform_machine == "arm64"', true],
    ['platform_machine == "arm64"', 'platform_machine != "arm64"', false],
    ['implementation_name == "pypy"', 'platform_python_implementation == "CPython"', false],
    ['"linux" in sys_platform', 'sys_platform == "darwin"', false],
    ['python_version < "3.8" or sys_platform == "win32"', 'python_version >= "3.8" and sys_platform != "win32"', false],
    ['platform_release >= "5"', 'platform_release < "5"', true],
    ['extra == "dev"', 'extra == "test"', false],
  ] as const) {
    it(`${a || 'nothing'} and ${b || 'nothing'} ${together ? 'can' : 'cannot'} hold together`, () => {
      assert.equal(canHoldTogether(marker(a), marker(b)), together);
      assert.equal(canHoldTogether(marker(b), marker(a)), together);
    });
  }

  for (const [a, b, always] of [
    ['', '', true],
    ['python_version < "3.8"', '', true],
    ['', 'python_version < "3.8"', false],
    ['python_version < "3.8"', 'python_version < "3.10"', true],
    ['python_version < "3.10"', 'python_version < "3.8"', false],
    ['python_full_version < "3.8.1"', 'python_version <= "3.8"', true],
    ['sys_platform == "win32"', 'os_name == "nt"', true],
    ['sys_platform == "linux"', 'sys_platform != "win32"', true],
    ['python_version < "3.8" and sys_platform == "linux"', 'python_version < "3.8"', true],
    ['', 'python_version >= "3" or python_version < "3"', true],
  ] as const) {
    it(`where ${a || 'nothing'} holds, ${b || 'nothing'} ${always ? 'always does' : 'may not'}`, () => {
      assert.equal(holdsWherever(marker(a), marker(b)), always);
    });
  }

  it('does not look at more than it can', () => {
    const many = Array.from({ length: 20 }, (_, at) => `platform_release > "${at}"`).join(' and ');
    assert.equal(canHoldTogether(marker(many), marker('')), true);
    assert.equal(holdsWherever(marker(many), marker('sys_platform == "linux"')), false);
  });

  it('says which Pythons they are about', () => {
    assert.equal(pythonsText(pythonsOfMarker(marker('python_version < "3.10"'))), '3.9 and below');
    assert.equal(pythonsText(pythonsOfMarker(marker('python_full_version >= "3.12.1"'))), '3.12 and above');
    assert.equal(pythonsText(pythonsOfMarker(undefined)), 'every version');
    const both = pythonsWhereBoth(marker('python_version < "3.10"'), marker('python_version >= "3.8"'));
    assert.equal(pythonsText(both), '3.8 to 3.9');
    assert.equal(pythonsText(withoutPythons(both, pythonsOf('>=3.9'))), '3.8');
  });

  it('takes a requires-python that cannot be read for none, as pip does', () => {
    assert.equal(pythonsText(pythonsOf('three')), 'every version');
    assert.equal(pythonsText(pythonsOf('>=3.8,!=3.9.*,<4')), '3.8, 3.10 and above');
  });
});
