import type { Range } from '../../../server/src/core/text/position.ts';
import { positionAt } from '../../../server/src/core/manifests/places.ts';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { offsetAt } from '../../../server/src/core/manifests/offsetAt.ts';
import type { Manifest } from '../../../server/src/core/manifests/manifest.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { documentLinks } from '../../../server/src/features/documentLinks.ts';
import { foldingRanges } from '../../../server/src/features/foldingRanges.ts';
import { documentSymbols } from '../../../server/src/features/symbols.ts';
import { requirementsText } from '../core/manifests/pip/arbitraries.ts';

const anyText = fc.oneof(requirementsText(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const environment = { A: 'foo>=1 -r x', B: ' ', C: 'https://user:s3cret@example.org/' };
const runs = { numRuns: 1500 };

/** A range whose ends are places that the document has. */
function isInside(file: Manifest, { start, end }: Range): boolean {
  const ends = [start, end].map((position) => positionAt(file, offsetAt(file, position)));
  return offsetAt(file, start) <= offsetAt(file, end) && JSON.stringify(ends) === JSON.stringify([start, end]);
}

describe('features of any text', () => {
  it('draw every symbol inside of the document, its name inside of its range, and name it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = pipKind.parse(text, { environment });
        for (const { name, range, selectionRange } of documentSymbols(file)) {
          assert.ok(name.length > 0);
          assert.ok(isInside(file, range) && isInside(file, selectionRange));
          assert.ok(offsetAt(file, range.start) <= offsetAt(file, selectionRange.start));
          assert.ok(offsetAt(file, range.end) >= offsetAt(file, selectionRange.end));
        }
      }),
      runs,
    );
  });

  it('fold nothing beyond the document, nothing twice from the same line, and never across another fold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = pipKind.parse(text);
        const folds = foldingRanges(file);
        for (const { startLine, endLine } of folds) {
          assert.ok(startLine < endLine && endLine < file.lineStarts.length);
          for (const other of folds) {
            const apart = other.endLine < startLine || other.startLine > endLine;
            const within = other.startLine >= startLine && other.endLine <= endLine;
            const around = other.startLine <= startLine && other.endLine >= endLine;
            assert.ok(apart || within || around);
          }
        }
        assert.equal(new Set(folds.map(({ startLine }) => startLine)).size, folds.length);
      }),
      runs,
    );
  });

  it('link to https alone, and never with credentials', () => {
    const url = fc
      .oneof(fc.webUrl({ withQueryParameters: true }), fc.string())
      .map((text) => `x @ ${text}\n-i ${text}\n`);
    fc.assert(
      fc.property(fc.oneof(anyText, url), (text) => {
        const file = pipKind.parse(text, { environment });
        for (const { range, target = '', tooltip = '' } of documentLinks(file, [])) {
          assert.ok(isInside(file, range));
          assert.match(target, /^https:\/\/[^@?#\s]+(?:\/[^?#\s]*)?$/u);
          assert.ok(!`${target}${tooltip}`.includes('s3cret'));
        }
      }),
      runs,
    );
  });

  it('find a version to complete only around the cursor, on its line', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, at) => {
        const file = pipKind.parse(text);
        const operators = [...text.matchAll(/[=<>]/gu)].map(({ index }) => index + 1);
        const position = positionAt(file, operators[at % operators.length] ?? 0);
        const token = file.versionAt?.(position);
        if (token !== undefined) {
          const { start, end } = token.range;
          assert.ok(isInside(file, token.range));
          assert.deepEqual([start.line, end.line], [position.line, position.line]);
          assert.ok(start.character <= position.character && position.character <= end.character);
          assert.doesNotMatch(text.slice(offsetAt(file, start), offsetAt(file, end)), /[^A-Za-z0-9.!+*_-]/u);
        }
      }),
      runs,
    );
  });
});
