import type { Health } from '../../../protocol/messages.ts';
import { list } from './table.ts';
import type { Wording } from './translate.ts';

/** How the server and its source of advisories do, in plain text, for a read-only document. */
export function healthText(health: Health, { t, time }: Wording): string {
  const { database, memoryTrouble } = health;
  return [
    ...list('Pinwatch', [
      [t('State'), stateText(health.status, t)],
      [t('Version'), health.version],
      ['Node.js', health.node],
    ]),
    ...list(database === null ? t('Advisory service') : t('Local advisory database'), [
      database === null
        ? [t('Address'), health.osvUrl]
        : [t('Data of'), database.currentAt === null ? t('an unknown day') : time(database.currentAt)],
      [t('Last answer'), health.lastAnswerAt === null ? t('none yet') : time(health.lastAnswerAt)],
      [t('Last error'), health.lastError ?? t('none')],
    ]),
    ...list(t('Storage'), [[t('State'), storageText(health, t)]]),
    ...(memoryTrouble === undefined ? [] : list(t('Memory'), [[t('State'), memoryTrouble]])),
  ].join('\n');
}

function storageText({ storageTrouble }: Health, t: Wording['t']): string {
  return storageTrouble === null ? t('works') : t('answers are kept in memory only: {0}', storageTrouble);
}

function stateText(status: Health['status'], t: Wording['t']): string {
  switch (status) {
    case 'ok':
      return t('works');
    case 'degraded':
      return t('the last request failed; the lines concerned show it');
    case 'offline':
      return t('no answer yet; the last error says why');
  }
}
