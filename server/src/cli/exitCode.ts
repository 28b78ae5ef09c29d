import type { Severity } from '../core/advisories/advisory.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import { isIncomplete } from '../core/report/reportCoverage.ts';
import { isOpen, type ScanReport } from '../core/report/scanReport.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
import { exitCodes } from './exitCodes.ts';
import type { FailOn } from './arguments/failOn.ts';

/** Findings win over "incomplete", "incomplete" wins over clean: nothing that the report cannot vouch for is success. */
export function exitCodeFor(report: ScanReport, failOn: FailOn): number {
  const requirements = report.files.flatMap((file) => file.requirements);
  const severities = requirements.flatMap(({ outcome }) => (outcome.kind === 'assessed' ? severitiesOf(outcome) : []));
  const hasErrors = requirements.some(({ policy = [] }) =>
    policy.some(({ level, known }) => level === 'error' && known !== true),
  );
  if (hasErrors && failOn !== 'none') {
    return exitCodes.findings;
  }
  if (severities.some((severity) => failOn !== 'none' && (failOn === 'any' || reaches(severity, failOn)))) {
    return exitCodes.findings;
  }
  if (isIncomplete(report)) {
    return exitCodes.incomplete;
  }
  return requirements.length === 0 ? exitCodes.nothingToScan : exitCodes.clean;
}

/** An ignored finding does not count. A range that only allows vulnerable releases counts as low: an installer takes the newest release as a rule. */
function severitiesOf({ verdict, findings }: Assessed): readonly Severity[] {
  return findings
    .filter(isOpen)
    .map(({ severity }) => (verdict === 'possiblyVulnerable' && severity !== 'malicious' ? 'low' : severity));
}
