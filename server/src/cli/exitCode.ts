import type { Severity } from '../core/advisories/advisory.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import { type FileReport, isIgnored, isRemark } from '../core/report/scanReport.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
import type { FailOn } from './failOn.ts';

/** The exit codes of the contract. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3, nothingToScan: 4 } as const;

/** Findings win over "incomplete", "incomplete" wins over clean: an unchecked line is never success. */
export function exitCodeFor(files: readonly FileReport[], failOn: FailOn, incomplete: boolean): number {
  const outcomes = files.flatMap((file) => file.requirements.map((requirement) => requirement.outcome));
  const severities = outcomes.flatMap((outcome) => (outcome.kind === 'assessed' ? severitiesOf(outcome) : []));
  if (severities.some((severity) => failOn !== 'none' && (failOn === 'any' || reaches(severity, failOn)))) {
    return exitCodes.findings;
  }
  const unread = files.some((file) => !file.problems.every(isRemark));
  if (incomplete || unread || outcomes.some((outcome) => outcome.kind === 'failed')) {
    return exitCodes.incomplete;
  }
  return files.every((file) => file.requirements.length === 0) ? exitCodes.nothingToScan : exitCodes.clean;
}

/** An ignored finding does not count. A range that only admits vulnerable releases counts as low: an installer takes the newest release as a rule. */
function severitiesOf({ verdict, findings }: Assessed): readonly Severity[] {
  return findings
    .filter((finding) => !isIgnored(finding))
    .map(({ severity }) => (verdict === 'possiblyVulnerable' && severity !== 'malicious' ? 'low' : severity));
}
