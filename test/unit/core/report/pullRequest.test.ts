import assert from 'node:assert/strict';
import { githubReport } from '../../../../server/src/core/report/formats/github.ts';
import { markdownReport } from '../../../../server/src/core/report/formats/markdown.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { assessed, failed, finding, pinned } from '../../../support/builders.ts';
import { cleanReport, fullReport } from '../../../support/reportFixture.ts';

const hostileName = 'a|b\n::error::x,y:%@you<b>';
const hostile: ScanReport = {
  ...cleanReport(),
  files: [
    {
      path: 'a,b:c%.txt',
      requirements: [
        {
          ...pinned('x', '1'),
          name: hostileName,
          outcome: assessed([
            finding({
              summary: '50% | [x](https://evil.example) ![i](http://e/x.png) @you #12\n::error::pwned',
              url: 'javascript:x',
            }),
          ]),
        },
      ],
      problems: [],
    },
  ],
};

describe('GitHub annotations', () => {
  const commands = (report: ScanReport): readonly string[] =>
    githubReport(report)
      .split('\n')
      .filter((line) => line.startsWith('::'));

  it('put the worst first, at their places', () => {
    const lines = commands(fullReport());
    assert.deepEqual(
      lines.map((line) => /^::(\w+) .*title=([^,:]+)/u.exec(line)?.slice(1)),
      [
        ['error', 'MAL-2024-1'],
        ['error', 'CVE-2021-35042'],
        ['warning', 'Pinwatch%3A incomplete'],
        ['notice', 'Pinwatch%3A not checked (timeout)'],
        ['notice', 'Pinwatch%3A not checked (requirement.invalid)'],
        ['notice', 'Pinwatch%3A not read'],
        ['warning', 'Pinwatch%3A ignore.unused'],
        ['notice', 'CVE-2024-22195'],
        ['notice', 'CVE-2022-1'],
      ],
    );
    assert.ok(
      lines[1]?.startsWith(
        '::error file=app/requirements dev.txt,line=1,endLine=1,col=9,endColumn=14,title=CVE-2021-35042::',
      ),
    );
  });

  for (const [severity, level] of [
    ['malicious', 'error'],
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['unknown', 'warning'],
    ['low', 'notice'],
    ['none', 'notice'],
  ] as const) {
    it(`are of level ${level} for ${severity}`, () => {
      const [line] = commands({
        ...cleanReport(),
        files: [
          {
            path: 'r.txt',
            requirements: [{ ...pinned('a', '1'), outcome: assessed([finding({ severity })]) }],
            problems: [],
          },
        ],
      });
      assert.ok(line?.startsWith(`::${level} `), line);
    });
  }

  it('let foreign text begin no command and no property', () => {
    const text = githubReport(hostile);
    assert.equal(commands(hostile).length, 1);
    assert.ok(text.startsWith('::error file=a%2Cb%3Ac%25.txt,line=1,'));
    assert.ok(text.includes('50%25'));
  });

  it('are none where all is clean', () => {
    assert.deepEqual(commands(cleanReport()), []);
    assert.match(githubReport(cleanReport()), /^1 requirement in 1 file, 0 vulnerable/u);
  });
});

describe('Markdown', () => {
  const heading = (report: ScanReport): string | undefined => markdownReport(report).split('\n')[0];

  it('heads with what matters', () => {
    assert.equal(
      heading(fullReport()),
      '## Pinwatch: 3 findings, and incomplete (1 of 6 requirements could not be checked, 1 of 6 requirements not assessed, 2 lines or files not read)',
    );
    assert.equal(heading(cleanReport()), '## Pinwatch: no known vulnerabilities (1 of 1 assessed)');
    assert.equal(heading({ ...cleanReport(), unread: ['x'] }), '## Pinwatch: incomplete (1 line or file not read)');
    assert.equal(heading({ ...cleanReport(), files: [] }), '## Pinwatch: nothing to scan');
    const file = (outcome: ReturnType<typeof assessed> | ReturnType<typeof failed>) => ({
      ...cleanReport(),
      files: [{ path: 'r.txt', requirements: [{ ...pinned('a', '1'), outcome }], problems: [] }],
    });
    assert.equal(
      heading(file(failed())),
      '## Pinwatch: incomplete, nothing was assessed (1 of 1 requirement could not be checked)',
    );
    const ignored = finding({ ignored: { reason: 'x', until: null } });
    assert.equal(heading(file(assessed([ignored]))), '## Pinwatch: only ignored findings (1 of 1 assessed)');
  });

  it('has a table of findings, worst first, then what could not be checked, is ignored, was not assessed', () => {
    const text = markdownReport(fullReport());
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    assert.deepEqual(
      rows.map((row) => row.split(' | ')[0]?.replaceAll('\\', '')),
      [
        '| Severity',
        '| ---',
        '| malicious',
        '| critical 9.8',
        '| high 7.5 (possibly)',
        '| Where',
        '| ---',
        '| app/requirements dev.txt:4',
        '| app/requirements dev.txt:3',
        '| ',
        '| Severity',
        '| ---',
        '| medium',
        '| Where',
        '| ---',
        '| osv-scanner.toml:2',
        '| Where',
        '| ---',
        '| app/requirements dev.txt:6',
      ],
    );
    assert.ok(text.includes('[CVE\\-2021\\-35042](https://osv.dev/vulnerability/PYSEC-2021-109)'));
  });

  it('says first what to change, one row for each requirement, where the findings are many', () => {
    const many = Array.from({ length: 9 }, (_, at) =>
      finding({ id: `CVE-2020-${at}`, severity: 'low', nearestFix: '2.0' }),
    );
    const worst = finding({ id: 'MAL-2024-1', severity: 'malicious', score: null, nearestFix: undefined });
    const requirements = [
      { ...pinned('a', '1'), outcome: assessed(many) },
      { ...pinned('b', '1', 1), outcome: assessed([worst]) },
    ];
    const text = markdownReport({ ...cleanReport(), files: [{ path: 'r.txt', requirements, problems: [] }] });
    const rows = text.split('\n').map((line) => line.replaceAll('\\', ''));
    assert.deepEqual(rows.slice(2, 6), [
      '| Worst | Package | Where | Advisories | Safe version |',
      '| --- | --- | --- | --- | --- |',
      '| malicious | b 1 | r.txt:2 | 1 | remove it |',
      '| low 9.8 | a 1 | r.txt:1 | 9 | 2.0 |',
    ]);
    assert.ok(rows.indexOf('### Every advisory') === 7);
  });

  it('lets foreign text make no cell, link, image, mention or markup', () => {
    const text = markdownReport(hostile);
    const row = text.split('\n').find((line) => line.startsWith('| critical')) ?? assert.fail(text);
    assert.equal(row.split(/(?<!\\)\|/u).length, 7);
    for (const bad of ['](', '![', '<b>', '@you', 'javascript:x', '\n::error']) {
      assert.ok(!text.includes(bad), bad);
    }
  });

  for (const [findings, leftOut] of [
    [1, /… and 1940 more\./u],
    [2, /… and 1960 more\.[^]*… and 3960 more\./u],
  ] as const)
    it(`stays within what GitHub takes for a comment, and says how much it left out: ${findings} each`, () => {
      const requirements = Array.from({ length: 2000 }, (_, line) => ({
        ...pinned(`p${line}${'.'.repeat(200)}`, '1', line),
        outcome: assessed(
          Array.from({ length: findings }, () =>
            finding({ fixedVersions: Array.from({ length: 50 }, (_value, minor) => `1.${minor}`) }),
          ),
        ),
      }));
      const text = markdownReport({
        ...cleanReport(),
        files: [{ path: `${'.'.repeat(300)}`, requirements, problems: [] }],
      });
      assert.ok(text.length < 65_536, String(text.length));
      assert.match(text, leftOut);
      assert.match(text, /2000 vulnerable/u);
    });
});
