import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pinEdit } from '../../../../../../server/src/core/manifests/pip/edit/pinEdit.ts';
import { rangeEdit } from '../../../../../../server/src/core/manifests/pip/edit/rangeEdit.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems } from '../../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { contains, parseSpecifier } from '../../../../../../server/src/core/versions/specifier.ts';
import { compareVersions } from '../../../../../../server/src/core/versions/version.ts';
import { requirementsText } from '../arbitraries.ts';
import { edited, indexOfFoo, unchangedPart, version } from './support.ts';
import { fill, surroundings } from './surroundings.ts';

const sha256 = 'e'.repeat(64);
const files = [{ filename: 'x-77.7.tar.gz', sha256, yanked: false }];
const pins = [
  '==1.0',
  '===1.0',
  '== 1.0,>0',
  `==1.0 --hash=sha256:ab`,
  '==1.0 \\\n  --hash=sha256:ab \\\n  --hash=sha256:cd',
];
const options = { environment: { A: 'foo==1.0 ; os_name == "x"', B: '1.0' } };

describe('any text', function () {
  this.timeout(30_000);

  it('is changed by a fix of a pin in that item alone, if at all', () => {
    let edits = 0;
    const line = fc
      .tuple(fc.constantFrom(...surroundings), fc.constantFrom(...pins))
      .map(([surrounding, pin]) => fill(surrounding, pin));
    const texts = fc.tuple(requirementsText(8), line, requirementsText(8)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const file = parseFile(text, options);
        const printed = toParseItems(file);
        file.items.forEach((item, index) => {
          const edit = pinEdit(file, index, version('77.7'), files);
          if (edit.kind === 'disabled') {
            assert.match(edit.reason, /^.{5,200}\.$/);
            return;
          }
          edits++;
          const after = toParseItems(parseFile(edited(file, edit), options));
          assert.equal(after.length, printed.length);
          after.forEach((changed, at) => {
            const before = printed[at];
            assert.ok(before);
            if (at !== index) assert.deepEqual(withoutLines(changed), withoutLines(before));
            else
              assert.ok(
                changed.specs?.some((spec) => /^===?77\.7$/.test(spec)),
                JSON.stringify(changed),
              );
          });
          assert.ok(item.kind === 'requirement');
        });
      }),
      { numRuns: 3000 },
    );
    assert.ok(edits > 300, `only ${edits} edits`);
  });

  it('is changed by a raised floor in that item alone, if at all', () => {
    fc.assert(
      fc.property(requirementsText(), (text) => {
        const file = parseFile(text, options);
        file.items.forEach((_, index) => {
          const edit = rangeEdit(file, index, { kind: 'floor', version: '77.7' });
          if (edit.kind === 'disabled') return;
          const [before, after] = [toParseItems(file), toParseItems(parseFile(edited(file, edit), options))];
          after.forEach((changed, at) => {
            if (at !== index) assert.deepEqual(withoutLines(changed), withoutLines(before[at] ?? changed));
            else
              assert.ok(
                changed.specs?.some((spec) => /^[>~]=77\.7$/.test(spec)),
                JSON.stringify(changed),
              );
          });
        });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('any range', function () {
  this.timeout(30_000);

  const number = fc.integer({ min: 0, max: 4 });
  const plain = fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
  const suffixed = fc
    .tuple(plain, fc.constantFrom('', '', '', 'rc1', '.post1', '.dev0'))
    .map((parts) => parts.join(''));
  const clause = fc.oneof(
    fc.tuple(fc.constantFrom('>=', '>', '<', '<=', '!=', '~='), suffixed).map((parts) => parts.join('')),
    fc.tuple(fc.constantFrom('==', '!='), plain).map(([operator, text]) => `${operator}${text}.*`),
  );
  const range = fc.array(clause, { maxLength: 4 }).map((clauses) => clauses.join(','));

  it('keeps all above its new floor, loses all below, and its line says the rest as before', () => {
    let edits = 0;
    const inputs = fc.record({
      range,
      floor: suffixed,
      surrounding: fc.constantFrom(...surroundings),
      probes: fc.array(suffixed, { minLength: 20, maxLength: 20 }),
    });
    fc.assert(
      fc.property(inputs, ({ range: before, floor, surrounding, probes }) => {
        const text = fill(surrounding, before);
        const file = parseFile(text);
        const index = indexOfFoo(file);
        const edit = rangeEdit(file, index, { kind: 'floor', version: floor });
        if (edit.kind === 'disabled') return;
        edits++;
        const result = edited(file, edit);
        const specs = toParseItems(parseFile(result))[index]?.specs ?? [];
        const [old, raised] = [parseSpecifier(before), parseSpecifier(specs.join(','))];
        assert.ok(old && raised);
        assert.ok(contains(raised, floor), `${before} → ${specs.join()}`);
        assert.deepEqual(unchangedPart(result, index), unchangedPart(text, index));
        for (const probe of probes) {
          const isAbove = compareVersions(version(probe), version(floor)) >= 0;
          assert.equal(
            contains(raised, probe),
            isAbove && contains(old, probe),
            `${before} → ${specs.join()}: ${probe}`,
          );
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(edits > 300, `only ${edits} edits`);
  });

  it('loses what is excluded and nothing else', () => {
    let edits = 0;
    fc.assert(
      fc.property(
        range,
        fc.array(suffixed, { minLength: 1, maxLength: 3 }),
        fc.array(suffixed),
        (before, out, probes) => {
          const file = parseFile(`foo${before}`);
          const edit = rangeEdit(file, 0, { kind: 'exclude', versions: out });
          if (edit.kind === 'disabled') return;
          edits++;
          const [old, after] = [parseSpecifier(before), parseSpecifier(edited(file, edit).slice(3))];
          assert.ok(old && after);
          for (const probe of [...probes, ...out]) {
            const isOut = out.some((version_) => compareVersions(version(version_), version(probe)) === 0);
            assert.equal(contains(after, probe), !isOut && contains(old, probe), `${before}: ${probe}`);
          }
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(edits > 300, `only ${edits} edits`);
  });
});

/** The place of other items moves where hashes are added. */
function withoutLines<T extends object>(item: T): Partial<T> {
  return { ...item, s: 0, e: 0, ls: 0, le: 0 };
}
