import { compareSeverities } from '../advisories/severityOrder.ts';
import type { ReportedFinding } from './reportedFindings.ts';
import { isOpen } from './scanReport.ts';

/** What counts, then by severity and score; what only may be comes last of equals. What is equally bad stays in its order. */
export function worstFirst(
  { finding: a, verdict: atA }: ReportedFinding,
  { finding: b, verdict: atB }: ReportedFinding,
): number {
  return (
    Number(isOpen(b)) - Number(isOpen(a)) ||
    compareSeverities(a.severity, b.severity) ||
    (b.score ?? 0) - (a.score ?? 0) ||
    Number(atA === 'possiblyVulnerable') - Number(atB === 'possiblyVulnerable')
  );
}
