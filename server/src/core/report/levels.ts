import type { PolicyLevel } from '../assessment/policyFinding.ts';
import type { ReportedFinding } from './reportedFindings.ts';

export type Level = 'error' | 'warning' | 'note';

/**
 * How loud a finding is where a format knows three levels. What only may be vulnerable and what is ignored is a note;
 * a malicious package stays a warning even then.
 */
export function levelOf({ finding, verdict }: Pick<ReportedFinding, 'finding' | 'verdict'>): Level {
  if (finding.ignored !== undefined) {
    return finding.severity === 'malicious' ? 'warning' : 'note';
  }
  if (finding.known === true) {
    return 'note';
  }
  switch (finding.severity) {
    case 'malicious':
      return 'error';
    case 'critical':
    case 'high':
      return verdict === 'possiblyVulnerable' ? 'note' : 'error';
    case 'medium':
    case 'unknown':
      return verdict === 'possiblyVulnerable' ? 'note' : 'warning';
    case 'low':
    case 'none':
      return 'note';
  }
}

/** The same for a finding of the user's rules. */
export function policyLevel({ level, known }: { readonly level: PolicyLevel; readonly known?: true }): Level {
  return known === true || level === 'information' || level === 'hint' ? 'note' : level;
}
