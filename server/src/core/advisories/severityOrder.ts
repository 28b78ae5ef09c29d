import type { Severity } from './advisory.ts';

/**
 * How bad, as a number to sort and compare by. `unknown` stands with medium: it must neither drown the list nor hide
 * below a threshold.
 */
export const severityRank: Readonly<Record<Severity, number>> = {
  none: 0,
  low: 1,
  unknown: 2,
  medium: 2,
  high: 3,
  critical: 4,
  malicious: 5,
};

/** Whether a finding counts under a threshold. Malicious and unknown always do. */
export function reaches(severity: Severity, threshold: Exclude<Severity, 'unknown' | 'malicious'>): boolean {
  return severity === 'unknown' || severity === 'malicious' || severityRank[severity] >= severityRank[threshold];
}

/** Worst first. */
export function compareSeverities(a: Severity, b: Severity): number {
  return severityRank[b] - severityRank[a];
}
