import assert from 'node:assert/strict';
import { reportPage } from '../../../../server/src/core/report/reportPage.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { assessed, finding, pinned } from '../../../support/builders.ts';
import { cleanReport, context, fullReport } from '../../../support/reportFixture.ts';

const linkOf = (path: string, line: number): string => `/${encodeURI(path)}#L${line}`;
const page = (report: ScanReport): string => reportPage(report, context, linkOf);
/** What is read: without the escapes. */
const plain = (text: string): string => text.replace(/\\([^\w\s])/gu, '$1');

describe('the report as a page', () => {
  it('has a row for each release, the worst score first, with its places as links and the safe version', () => {
    const of = (score: number, nearestFix: string) => assessed([finding({ score, nearestFix })]);
    const report = {
      ...cleanReport(),
      files: [
        {
          path: 'a.txt',
          requirements: [
            { ...pinned('six', '1.0', 0), outcome: of(9.1, '2.0') },
            { ...pinned('django', '3.2.0', 1), outcome: of(9.8, '3.2.5') },
          ],
          problems: [],
        },
        {
          path: 'b c.txt',
          requirements: [{ ...pinned('Django', '3.2.0', 4), outcome: of(9.8, '3.2.5') }],
          problems: [],
        },
      ],
    };
    const rows = plain(page(report))
      .split('\n')
      .filter((line) => line.startsWith('| critical'));
    assert.deepEqual(rows.slice(0, 2), [
      '| critical 9.8 | django 3.2.0 | 3.2.5 | 1 | [a.txt:2](/a.txt#L2), [b c.txt:5](/b%20c.txt#L5) |',
      '| critical 9.1 | six 1.0 | 2.0 (major) | 1 | [a.txt:1](/a.txt#L1) |',
    ]);
  });

  it('says first what the scan comes to, and when and on which data', () => {
    const [title, headline, totals] = plain(page(fullReport())).split('\n\n');
    assert.equal(title, '# Pinwatch report');
    assert.match(headline ?? '', /^\*\*[A-Z0-9].*incomplete.*\*\*$/u);
    assert.match(totals ?? '', /requirements in \d files?, .*Scanned 2026-11-21 12:00 UTC/u);
  });

  it('leaves out nothing that could not be checked, is ignored or was skipped', () => {
    const text = plain(page(fullReport()));
    for (const title of ['To fix', 'Could not be checked', 'Advisories', 'Ignored', 'Not assessed']) {
      assert.ok(text.includes(`\n## ${title}\n`), `${title} is not in\n${text}`);
    }
    assert.match(text, /\[CVE-2022-1\].*not reached \| 2027-01-31 \|/u);
  });

  it('shows foreign text as text, and makes no link of it', () => {
    const name = '[x](command:evil)|<b>';
    const report = {
      ...cleanReport(),
      files: [
        { path: name, requirements: [{ ...pinned(name, '1', 0), outcome: assessed([finding()]) }], problems: [] },
      ],
    };
    const text = reportPage(report, context, () => undefined);
    assert.doesNotMatch(text, /(?<!\\)\]\(command|<b>/u);
  });
});
