import type { ComponentHealth, Health, HealthComponent } from '../../../protocol/messages.ts';
import { list } from './table.ts';
import type { Translate, Wording } from './translate.ts';

/** How the server and each of its parts do, and what to do about it, in plain text for a read-only document. */
export function healthText(health: Health, { t, time }: Wording): string {
  const names = namesOf(t);
  return [
    ...list('Pinwatch', [
      [t('State'), stateText(health.status, t)],
      [t('Version'), health.version],
      ['Node.js', health.node],
    ]),
    ...components.flatMap((name) =>
      list(names[name], [
        [t('State'), stateText(health.components[name].status, t)],
        ...factsOf(health.components[name], { t, time }),
      ]),
    ),
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
    cacheMemory: t('Answers in memory'),
    cacheDisk: t('Answers on disk'),
    cacheRedis: t('Team cache'),
    queue: t('Waiting look-ups'),
  };
}

function factsOf({ lastSuccess, message, advice }: ComponentHealth, { t, time }: Wording): [string, string][] {
  return [
    ...(lastSuccess === undefined ? [] : [[t('Last answer'), time(lastSuccess)] satisfies [string, string]]),
    ...(message === undefined ? [] : [[t('Message'), message] satisfies [string, string]]),
    ...(advice === undefined ? [] : [[t('What to do'), advice] satisfies [string, string]]),
  ];
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
