import type { FileReport } from '../core/report/scanReport.ts';
import { reaches } from '../core/report/severityOrder.ts';
import type { FailOn } from './args.ts';

/** The exit codes of the contract. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, incomplete: 3, nothingToScan: 4 } as const;

/** Findings win over "incomplete", "incomplete" wins over clean: an unchecked line is never success. */
export function exitCodeFor(files: readonly FileReport[], failOn: FailOn, incomplete: boolean): number {
  const outcomes = files.flatMap((file) => file.requirements.map((requirement) => requirement.outcome));
  const findings = outcomes.flatMap((outcome) => (outcome.kind === 'assessed' ? outcome.findings : []));
  if (findings.some((finding) => failOn !== 'none' && (failOn === 'any' || reaches(finding.severity, failOn)))) {
    return exitCodes.findings;
  }
  const unread = files.some((file) => file.problems.length > 0);
  if (incomplete || unread || outcomes.some((outcome) => outcome.kind === 'failed')) {
    return exitCodes.incomplete;
  }
  return files.every((file) => file.requirements.length === 0) ? exitCodes.nothingToScan : exitCodes.clean;
}
