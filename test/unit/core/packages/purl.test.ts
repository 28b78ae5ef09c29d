import assert from 'node:assert/strict';
import { pypiPurl } from '../../../../server/src/core/packages/purl.ts';

describe('package URL', () => {
  for (const [version, expected] of [
    ['4.2.16', 'pkg:pypi/django@4.2.16'],
    ['1!4.2.16', 'pkg:pypi/django@1%214.2.16'],
    ['2.0+cpu', 'pkg:pypi/django@2.0%2Bcpu'],
    ['1.0-1_a~b:c', 'pkg:pypi/django@1.0-1_a~b:c'],
    ["(*)'", 'pkg:pypi/django@%28%2A%29%27'],
    [null, 'pkg:pypi/django'],
  ] as const) {
    it(`has the version ${version} encoded`, () => {
      assert.equal(pypiPurl('django', version), expected);
    });
  }
});
