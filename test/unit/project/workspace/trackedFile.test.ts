import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { diagnosticsFor } from '../../../../server/src/features/diagnostics/diagnostics.ts';
import { DiagnosticsMemory } from '../../../../server/src/features/diagnostics/diagnosticsMemory.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { editText } from '../../../../server/src/project/workspace/changes/editText.ts';
import { TrackedFile } from '../../../../server/src/project/workspace/trackedFile.ts';
import { scannerOver } from '../../../support/scannerOver.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import type { Scanner } from '../../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';

const minuteMs = 60_000;
const signal = new AbortController().signal;
const document = { uri: 'file:///requirements.txt', languageId: 'pip-requirements', version: 1 };

describe('tracked file', () => {
  let now: number;
  let source: FakeSource;
  let scanner: Scanner;

  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    for (const version of ['1', '2']) source.add(`bad==${version}`, `PYSEC-${version}`);
    source.add('worse==1', 'MAL-1');
    const hourMs = 60 * minuteMs;
    scanner = scannerOver({
      source,
      sourceId: 'test',
      tiers: [],
      clock: { now: () => now },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries: 12, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
    });
  });

  const open = (text: string): TrackedFile => new TrackedFile(document, pipKind.parse(text), defaultSettings);
  const scan = async (file: TrackedFile): Promise<void> => {
    file.settle(await scanner.scan(file.lookups(), { signal }), { now, again: false });
    file.bringUpToDate(scanner, { now });
  };
  const type = (file: TrackedFile, line: number, character: number, text: string): readonly LineState[] => {
    const at = { line, character };
    const edited = editText(file.file, [{ range: { start: at, end: at }, text }]);
    assert.ok(edited !== undefined);
    file.update(edited.file, 2, edited.lines);
    return file.bringUpToDate(scanner, { now });
  };

  it('leaves lines the same objects that an edit elsewhere does not change', async () => {
    const file = open('# a\nbad==1\nfine==1\n');
    await scan(file);
    const before = file.lines;
    assert.equal(type(file, 0, 2, 'x'), before);
    const [, fine] = type(file, 1, 6, ' # why');
    assert.equal(fine, before[1]);
    const [bad, moved] = type(file, 0, 0, '\n');
    assert.deepEqual([bad?.requirement.range.start.line, moved?.requirement.range.start.line], [2, 3]);
    assert.equal(moved?.state, before[1]?.state);
  });

  it('takes no notice of an old answer when the time or the scanner has gone on', async () => {
    const file = open('fine==1\n');
    await scan(file);
    const kind = (): string | undefined => file.bringUpToDate(scanner, { now })[0]?.state.kind;
    now += 30 * minuteMs - 1;
    assert.equal(kind(), 'settled');
    now += 1;
    assert.equal(kind(), 'pending');
    now -= 60 * minuteMs; // a clock that was set back
    assert.equal(kind(), 'pending');
    now = noon;
    assert.equal(kind(), 'settled');
    await scanner.clear();
    file.forgetOutcomes();
    assert.equal(kind(), 'pending');
  });

  it('shows after any edits, answers and pauses what it would show if it remembered nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line(), { maxLength: 8 }),
        fc.array(step(), { maxLength: 12 }),
        async (lines, steps) => {
          await scanner.clear();
          now = noon;
          source.queryError = undefined;
          const memory = new DiagnosticsMemory();
          const file = open(lines.join(''));
          const forgetful = open(lines.join(''));
          for (const { kind, places, text, minutes } of steps) {
            switch (kind) {
              case 'edit': {
                const [start, end] = places
                  .map((place) => positionIn(file.file.text, place))
                  .sort((a, b) => a.line - b.line || a.character - b.character);
                assert.ok(start && end);
                const edited = editText(file.file, [{ range: { start, end }, text }]);
                assert.ok(edited !== undefined);
                [file, forgetful].forEach((one) => one.update(edited.file, 2, edited.lines));
                break;
              }
              case 'scan':
              case 'fail': {
                source.queryError = kind === 'fail' ? new LookupError('offline', 'There is no network.') : undefined;
                const outcomes = await scanner.scan(file.lookups(), { signal });
                [file, forgetful].forEach((one) => one.settle(outcomes, { now, again: false }));
                break;
              }
              case 'wait':
                now += minutes * minuteMs;
                break;
              case 'clear':
                await scanner.clear();
            }
            const revision = Math.random();
            const shown = file.bringUpToDate(scanner, { now });
            forgetful.applySettings(defaultSettings);
            const expected = forgetful.bringUpToDate(unlike(scanner, revision), { now });
            const { minimumSeverity, diagnosticSeverity } = defaultSettings;
            const options = {
              minimumSeverity,
              diagnosticSeverity,
              diagnosticGrouping: minutes % 3 === 0 ? ('advisory' as const) : ('requirement' as const),
              diagnosticRanges: minutes % 2 === 0,
              now,
              uri: file.uri,
            };
            assert.deepEqual(shown, expected);
            assert.deepEqual(file.pending(), forgetful.pending());
            assert.deepEqual(
              memory.of(shown, file.problems, options),
              diagnosticsFor(expected, forgetful.problems, options),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The same scanner, seemingly with news. */
function unlike(scanner: Scanner, revision: number): Scanner {
  return {
    peek: (lookup) => scanner.peek(lookup),
    unpacked: 0,
    pack: () => undefined,
    limitTo: () => undefined,
    recall: () => Promise.resolve(),
    recallPackages: () => Promise.resolve(),
    peekPackage: (name) => scanner.peekPackage(name),
    scan: (lookups, options) => scanner.scan(lookups, options),
    clear: () => scanner.clear(),
    revision,
    figures: scanner.figures,
  };
}

function line(): fc.Arbitrary<string> {
  const text = fc.constantFrom(
    ...['bad==1', 'bad==2', 'bad>=1', 'worse==1', 'fine==1', 'fine==2', 'other==3 \\\n  --hash=sha256:ab', './local'],
    ...['# remark', '', '-r more.txt', 'bad==1 ; python_version >= "3"', 'bad==', '--no-such-option'],
  );
  return fc.tuple(text, lineEnd()).map((parts) => parts.join(''));
}

function lineEnd(): fc.Arbitrary<string> {
  return fc.constantFrom('\n', '\n', '\r\n', '\r', '\f');
}

function step() {
  return fc.record({
    kind: fc.constantFrom(...(['edit', 'edit', 'edit', 'scan', 'fail', 'wait', 'clear'] as const)),
    places: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    text: fc.oneof(line(), lineEnd(), fc.constantFrom('', '', '1', '=', ' ', '#', '\\')),
    minutes: fc.integer({ min: 0, max: 40 }),
  });
}

/** The place at a share of the text. */
function positionIn(text: string, share: number): { readonly line: number; readonly character: number } {
  const lines = text.slice(0, Math.round(share * text.length)).split(/\r\n|\r|\n/u);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
