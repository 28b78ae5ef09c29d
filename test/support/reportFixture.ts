import type { PlacedProblem } from '../../server/src/core/text/position.ts';
import type { ScanReport } from '../../server/src/core/report/scanReport.ts';
import { assessed, failed, finding, pinned } from './builders.ts';

export const context = { tool: { name: 'pinwatch', version: '1.2.3' }, time: '2026-11-21T12:00:00.000Z' };

function problemAt(line: number, code: string, message: string): PlacedProblem {
  return {
    range: { start: { line, character: 0 }, end: { line, character: 4 } },
    message,
    code,
    incomplete: false,
  };
}

const statistics = {
  requests: { querybatch: 1, query: 0, vulns: 2 },
  retries: 0,
  cache: { hits: 1, misses: 3, hitRate: 0.25 },
  durationMs: 1500,
};

/** Something of everything: open, ignored, malicious, possible, failed, skipped, unreadable. */
export function fullReport(changes: Partial<ScanReport> = {}): ScanReport {
  return {
    source: { kind: 'osv', url: 'https://api.osv.dev' },
    files: [
      {
        path: 'app/requirements dev.txt',
        requirements: [
          {
            ...pinned('Django', '3.2.0', 0),
            outcome: assessed([
              finding(),
              finding({
                id: 'CVE-2022-1',
                aliases: [],
                records: ['PYSEC-2022-1'],
                severity: 'medium',
                score: null,
                vector: null,
                fixedVersions: [],
                nearestFix: undefined,
                ignored: { reason: 'not reached', until: '2027-01-31' },
              }),
            ]),
          },
          { ...pinned('flask', '3.0', 1), outcome: assessed([]) },
          { ...pinned('six', '1.0', 3), outcome: failed({ lastKnown: assessed([finding({ id: 'CVE-2020-9' })]) }) },
          {
            ...pinned('evil', '1.0+x', 4),
            outcome: assessed([
              finding({
                id: 'MAL-2024-1',
                aliases: [],
                records: ['MAL-2024-1'],
                severity: 'malicious',
                score: null,
                vector: null,
                fixedVersions: [],
                nearestFix: undefined,
              }),
            ]),
          },
          {
            ...pinned('attrs', '>=20', 5),
            specifier: '>=20',
            version: null,
            outcome: { kind: 'skipped', reason: 'private', message: 'attrs is private.' },
          },
          {
            ...pinned('jinja2', '>=2', 6),
            specifier: '>=2',
            version: null,
            outcome: {
              kind: 'assessed',
              verdict: 'possiblyVulnerable',
              findings: [
                finding({ id: 'CVE-2024-22195', severity: 'high', score: 7.5, affectedRange: 'vers:pypi/>=2|<3.1.3' }),
              ],
              checkedAt: 0,
            },
          },
        ],
        problems: [problemAt(2, 'requirement.invalid', 'This is no requirement.')],
      },
    ],
    ignoreFiles: [
      {
        path: 'osv-scanner.toml',
        problems: [problemAt(1, 'ignore.unused', 'The ignore of CVE-1 matched no finding.')],
      },
    ],
    unread: ['"locked.txt" could not be read (EACCES).'],
    statistics,
    ...changes,
  };
}

/** Everything checked, nothing found. */
export function cleanReport(): ScanReport {
  return fullReport({
    files: [
      { path: 'requirements.txt', requirements: [{ ...pinned('flask', '3.0'), outcome: assessed([]) }], problems: [] },
    ],
    ignoreFiles: [],
    unread: [],
  });
}
