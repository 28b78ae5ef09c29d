import type { ComponentHealth, Health, HealthComponent } from '../../../protocol/messages/figures/health.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { markdownRows, table } from './table.ts';
import type { Translate, Wording } from './translate.ts';

/** How the server and each of its parts do, and what to do about it, as a page of Markdown. */
export function healthText(health: Health, { t, time }: Wording): string {
  const names = namesOf(t);
  const header = [t('Part'), t('State'), t('Last answer'), t('Message'), t('What to do')];
  const rows = components.map((name) => {
    const { status, lastSuccess, message = '', advice = '' } = health.components[name];
    const last = lastSuccess === undefined ? '' : time(lastSuccess);
    return [names[name], stateText(status, t), last, message, advice].map((text) => escapeMarkdown(text));
  });
  return [
    `# ${t('Pinwatch status')}`,
    '',
    ...table('Pinwatch', [
      [t('State'), stateText(health.status, t)],
      [t('Version'), health.version],
      ['Node.js', health.node],
    ]),
    ...markdownRows(header, rows),
    '',
  ].join('\n');
}

const components: readonly HealthComponent[] = [
  'osv',
  'advisoryDatabase',
  'index',
  'cacheMemory',
  'cacheDisk',
  'cacheRedis',
  'queue',
];

function namesOf(t: Translate): Readonly<Record<HealthComponent, string>> {
  return {
    osv: t('Advisory service'),
    advisoryDatabase: t('Local advisory database'),
    index: t('Package index'),
    cacheMemory: t('Memory cache'),
    cacheDisk: t('Disk cache'),
    cacheRedis: t('Team cache'),
    queue: t('Waiting look-ups'),
  };
}

function stateText(status: ComponentHealth['status'], t: Translate): string {
  switch (status) {
    case 'UP':
      return t('works');
    case 'DEGRADED':
      return t('works in part');
    case 'DOWN':
      return t('does not work');
    case 'UNKNOWN':
      return t('not asked yet');
    case 'OFF':
      return t('not in use');
  }
}
