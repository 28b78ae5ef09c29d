/**
 * A handful of OSV records for tests of the whole way. Ids, ranges and vectors are those of real advisories, cut down to
 * what the tests look at; the words are ours.
 */
export const demoRecords: readonly Record<string, unknown>[] = [
  // One vulnerability, two records: only the GHSA one has a severity.
  demoRecord('PYSEC-2021-109', 'django', [{ introduced: '3.2' }, { fixed: '3.2.5' }], {
    aliases: ['CVE-2021-35042', 'GHSA-xpfp-f569-q3p2'],
    summary: 'order_by() lets untrusted input into SQL',
  }),
  demoRecord('GHSA-xpfp-f569-q3p2', 'django', [{ introduced: '3.2' }, { fixed: '3.2.5' }], {
    aliases: ['CVE-2021-35042', 'PYSEC-2021-109'],
    summary: 'order_by() lets untrusted input into SQL',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  }),
  demoRecord('PYSEC-2018-28', 'requests', [{ introduced: '0' }, { fixed: '2.20.0' }], {
    aliases: ['CVE-2018-18074'],
    summary: 'The Authorization header follows a redirect to plain http',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
  }),
  demoRecord('PYSEC-2023-74', 'requests', [{ introduced: '2.3.0' }, { fixed: '2.31.0' }], {
    aliases: ['CVE-2023-32681'],
    summary: 'The Proxy-Authorization header reaches the destination',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N' }],
  }),
];

function demoRecord(
  id: string,
  name: string,
  events: readonly Readonly<Record<string, string>>[],
  rest: object,
): Record<string, unknown> {
  return {
    id,
    modified: '2026-01-02T03:04:05Z',
    published: '2021-07-02T10:15:00Z',
    schema_version: '1.7.5',
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    ...rest,
  };
}
