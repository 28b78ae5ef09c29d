import type { Range } from '../../../server/src/core/text/position.ts';
import assert from 'node:assert/strict';
import { nothingDecided } from '../../../server/src/core/assessment/decided/decidedVersions.ts';
import { placeRequirements, rememberedTargets } from '../../../server/src/core/assessment/placeRequirements.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { diagnosticsFor } from '../../../server/src/features/diagnostics/diagnostics.ts';
import { documentLinks } from '../../../server/src/features/documentLinks.ts';
import { foldingRanges } from '../../../server/src/features/foldingRanges.ts';
import { hoverFor } from '../../../server/src/features/hover/hover.ts';
import { fixScope } from '../../../server/src/core/fixes/fixScope.ts';
import { usualPolicy } from '../../../server/src/core/fixes/fixPolicy.ts';
import { fileId } from '../../../server/src/project/fileId.ts';
import { inlayHints } from '../../../server/src/features/inlayHints.ts';
import { documentSymbols } from '../../../server/src/features/symbols.ts';
import { defaultSettings } from '../../../protocol/settings.ts';
import { includeLines } from '../../../server/src/project/workspace/includeLines.ts';
import { assessed, finding, noon } from '../../support/builders.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { textAt } from '../../support/ranges.ts';

// Characters of two UTF-16 units before every token, on its line where the format lets them be there.
const lines = [
  '# 😀𝕏 head 👩‍👩‍👧',
  '# 😀 more',
  '--find-links 😀𝕏 --index-url https://example.org/simple  # 😀',
  '-r 😀𝕏.txt',
  'django==3.2.0 \\',
  '    --hash=sha256:00  # 😀𝕏',
  'broken==  # 😀',
  'six==1.16.0  # 𝕏',
];

for (const newline of ['\n', '\r\n']) {
  const text = lines.join(newline);
  // As a file is after an edit, which reads only what it touches.
  const file = pipKind
    .parse(text.replace('six', 'sixty'))
    .edit([{ start: text.indexOf('six') + 3, end: text.indexOf('six') + 5, text: '' }]);
  const { requirements, problems } = placeRequirements(
    file,
    rememberedTargets(() => false, nothingDecided),
  );
  const states = requirements.map((requirement) => ({
    requirement,
    state: { kind: 'settled', outcome: assessed([finding()]) } as const,
  }));
  const at = (range: Range): string => textAt(text, range);
  const place = (needle: string): Range['start'] => {
    const line = lines.findIndex((one) => one.includes(needle));
    return { line, character: lines[line]?.indexOf(needle) ?? -1 };
  };

  describe(`positions count UTF-16 units (line breaks ${JSON.stringify(newline)})`, () => {
    it('of the text itself', () => assert.equal(file.text, text));

    it('in links', () => {
      const links = documentLinks(
        file,
        includeLines(fileId('file:///project/requirements.txt'), file).map(({ range, to }) => ({ range, uri: to })),
      );
      assert.deepEqual(
        links.map(({ range }) => at(range)),
        ['https://example.org/simple', '😀𝕏.txt'],
      );
    });

    it('in symbols', () => {
      assert.deepEqual(
        documentSymbols(file).map(({ range, selectionRange }) => [at(range), at(selectionRange)]),
        [
          ['-r 😀𝕏.txt', '😀𝕏.txt'],
          [`django==3.2.0 \\${newline}    --hash=sha256:00  # 😀𝕏`, 'django'],
          ['broken==  # 😀', 'broken'],
          ['six==1.16.0  # 𝕏', 'six'],
        ],
      );
    });

    it('in folding ranges', () => {
      assert.deepEqual(
        foldingRanges(file).map(({ startLine, endLine }) => [startLine, endLine]),
        [
          [0, 1],
          [4, 5],
        ],
      );
    });

    it('in diagnostics', () => {
      const options = { ...defaultSettings, now: noon, uri: 'file:///requirements.txt' };
      const drawn = diagnosticsFor(states, problems, options).map(({ range }) => at(range));
      assert.ok(drawn.includes('3.2.0') && drawn.includes('1.16.0') && drawn.includes('=='));
    });

    it('in hovers', () => {
      const hover = hoverFor({ lines: states }, place('1.16.0'), {
        now: noon,
        source: { kind: 'osv', url: 'https://api.osv.dev' },
        maxDataAgeDays: 7,
        uri: 'file:///requirements.txt',
        commands: false,
        words: english,
      });
      assert.ok(hover?.range !== undefined);
      assert.equal(at(hover.range), '1.16.0');
    });

    it('in inlay hints', () => {
      const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      const id = fileId('file:///requirements.txt');
      const scope = fixScope([{ source: id, shown: 'requirements.txt', file }], []);
      const fix = { scope, filesOf: () => undefined, factsOf: () => undefined, policy: usualPolicy };
      const [django] = inlayHints({ file, lines: states, settings: defaultSettings }, all, { id, fix }, english);
      assert.deepEqual(django?.position, { line: 4, character: 'django==3.2.0'.length });
    });

    it('in completions', () => {
      const position = place('1.16.0');
      const token = file.versionAt?.({ ...position, character: position.character + 2 });
      assert.ok(token !== undefined);
      assert.equal(at(token.range), '1.16.0');
    });
  });
}
