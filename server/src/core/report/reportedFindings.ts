import type { AssessedRequirement } from '../assessment/requirement.ts';
import type { PolicyFinding } from '../assessment/policyFinding.ts';
import type { Finding } from '../assessment/finding.ts';
import type { Assessed } from '../assessment/outcome.ts';
import { quote } from '../text/quote.ts';
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

/** What the scan as a whole cannot vouch for, in words. */
export interface MissingNote {
  /** As programs call it. */
  readonly kind: 'unread' | 'unjudged' | 'unknownScope';
  readonly message: string;
}

/** What could not be read, what could not be checked by the rules, and scopes that are none. */
export function missingNotes({ unread = [], unjudged = [], unknownScopes = [] }: ScanReport): readonly MissingNote[] {
  return [
    ...unread.map((message) => ({ kind: 'unread' as const, message })),
    ...unjudged.map((message) => ({ kind: 'unjudged' as const, message })),
    ...unknownScopes.map((scope) => ({ kind: 'unknownScope' as const, message: unknownScopeText(scope) })),
  ];
}

/** A sentence. */
export function unknownScopeText(scope: string): string {
  return `No requirement is in the scope ${quote(scope)}.`;
}
