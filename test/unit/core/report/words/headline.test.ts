import type { ReportSource } from '../../../../../server/src/core/report/reportSource.ts';
import assert from 'node:assert/strict';
import { freshnessOf } from '../../../../../server/src/core/report/freshness.ts';
import { type Coverage, headlineOf } from '../../../../../server/src/core/report/words/headline.ts';
import { reportFormatIds } from '../../../../../server/src/core/report/formats.ts';
import { renderReport } from '../../../../../server/src/core/report/renderReport.ts';
import { isIncomplete } from '../../../../../server/src/core/report/reportCoverage.ts';
import type { Outcome } from '../../../../../server/src/core/assessment/outcome.ts';
import { assessed, failed, noon } from '../../../../support/builders.ts';
import { cleanReport, context } from '../../../../support/reportFixture.ts';

const day = 86_400;

function headline(changes: Partial<Coverage>): string {
  const none = { requirements: 3, assessed: 3, skipped: 0, failed: 0, open: 0, ignored: 0, unread: 0, skippedPaths: 0 };
  return headlineOf({ ...none, ...changes }).text;
}

describe('headline', () => {
  it('says "no known vulnerabilities" only where everything was assessed', () => {
    assert.equal(headline({}), 'no known vulnerabilities (3 of 3 assessed)');
    assert.equal(
      headline({ assessed: 2, skipped: 1 }),
      '1 of 3 requirements not assessed; nothing found in the other 2',
    );
    assert.equal(headline({ ignored: 2 }), 'only ignored findings (3 of 3 assessed)');
    assert.equal(headline({ requirements: 0, assessed: 0 }), 'nothing to scan');
  });

  it('counts findings first, with what is missing beside them', () => {
    assert.equal(headline({ open: 1 }), '1 finding');
    assert.equal(headline({ open: 2, assessed: 2, skipped: 1 }), '2 findings (1 of 3 requirements not assessed)');
    assert.equal(
      headline({ open: 2, assessed: 2, failed: 1, unread: 2 }),
      '2 findings, and incomplete (1 of 3 requirements could not be checked, 2 lines or files not read)',
    );
  });

  it('is incomplete for a single gap of each kind', () => {
    const old = { dataAgeSeconds: 7 * day + 1, maxDataAgeDays: 7 };
    for (const changes of [
      { failed: 1 },
      { assessed: 2 },
      { unread: 1 },
      { assessed: 0, skipped: 3 },
      { freshness: old },
      { strict: true, skipped: 1 },
      { strict: true, skippedPaths: 1 },
    ]) {
      assert.match(headline(changes), /^incomplete.*\(.+\)$/u);
    }
    assert.match(headline({ freshness: { ...old, dataAgeSeconds: 7 * day } }), /^no known/u);
    assert.match(headline({ skippedPaths: 1 }), /^no known/u);
  });
});

describe('freshness of a report', () => {
  const osv: ReportSource = { kind: 'osv', url: 'https://api.osv.dev' };
  const age = (source: ReportSource, ...outcomes: readonly Outcome[]) =>
    freshnessOf(source, outcomes, { nowMs: noon, maxDataAgeDays: 7 });

  it('is that of the oldest answer relied on', () => {
    const answers = [assessed([], noon - 60_000), assessed([], noon - 8 * day * 1000)];
    assert.deepEqual(age(osv, ...answers), { dataAgeSeconds: 8 * day, maxDataAgeDays: 7 });
    assert.equal(age(osv, assessed([], noon + 5000))?.dataAgeSeconds, 0, 'a clock that was set back');
  });

  it('is that of the database, whenever it was asked', () => {
    assert.equal(age({ kind: 'database', dataAge: 30 * day }, assessed([]))?.dataAgeSeconds, 30 * day);
    assert.equal(age({ kind: 'database' }, assessed([]))?.dataAgeSeconds, undefined);
    const local = { dataAgeSeconds: 9 * day, because: 'no answer' };
    assert.equal(age(osv, assessed([]), { ...assessed([]), local })?.dataAgeSeconds, 9 * day);
    const unknown = { ...assessed([]), local: { ...local, dataAgeSeconds: undefined } };
    assert.deepEqual(age(osv, unknown, assessed([])), { dataAgeSeconds: undefined, maxDataAgeDays: 7 });
  });

  it('is none where nothing was assessed', () => {
    assert.equal(age({ kind: 'database' }, failed({ lastKnown: assessed([], 0) })), undefined);
    assert.equal(age(osv), undefined);
  });
});

describe('skipped paths', () => {
  const skippedPaths = [{ path: 'tools/.venv', reason: 'a virtual environment' }];

  for (const format of reportFormatIds) {
    it(`are named in ${format}`, () => {
      const shown = renderReport(format, { ...cleanReport(), skippedPaths }, context).replaceAll('\\', '');
      assert.match(shown, /tools\/\.venv/u);
      assert.match(shown, /a virtual environment/u);
    });
  }

  it('make the scan incomplete only where it is strict', () => {
    assert.equal(isIncomplete({ ...cleanReport(), skippedPaths }), false);
    assert.equal(isIncomplete({ ...cleanReport(), skippedPaths, strict: true }), true);
  });
});
