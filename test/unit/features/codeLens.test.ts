import assert from 'node:assert/strict';
import { defaultSettings } from '../../../protocol/settings.ts';
import { codeLenses } from '../../../server/src/features/codeLens.ts';
import type { LineState } from '../../../server/src/project/workspace/lineState.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { assessed, failed, finding, noon, pinned } from '../../support/builders.ts';

const rescan = { command: 'pinwatch.rescan', arguments: ['file:///requirements.txt'] };
const fix = { command: 'pinwatch.fixAll', arguments: ['file:///requirements.txt'] };
const commands = { rescan, fix };
const age = { now: noon, source: { kind: 'osv', url: 'https://api.osv.dev' }, maxDataAgeDays: 7 } as const;
const settled = (outcome: Extract<LineState['state'], { kind: 'settled' }>['outcome']): LineState['state'] => ({
  kind: 'settled',
  outcome,
});
const noFix = { nearest: undefined, latest: undefined, verified: true, passedOver: [] };
const vulnerable = settled({ ...assessed([finding()]), fix: noFix });
const fixable = settled(assessed([finding({ nearestFix: '3.2.5' })]));

function titleFor(...states: readonly LineState['state'][]): string | undefined {
  const lines = states.map((state, at) => ({ requirement: pinned('django', '3.2.0', at), state }));
  const count = states.filter((state) => state === fixable).length;
  const lenses = codeLenses({ lines, problems: [], settings: defaultSettings }, commands, count, age, english);
  assert.equal(lenses[1]?.command?.title, count === 0 ? undefined : `Fix ${count}`);
  return lenses[0]?.command?.title;
}

describe('code lens', () => {
  it('counts what is vulnerable, fixable and could not be checked', () => {
    assert.equal(
      titleFor(fixable, fixable, vulnerable, settled(failed())),
      '3 vulnerable, 2 fixable · 1 could not be checked · rescan',
    );
  });

  it('is one, at the top, and rescans this file', () => {
    const lines = [{ requirement: pinned('django', '3.2.0', 7), state: vulnerable }];
    assert.deepEqual(codeLenses({ lines, problems: [], settings: defaultSettings }, commands, 0, age, english), [
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        command: { ...rescan, title: '1 vulnerable · rescan' },
      },
    ]);
  });

  it('says nothing where nothing is wrong', () => {
    assert.equal(titleFor(settled(assessed([])), { kind: 'pending' }), undefined);
    assert.equal(titleFor(), undefined);
  });

  it('counts what was not assessed, also alone', () => {
    const skipped = settled({ kind: 'skipped', reason: 'url', message: '' });
    assert.equal(titleFor(settled(assessed([])), skipped, { kind: 'pending' }), '1 of 3 not assessed · rescan');
    assert.equal(titleFor(skipped, skipped), '2 of 2 not assessed · rescan');
    assert.equal(titleFor(fixable, skipped), '1 vulnerable, 1 fixable · 1 of 2 not assessed · rescan');
  });

  it('counts lines that were not read, once', () => {
    const problem = (line: number) => ({
      range: pinned('django', '3.2.0', line).range,
      message: 'gone',
      code: 'include.unreadable',
      incomplete: false,
    });
    const lines = [
      { requirement: pinned('django', '3.2.0', 0), state: settled(assessed([])) },
      { requirement: pinned('django', '==', 1), state: settled(failed({ reason: 'invalid' })) },
    ];
    const [lens] = codeLenses(
      { lines, problems: [problem(1), problem(2)], settings: defaultSettings },
      commands,
      0,
      age,
      english,
    );
    assert.equal(lens?.command?.title, '1 could not be checked · 1 line not read · rescan');
  });

  it('says how old the data are where that is too old', () => {
    const lines = [{ requirement: pinned('django', '3.2.0', 0), state: settled(assessed([])) }];
    const title = (dataAge: number): string | undefined => {
      const source = { kind: 'database', dataAge } as const;
      return codeLenses({ lines, problems: [], settings: defaultSettings }, commands, 0, { ...age, source }, english)[0]
        ?.command?.title;
    };
    assert.equal(title(30 * 86_400), 'data 30 days old · rescan');
    assert.equal(title(6 * 86_400), undefined);
  });

  it('has the fix of the whole file beside it, where that would change something', () => {
    const lines = [{ requirement: pinned('django', '3.2.0'), state: fixable }];
    const lenses = codeLenses({ lines, problems: [], settings: defaultSettings }, commands, 1, age, english);
    assert.deepEqual(
      lenses.map(({ command }) => command),
      [
        { ...rescan, title: '1 vulnerable, 1 fixable · rescan' },
        { ...fix, title: 'Fix 1' },
      ],
    );
  });

  it('counts what was known before while it is checked again, and behind a failure', () => {
    const outcome = { ...assessed([finding()]), fix: noFix };
    assert.equal(titleFor({ kind: 'pending', before: { version: '3.2.0', outcome } }), '1 vulnerable · rescan');
    assert.equal(titleFor(settled(failed({ lastKnown: outcome }))), '1 vulnerable · 1 could not be checked · rescan');
  });

  it('counts apart what is ignored, also alone: it is not clean', () => {
    const ignored = { reason: '', until: null };
    const one = settled(assessed([finding({ ignored })]));
    const half = settled({ ...assessed([finding({ ignored }), finding({ id: 'CVE-2' })]), fix: noFix });
    assert.equal(titleFor(one), '1 ignored · rescan');
    assert.equal(titleFor(one, half), '1 vulnerable · 1 ignored · rescan');
  });

  it('tells ranges apart that only admit a vulnerable release', () => {
    const range = settled({ ...assessed([finding()]), verdict: 'possiblyVulnerable' });
    assert.equal(titleFor(range, vulnerable), '1 vulnerable · 1 possibly vulnerable · rescan');
    assert.equal(titleFor(range), undefined, 'that alone is no reason for a line of its own');
    const lines = [range, vulnerable].map((state, at) => ({ requirement: pinned('django', '3.2.0', at), state }));
    const [lens] = codeLenses(
      { lines, problems: [], settings: { diagnosticRanges: false, minimumSeverity: 'none' } },
      commands,
      0,
      age,
      english,
    );
    assert.equal(lens?.command?.title, '1 vulnerable · rescan');
  });
});
