import assert from 'node:assert/strict';
import type { Advisory, AffectedPackage, SeverityVector } from '../../../../server/src/core/advisories/advisory.ts';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { foldFindings } from '../../../../server/src/core/assessment/findings.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { advisory } from '../advisories/advisoryBuilder.ts';
import { sharedRows } from '../versions/sharedRows.ts';

const name = normalizeName('jinja2');
const critical: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' };
const low: SeverityVector = { type: 'CVSS_V3', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N' };

describe('foldFindings', () => {
  it('makes one finding of twins, with the best that each of them knows', () => {
    const findings = foldFindings(name, [
      match({
        id: 'PYSEC-2021-66',
        aliases: ['CVE-2020-28493'],
        summary: 'From PyPA',
        published: '2021-02-01T00:00:00Z',
        modified: '2023-01-01T00:00:00.5Z',
        cwes: ['CWE-1333'],
        affected: [fixedIn('2.11.3')],
      }),
      match({
        id: 'GHSA-g3rq-g295-4j3m',
        aliases: ['CVE-2020-28493', 'SNYK-1'],
        summary: 'ReDoS in Jinja2',
        published: 'lately',
        modified: '2022-01-01T00:00:00Z',
        cwes: ['CWE-400', 'CWE-1333'],
        severities: [low, critical],
        affected: [fixedIn('2.11.10'), fixedIn('3.0'), fixedIn('99', 'other')],
      }),
    ]);
    assert.deepEqual(findings, [
      {
        id: 'CVE-2020-28493',
        aliases: ['GHSA-g3rq-g295-4j3m', 'PYSEC-2021-66', 'SNYK-1'],
        records: ['GHSA-g3rq-g295-4j3m', 'PYSEC-2021-66'],
        severity: 'critical',
        score: 9.8,
        vector: critical.vector,
        summary: 'ReDoS in Jinja2',
        fixedVersions: ['2.11.3', '2.11.10', '3.0'],
        nearestFix: undefined,
        fixesDisagree: [
          { record: 'GHSA-g3rq-g295-4j3m', fixed: ['2.11.10', '3.0'] },
          { record: 'PYSEC-2021-66', fixed: ['2.11.3'] },
        ],
        url: 'https://osv.dev/vulnerability/GHSA-g3rq-g295-4j3m',
        missingDetails: [],
        cwes: ['CWE-400', 'CWE-1333'],
        published: '2021-02-01T00:00:00Z',
        modified: '2023-01-01T00:00:00.5Z',
      },
    ]);
  });

  it('shows the id that users know best', () => {
    for (const [aliases, id] of [
      [['GHSA-b', 'CVE-2', 'CVE-1', 'SNYK-1'], 'CVE-1'],
      [['GHSA-b', 'GHSA-a'], 'GHSA-a'],
      [['SNYK-1', 'A-1'], 'PYSEC-1'],
    ] as const) {
      assert.equal(foldFindings(name, [match({ id: 'PYSEC-1', aliases })])[0]?.id, id);
    }
    assert.equal(foldFindings(name, [match({ id: 'X-1', aliases: ['A-1'] })])[0]?.id, 'A-1');
  });

  it('calls a malicious release malicious, whichever record says so', () => {
    const [finding] = foldFindings(name, [
      match({ id: 'PYSEC-1', aliases: ['CVE-1', 'MAL-1'], severities: [low], summary: 'Two releases' }),
    ]);
    assert.deepEqual(
      [finding?.id, finding?.severity, finding?.score, finding?.vector, finding?.url],
      ['MAL-1', 'malicious', null, null, 'https://osv.dev/vulnerability/PYSEC-1'],
    );
    const [other] = foldFindings(name, [match({ id: 'PYSEC-1', aliases: ['MAL-1'] }), match({ id: 'MAL-1' })]);
    assert.deepEqual([other?.severity, other?.url], ['malicious', 'https://osv.dev/vulnerability/MAL-1']);
  });

  it('links to a record that OSV has, not to an alias', () => {
    const [finding] = foldFindings(name, [match({ id: 'PYSEC-1', aliases: ['CVE-1', 'GHSA-1'] })]);
    assert.equal(finding?.url, 'https://osv.dev/vulnerability/PYSEC-1');
  });

  it('lets a record without details stand', () => {
    const [finding] = foldFindings(name, [{ id: 'GHSA-1' }]);
    assert.deepEqual(finding, {
      id: 'GHSA-1',
      aliases: [],
      records: ['GHSA-1'],
      severity: 'unknown',
      score: null,
      vector: null,
      summary: '',
      fixedVersions: [],
      nearestFix: undefined,
      fixesDisagree: [],
      url: 'https://osv.dev/vulnerability/GHSA-1',
      missingDetails: ['GHSA-1'],
    });
    const [joined] = foldFindings(name, [
      { id: 'GHSA-1' },
      match({ id: 'PYSEC-1', aliases: ['GHSA-1'], label: 'low' }),
    ]);
    assert.deepEqual([joined?.id, joined?.severity, joined?.missingDetails], ['GHSA-1', 'low', ['GHSA-1']]);
  });

  it('leaves withdrawn records out, and what only they say', () => {
    const withdrawn = '2024-01-01T00:00:00Z';
    assert.deepEqual(foldFindings(name, [match({ id: 'GHSA-1', withdrawn })]), []);
    const findings = foldFindings(name, [
      match({ id: 'GHSA-1', withdrawn, aliases: ['CVE-1', 'CVE-2'], severities: [critical] }),
      match({ id: 'PYSEC-1', aliases: ['CVE-1'] }),
      match({ id: 'PYSEC-2', aliases: ['CVE-2'] }),
    ]);
    assert.deepEqual(
      findings.map(({ id, severity }) => [id, severity]),
      [
        ['CVE-1', 'unknown'],
        ['CVE-2', 'unknown'],
      ],
    );
  });

  it('puts the worst first, then goes by id', () => {
    const findings = foldFindings(name, [
      match({ id: 'GHSA-e', severities: [low] }),
      match({ id: 'GHSA-d' }),
      match({ id: 'GHSA-c', label: 'medium' }),
      match({ id: 'GHSA-b', severities: [critical] }),
      match({ id: 'GHSA-a', severities: [critical] }),
      match({ id: 'MAL-1' }),
    ]);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['MAL-1', 'GHSA-a', 'GHSA-b', 'GHSA-c', 'GHSA-d', 'GHSA-e'],
    );
  });

  it('takes fixed versions that are versions, equal ones once', () => {
    const [finding] = foldFindings(name, [
      match({
        id: 'A-1',
        affected: ['1.10', '1.9', '1.10.0', '7.2.0-12.1', 'deadbeef', '1.9rc1'].map((v) => fixedIn(v)),
      }),
    ]);
    assert.deepEqual(finding?.fixedVersions, ['1.9rc1', '1.9', '1.10']);
  });

  it('makes of all shared records of a package as many findings as there are alias groups', function () {
    const django = normalizeName('django');
    const matches = ['records', 'derived-ghsa'].flatMap((file) =>
      sharedRows(this, `osv-pypi/${file}.jsonl.gz`).flatMap((json) => {
        const { advisory: decoded } = decodeOsv(json);
        return decoded?.affected.some((entry) => entry.name === django) === true
          ? [{ id: decoded.id, advisory: decoded }]
          : [];
      }),
    );
    const findings = foldFindings(django, matches);
    const live = matches.filter((one) => one.advisory.withdrawn === undefined);
    assert.ok(findings.length > 100 && findings.length < live.length);
    assert.deepEqual(findings.flatMap(({ records }) => records).sort(), live.map(({ id }) => id).sort());
    // No id may stand in two groups.
    const ids = findings.flatMap(({ id, aliases }) => [id, ...aliases]);
    assert.equal(new Set(ids).size, ids.length);
  });
});

function match(parts: Partial<Advisory> & Pick<Advisory, 'id'>): { readonly id: string; readonly advisory: Advisory } {
  return { id: parts.id, advisory: advisory(parts) };
}

function fixedIn(version: string, packageName = 'jinja2'): AffectedPackage {
  return {
    name: normalizeName(packageName),
    versions: [],
    ranges: [
      [
        { kind: 'introduced', version: '0' },
        { kind: 'fixed', version },
      ],
    ],
  };
}
