import assert from 'node:assert/strict';
import { holdsIn } from '../../../../server/src/core/markers/holdsIn.ts';
import { isFault } from '../../../../server/src/core/manifests/pep508/fault.ts';
import { readRequirement } from '../../../../server/src/core/manifests/pep508/requirement.ts';

const linux = new Map([
  ['python_version', '3.12'],
  ['python_full_version', '3.12.3'],
  ['sys_platform', 'linux'],
  ['os_name', 'posix'],
]);

function holds(marker: string, extra?: string): boolean | undefined {
  const text = `a; ${marker}`;
  const pieces = [{ start: 0, from: 0, to: text.length, verbatim: true }];
  const read = readRequirement({ text, pieces }, 0, text.length);
  assert.ok(!isFault(read) && read.marker);
  return holdsIn(read.marker.tree, linux, extra);
}

describe('a marker in an environment', () => {
  for (const [marker, expected] of [
    ['python_version >= "3.8"', true],
    ['python_version < "3.8"', false],
    ['python_version >= "3.9" and python_version < "3.12"', false],
    ['"3.8" <= python_version', true],
    ['python_version == "3.*"', true],
    ['python_version ~= "3.10"', true],
    ['python_version in "3.11 3.12"', true],
    ['python_version not in "3.11 3.12"', false],
    ['python_full_version > "3.12.3"', false],
    ['python_full_version <= "3.12.10"', true],
    ['sys_platform == "win32"', false],
    ['sys_platform != "win32"', true],
    ['"lin" in sys_platform', true],
    ['platform_machine == "x86_64"', undefined],
    ['platform_machine == "x86_64" and sys_platform == "win32"', false],
    ['platform_machine == "x86_64" or sys_platform == "linux"', true],
    ['platform_machine == "x86_64" and sys_platform == "linux"', undefined],
    ['extra == "async"', false],
    ['extra != "async"', true],
  ] as const) {
    it(`${marker}: ${expected ?? 'nobody knows'}`, () => assert.equal(holds(marker), expected));
  }

  it('compares extras as names', () => {
    assert.equal(holds('extra == "My_Extra"', 'my-extra'), true);
    assert.equal(holds('sys_platform == "win32" and extra == "x"', 'x'), false);
    assert.equal(holds('extra == "x" or extra == "y"', 'y'), true);
  });
});
