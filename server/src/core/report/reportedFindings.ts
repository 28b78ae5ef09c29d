import type { AssessedRequirement } from '../assessment/requirement.ts';
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
