import type { RescanResult } from '../../../protocol/messages/rescan.ts';
import { fileCount, requirementCount } from './counts.ts';
import type { Translate } from './translate.ts';

/** One sentence; what could not be checked or was skipped is always in it. */
export function rescanText(
  { files, requirements, vulnerable, possiblyVulnerable, failed, skipped = 0, unread = 0, durationMs }: RescanResult,
  t: Translate,
): string {
  const missed = unread > 0 ? [t('{0} could not be read', unread)] : [];
  if (files === 0) {
    return [t('no requirements files found.'), ...missed.map((text) => `${text}.`)].join(' ');
  }
  const looked = t('{0} in {1}', requirementCount(requirements, t), fileCount(files, t));
  const found = [
    t('{0} vulnerable', vulnerable),
    ...(possiblyVulnerable > 0 ? [t('{0} possibly vulnerable', possiblyVulnerable)] : []),
    ...(failed > 0 ? [t('{0} could not be checked', failed)] : []),
    ...(skipped > 0 ? [t('{0} of {1} not assessed', skipped, requirements)] : []),
    ...missed,
  ];
  const took = t('Took {0} s.', (durationMs / 1000).toFixed(1));
  return `${looked}: ${found.join(', ')}. ${took}`;
}
