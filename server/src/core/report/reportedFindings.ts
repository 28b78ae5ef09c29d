import type { AssessedRequirement } from '../assessment/requirement.ts';
import type { PolicyFinding } from '../assessment/policyFinding.ts';
import type { Finding } from '../assessment/finding.ts';
import type { Assessed } from '../assessment/outcome.ts';
import type { ScanReport } from './scanReport.ts';

/** One finding with the requirement and the file that it is about. */
export interface ReportedFinding {
  readonly path: string;
  readonly requirement: AssessedRequirement;
  readonly verdict: Assessed['verdict'];
  readonly finding: Finding;
}

/** Every finding, the ignored ones too, in the order of the files. */
export function reportedFindings({ files }: ScanReport): readonly ReportedFinding[] {
  return files.flatMap(({ path, requirements }) =>
    requirements.flatMap((requirement) => {
      const { outcome } = requirement;
      return outcome.kind === 'assessed'
        ? outcome.findings.map((finding) => ({ path, requirement, verdict: outcome.verdict, finding }))
        : [];
    }),
  );
}

/** One finding of the user's rules, with the requirement and the file that it is about. */
export interface ReportedPolicy {
  readonly path: string;
  readonly requirement: AssessedRequirement;
  readonly finding: PolicyFinding;
}

/** Every finding of the user's rules, in the order of the files. */
export function reportedPolicies({ files }: ScanReport): readonly ReportedPolicy[] {
  return files.flatMap(({ path, requirements }) =>
    requirements.flatMap((requirement) =>
      (requirement.policy ?? []).map((finding) => ({ path, requirement, finding })),
    ),
  );
}

/** What could not be read, and what could not be checked by the rules, in words. */
export function missingText({ unread = [], unjudged = [] }: ScanReport): readonly string[] {
  return [...unread, ...unjudged];
}
