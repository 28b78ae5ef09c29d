import type { ScanReport } from '../../server/src/core/report/scanReport.ts';
import { assessed, finding, pinned } from './builders.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { fullReport } from './reportFixture.ts';

const flask = normalizeName('flask');

/** One of each thing that a report can say: with a baseline, rules, licences, VEX documents and a stranger's texts. */
export function mixedReport(): ScanReport {
  const full = fullReport();
  const hostile = '| <b>::error::\u001b[31m `x` ]]> [a](http://e) @all #1 \u202e%0A';
  return {
    ...full,
    scanId: 'scan-1',
    hasBaseline: true,
    skippedPaths: [{ path: 'build', reason: 'ignored by git' }],
    unjudged: ['The rules could not be checked for 1 licence: it was not asked.'],
    freshness: { dataAgeSeconds: 86_400, maxDataAgeDays: 7 },
    files: [
      ...full.files,
      {
        path: 'uv.lock',
        kind: 'uv.lock',
        requirements: [
          {
            ...pinned('werkzeug', '0.16', 20),
            scope: 'lock',
            requiredBy: {
              parents: [flask],
              chain: [flask],
              again: 'uv lock --upgrade-package werkzeug',
            },
            outcome: assessed([finding({ id: 'CVE-2024-34069', fixedVersions: ['3.0.3'], nearestFix: '3.0.3' })]),
            raise: {
              raise: { kind: 'raise', name: flask, version: '2.3.3', allows: '3.0.3', along: [flask] },
              text: 'flask 2.3.3 is the nearest version that allows it. Raise it. Run: uv lock --upgrade-package flask --upgrade-package werkzeug.',
            },
          },
        ],
        problems: [],
      },
      {
        path: '../app/r|eq<s>.txt',
        requirements: [
          {
            ...pinned('requests', '2.19.0', 0),
            licence: { expression: 'Apache-2.0', classifiers: [] },
            policy: [
              { code: 'policy-license', level: 'error', message: 'Apache-2.0 is not allowed.', license: 'Apache-2.0' },
              { code: 'policy-yanked', level: 'warning', message: hostile, known: true },
              { code: 'license-unknown', level: 'information', message: 'Not known.' },
            ],
            outcome: assessed([
              finding({ id: 'CVE-2018-18074', severity: 'high', score: 7.5, known: true }),
              finding({
                id: 'CVE-2024-35195',
                aliases: [],
                severity: 'medium',
                score: 5.6,
                summary: hostile,
                cwes: ['CWE-670'],
                published: '2024-05-20T20:15:00Z',
                modified: '2024-06-10T18:31:00Z',
              }),
              finding({
                id: 'CVE-2023-32681',
                aliases: [],
                severity: 'medium',
                score: 6.1,
                ignored: {
                  reason: 'vulnerable_code_not_present: no proxy',
                  until: null,
                  vex: { status: 'not_affected', justification: 'vulnerable_code_not_present', impact: 'no proxy' },
                },
              }),
            ]),
          },
          {
            ...pinned('jinja2', '>=2,<4', 1),
            specifier: '>=2,<4',
            version: null,
            outcome: {
              ...assessed([
                finding({
                  id: 'CVE-2024-22195',
                  aliases: [],
                  severity: 'medium',
                  score: 5.4,
                  admitted: '2 up to before 3.1.3',
                  affectedRange: 'vers:pypi/>=2|<3.1.3',
                  nearestFix: '3.1.6',
                  fixedVersions: ['3.1.3'],
                }),
              ]),
              verdict: 'possiblyVulnerable',
              fix: {
                nearest: '3.1.6',
                latest: '3.1.6',
                verified: true,
                passedOver: [],
                change: { kind: 'floor', version: '3.1.6' },
              },
            },
          },
        ],
        problems: [],
      },
    ],
  };
}
