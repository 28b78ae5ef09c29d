import type { FindingsParams } from '../../../protocol/messages/findings.ts';
import type { FindingSeverity, SeverityCounts } from '../../../protocol/messages/severity.ts';

/** Vulnerable requirements, not what a range only allows, by the worst severity of each. */
export function worstSeverities({ vulnerable }: Pick<FindingsParams, 'vulnerable'>): SeverityCounts {
  const counts: Partial<Record<FindingSeverity, number>> = {};
  for (const { severity, verdict } of vulnerable) {
    if (verdict === 'vulnerable') {
      counts[severity] = (counts[severity] ?? 0) + 1;
    }
  }
  return counts;
}
