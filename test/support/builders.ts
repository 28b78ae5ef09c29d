import type { PlacedRequirement } from '../../server/src/core/assessment/requirement.ts';
import type { Finding } from '../../server/src/core/assessment/finding.ts';
import type { Assessed, Failed } from '../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';

/** An ordinary instant for fake clocks; never zero, which some libraries take for "no time". */
export const noon = Date.UTC(2026, 10, 21, 12);

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'CVE-2021-35042',
    aliases: ['GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109'],
    records: ['PYSEC-2021-109'],
    severity: 'critical',
    score: 9.8,
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    summary: 'SQL injection through order_by',
    fixedVersions: ['3.1.13', '3.2.5'],
    nearestFix: '3.2.5',
    fixesDisagree: [],
    url: 'https://osv.dev/vulnerability/PYSEC-2021-109',
    missingDetails: [],
    ...changes,
  };
}

export function assessed(findings: readonly Finding[], checkedAt = noon): Assessed {
  const fix = { nearest: '3.2.5', latest: '3.2.5', verified: false, passedOver: [] };
  return findings.length === 0
    ? { kind: 'assessed', verdict: 'clean', findings, checkedAt }
    : { kind: 'assessed', verdict: 'vulnerable', findings, fix, checkedAt };
}

export function failed(changes: Partial<Failed> = {}): Failed {
  return { kind: 'failed', reason: 'timeout', message: 'api.osv.dev did not answer within 30 s.', ...changes };
}

/** `name==version` at the start of a line. */
export function pinned(name: string, version: string, line = 0): PlacedRequirement {
  const at = (start: number, end: number) => ({ start: { line, character: start }, end: { line, character: end } });
  const versionStart = name.length + 2;
  return {
    name,
    normalizedName: normalizeName(name),
    range: at(0, versionStart + version.length),
    tokenRange: at(versionStart, versionStart + version.length),
    nameRange: at(0, name.length),
    specifier: `==${version}`,
    version,
    subject: { kind: 'lookup', lookup: { name: normalizeName(name), version } },
  };
}
