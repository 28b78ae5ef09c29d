import type { Finding } from '../core/assessment/finding.ts';
import { compareVersions, parseVersion, type Version } from '../core/versions/version.ts';

/**
 * The version that leaves every one of these vulnerabilities behind: the highest of their nearest fixes. `undefined` where
 * one of them has none, so that no half a remedy is offered as a whole one.
 */
export function lineFix(findings: readonly Finding[]): string | undefined {
  const fixes = findings.map(({ nearestFix }) => (nearestFix === undefined ? undefined : parseVersion(nearestFix)));
  return fixes.every((fix) => fix !== undefined) ? highest(fixes)?.normal : undefined;
}

function highest(versions: readonly Version[]): Version | undefined {
  return [...versions].sort(compareVersions).at(-1);
}
