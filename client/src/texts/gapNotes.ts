import type { StatusParams } from '../../../protocol/messages/figures/status.ts';
import type { Translate } from './translate.ts';

export type Gaps = Pick<StatusParams, 'skipped' | 'requirements' | 'unread' | 'isOld' | 'dataAgeDays'>;

/** What the counts do not cover, besides what failed. */
export function gapNotes({ skipped, requirements, unread, isOld, dataAgeDays }: Gaps, t: Translate): readonly string[] {
  return [
    ...(skipped > 0 ? [t('{0} of {1} not assessed', skipped, requirements)] : []),
    ...(unread > 0 ? [unread === 1 ? t('1 line or file not read') : t('{0} lines or files not read', unread)] : []),
    ...(isOld ? [oldDataText(dataAgeDays, t)] : []),
  ];
}

function oldDataText(dataAgeDays: number | undefined, t: Translate): string {
  return dataAgeDays === undefined ? t('data of unknown age') : t('data {0} days old', Math.floor(dataAgeDays));
}
