import type { FindingSeverity, SeverityCounts } from '../../../protocol/messages/severity.ts';
import type { Translate } from './translate.ts';

/** Worst first. */
export const severities: readonly FindingSeverity[] = [
  'malicious',
  'critical',
  'high',
  'medium',
  'unknown',
  'low',
  'none',
];

export function severityText(severity: FindingSeverity, t: Translate): string {
  switch (severity) {
    case 'malicious':
      return t('malicious');
    case 'critical':
      return t('critical');
    case 'high':
      return t('high');
    case 'medium':
      return t('medium');
    case 'low':
      return t('low');
    case 'none':
      return t('no impact stated');
    case 'unknown':
      return t('severity unknown');
  }
}

/** "high 7.5", "severity unknown". */
export function ratingText(severity: FindingSeverity, score: number | null, t: Translate): string {
  return score === null ? severityText(severity, t) : `${severityText(severity, t)} ${score}`;
}

/** "3 critical, 60 high", worst first; empty where there is nothing to count. */
export function severityCountsText(counts: SeverityCounts, t: Translate): string {
  return severities.flatMap((severity) => countText(severity, counts[severity] ?? 0, t)).join(', ');
}

function countText(severity: FindingSeverity, count: number, t: Translate): readonly string[] {
  if (count === 0) {
    return [];
  }
  switch (severity) {
    case 'malicious':
      return [t('{0} malicious', count)];
    case 'critical':
      return [t('{0} critical', count)];
    case 'high':
      return [t('{0} high', count)];
    case 'medium':
      return [t('{0} medium', count)];
    case 'low':
      return [t('{0} low', count)];
    case 'none':
      return [t('{0} without impact', count)];
    case 'unknown':
      return [t('{0} of unknown severity', count)];
  }
}
