import assert from 'node:assert/strict';
import { remedyText } from '../../../../server/src/core/report/words/findingText.ts';
import { jsonReport } from '../../../../server/src/core/report/formats/json.ts';
import { plainText } from '../../../../server/src/core/text/plainText.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { reaches } from '../../../../server/src/core/advisories/severityOrder.ts';
import { textReport } from '../../../../server/src/core/report/formats/text.ts';
import { assessed, failed, finding, pinned } from '../../../support/builders.ts';
import { context as made } from '../../../support/reportFixture.ts';

const report: ScanReport = {
  source: { kind: 'osv', url: 'https://api.osv.dev' },
  files: [
    {
      path: 'requirements.txt',
      requirements: [
        { ...pinned('Django', '3.2.0', 0), outcome: assessed([finding()]) },
        { ...pinned('flask', '3.0', 1), outcome: assessed([]) },
        { ...pinned('six', '1.0', 3), outcome: failed() },
        {
          ...pinned('attrs', '>=20', 4),
          specifier: '>=20',
          version: null,
          outcome: { kind: 'skipped', reason: 'url', message: 'black is installed from a URL.' },
        },
      ],
      problems: [
        {
          range: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } },
          message: 'This is no requirement.',
          code: 'requirement.invalid',
          incomplete: false,
        },
      ],
    },
  ],
  statistics: {
    requests: { querybatch: 1, query: 0, vulns: 1 },
    retries: 0,
    cache: { hits: 0, misses: 3, hitRate: 0 },
    durationMs: 12,
  },
};

describe('reports', () => {
  it('puts the worst five of a requirement into words, and names the others', () => {
    const shown = (count: number): readonly string[] => {
      const findings = Array.from({ length: count }, (_, index) => finding({ id: `CVE-2020-${index + 1}` }));
      const requirements = [{ ...pinned('Django', '3.2.0'), outcome: assessed(findings) }];
      return textReport({ ...report, files: [{ path: 'a.txt', requirements, problems: [] }] })
        .split('\n')
        .filter((line) => line.startsWith('    '))
        .slice(1);
    };
    assert.equal(shown(6).length, 6);
    assert.deepEqual([shown(8).length, shown(8).at(-1)], [6, '    3 more: CVE-2020-6, CVE-2020-7, CVE-2020-8']);
  });

  it('puts findings, unread lines and failures into words, in the order of the file', () => {
    assert.equal(
      textReport(report),
      [
        'requirements.txt:1:9: Django 3.2.0 has 1 known vulnerability (critical 9.8, CVE-2021-35042)',
        '    Fix: django==3.2.5',
        '    CVE-2021-35042 (critical 9.8): SQL injection through order_by. Fixed in 3.2.5.',
        'requirements.txt:3:1: This is no requirement.',
        'requirements.txt:4:6: six 1.0 could not be checked (timeout: api.osv.dev did not answer within 30 s.)',
        'requirements.txt:5:8: attrs >=20 was not assessed (url: black is installed from a URL.)',
        '',
        '4 requirements in 1 file, 1 vulnerable (1 finding), 1 could not be checked, 1 not assessed. Advisories: https://api.osv.dev',
        'Result: 1 finding, and incomplete (1 of 4 requirements could not be checked, 1 of 4 requirements not assessed, 1 line or file not read).',
        '',
      ].join('\n'),
    );
  });

  it('says where the records of one vulnerability differ on the fix', () => {
    const fixesDisagree = [
      { record: 'GHSA-1', fixed: ['3.1.13'] },
      { record: 'PYSEC-1', fixed: ['3.2.5'] },
    ];
    assert.match(
      remedyText(finding({ fixesDisagree })),
      /^Fixed in 3\.1\.13, 3\.2\.5 \(its records differ on that\)\./u,
    );
  });

  it('writes JSON as the contract has it', () => {
    const json = JSON.parse(jsonReport(report, made)) as {
      files: { requirements: object[]; problems: object[] }[];
      summary: object;
    };
    assert.deepEqual(json.files[0]?.requirements[0], {
      name: 'Django',
      normalizedName: 'django',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 14,
      specifier: '==3.2.0',
      version: '3.2.0',
      outcome: 'assessed',
      reason: null,
      verdict: 'vulnerable',
      findings: [
        {
          id: 'CVE-2021-35042',
          aliases: ['GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109'],
          records: ['PYSEC-2021-109'],
          severity: 'critical',
          score: 9.8,
          vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          summary: 'SQL injection through order_by',
          fixedVersions: ['3.1.13', '3.2.5'],
          nearestFix: '3.2.5',
          url: 'https://osv.dev/vulnerability/PYSEC-2021-109',
          ignored: null,
        },
      ],
      policy: [],
    });
    assert.deepEqual(json.files[0]?.problems, [
      { line: 3, column: 1, endLine: 3, endColumn: 5, message: 'This is no requirement.', code: 'requirement.invalid' },
    ]);
    assert.deepEqual(json.summary, {
      files: 1,
      requirements: 4,
      assessed: 2,
      skipped: 1,
      failed: 1,
      vulnerable: 1,
      possiblyVulnerable: 0,
      findings: 1,
      ignored: 0,
      policy: 0,
    });
  });

  it('lets unknown and malicious count under every threshold', () => {
    assert.ok(reaches('unknown', 'critical'));
    assert.ok(reaches('malicious', 'critical'));
    assert.ok(!reaches('high', 'critical'));
    assert.ok(reaches('none', 'none'));
  });

  it('makes text from outside fit for one line', () => {
    assert.equal(plainText('a\u001b[31mb\r\nc\u202Ed\u200b'), 'a [31mb cd');
    assert.equal(plainText('😀😀😀', 4), '😀…');
  });
});
