import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { intersect, setHas, subtract, toVersionSet, union } from '../../../../server/src/core/versions/versionSet.ts';
import type { VersionSet } from '../../../../server/src/core/versions/versionSet.ts';

const keys = ['0.dev0', '0', '1.dev1', '1a1', '1', '1+x', '1.post1', '1.1', '2', '1!0'].map((text) => {
  const version = parseVersion(text);
  assert.ok(version);
  return version.key;
});

const stretch = fc
  .tuple(fc.constantFrom(...keys, ''), fc.constantFrom(...keys, '~'))
  .map(([from, to]) => ({ from, to }));
const stretches = fc.array(stretch, { maxLength: 5 });

describe('sets of versions', () => {
  it('hold what their stretches hold, ascending and apart', () => {
    fc.assert(
      fc.property(stretches, (parts) => {
        const set = toVersionSet(parts);
        assertProper(set);
        for (const key of keys) {
          assert.equal(
            setHas(set, key),
            parts.some(({ from, to }) => from <= key && key < to),
          );
        }
      }),
    );
  });

  it('are joined, met and taken away by membership', () => {
    fc.assert(
      fc.property(stretches, stretches, (some, others) => {
        const [a, b] = [toVersionSet(some), toVersionSet(others)];
        const results = { both: intersect(a, b), either: union([a, b]), rest: subtract(a, b) };
        Object.values(results).forEach(assertProper);
        for (const key of keys) {
          const [inA, inB] = [setHas(a, key), setHas(b, key)];
          assert.equal(setHas(results.both, key), inA && inB);
          assert.equal(setHas(results.either, key), inA || inB);
          assert.equal(setHas(results.rest, key), inA && !inB);
        }
      }),
    );
  });
});

function assertProper(set: VersionSet): void {
  let previousEnd = '';
  for (const { from, to } of set) {
    assert.ok(previousEnd < from && from < to, JSON.stringify(set));
    previousEnd = to;
  }
}
