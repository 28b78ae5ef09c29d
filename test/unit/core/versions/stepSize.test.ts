import assert from 'node:assert/strict';
import { stepSize } from '../../../../server/src/core/versions/stepSize.ts';

describe('the size of a step', () => {
  for (const [from, to, size] of [
    ['3.2.0', '3.2.25', 'patch'],
    ['3.2', '3.2.1', 'patch'],
    ['3.2', '3.3', 'minor'],
    ['3', '3.1.0', 'minor'],
    ['3.2', '4.0', 'major'],
    ['0.9', '0.10', 'minor'],
    ['2023.7.22', '2024.7.4', 'major'],
    ['2.0', '1!2.0', 'major'],
    ['1.0', '1.0.post1', 'patch'],
    ['1.0rc1', '1.0', 'patch'],
    ['latest', '1.0', undefined],
  ] as const) {
    it(`from ${from} to ${to} is ${size}`, () => assert.equal(stepSize(from, to), size));
  }
});
