import assert from 'node:assert/strict';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { placeRequirements, rememberedTargets } from '../../../../server/src/core/assessment/placeRequirements.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';

const pypi = { 'uv.lock': 'source = { registry = "https://pypi.org/simple" }', 'poetry.lock': '' } as const;

describe('where a lock says that a package is from', () => {
  for (const [lock, source] of [
    ['uv.lock', '{ registry = 5 }'],
    ['uv.lock', '{ bucket = "s3://private" }'],
    ['uv.lock', '{}'],
    ['uv.lock', '5'],
    ['poetry.lock', '{ type = "legacy" }'],
    ['poetry.lock', '{ type = "bucket", url = "s3://private" }'],
    ['poetry.lock', '{ type = 5 }'],
    ['poetry.lock', '5'],
  ] as const) {
    it(`is not the public index where that cannot be read: ${source} of ${lock}`, () => {
      const unknown = ['a', 'b', 'c'].map(
        (name) => `[[package]]\nname = "${name}"\nversion = "1"\nsource = ${source}\n`,
      );
      const text = `${unknown.join('')}[[package]]\nname = "six"\nversion = "1.0"\n${pypi[lock]}\n`;
      const { requirements } = placeRequirements(
        kindOfNamed(lock).parse(text),
        rememberedTargets(() => false, nothingDecided),
      );
      assert.deepEqual(
        requirements.map(({ name, subject }) => [
          name,
          subject.kind === 'lookup' ? 'asked' : 'reason' in subject.outcome && subject.outcome.reason,
        ]),
        [...['a', 'b', 'c'].map((name) => [name, 'private']), ['six', 'asked']],
      );
    });
  }
});
