import type { Health } from '../../../protocol/messages.ts';
import { table } from './table.ts';
import type { Wording } from './translate.ts';

/** How the server and its source of advisories do, as a page of Markdown. */
export function healthText(health: Health, { t, time }: Wording): string {
  const { database, memoryTrouble } = health;
  return [
    `# ${t('Pinwatch status')}`,
    '',
    ...table('Pinwatch', [
      [t('State'), stateText(health.status, t)],
      [t('Version'), health.version],
      ['Node.js', health.node],
    ]),
    ...table(database === null ? t('Advisory service') : t('Local advisory database'), [
      database === null
        ? [t('Address'), health.osvUrl]
        : [t('Data as of'), database.currentAt === null ? t('unknown') : time(database.currentAt)],
      [t('Last answer'), health.lastAnswerAt === null ? t('none yet') : time(health.lastAnswerAt)],
      [t('Last error'), health.lastError ?? t('none')],
    ]),
    ...table(t('Storage'), [[t('State'), storageText(health, t)]]),
    ...(memoryTrouble === undefined ? [] : table(t('Memory'), [[t('State'), memoryTrouble]])),
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
      return t('Last request failed; the affected lines are marked');
    case 'offline':
      return t('no answer yet; the last error says why');
  }
}
