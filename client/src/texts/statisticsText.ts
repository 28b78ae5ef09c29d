import type { Statistics } from '../../../protocol/messages.ts';
import { percent } from './counts.ts';
import { table } from './table.ts';
import type { Translate } from './translate.ts';

/** The figures as tables of plain text, for a read-only document. */
export function statisticsText({ cache, osv, scans, process }: Statistics, t: Translate): string {
  const { memory, disk, redis } = cache;
  const duration = (durationMs: number): string =>
    scans.durationMs.count === 0 ? '–' : t('{0} ms', Math.round(durationMs));
  return [
    ...table(t('Cache in memory'), [
      [t('Hits'), memory.hits],
      [t('Misses'), memory.misses],
      [t('Hit rate'), percent(memory.hitRate, t)],
      [t('Entries'), t('{0} of {1}', memory.entries, memory.capacity)],
      [t('Evictions'), memory.evictions],
    ]),
    ...table(t('Cache on disk'), [
      [t('Hits'), disk.hits],
      [t('Misses'), disk.misses],
      [t('Entries'), disk.entries],
      [t('Size'), t('{0} KiB', Math.round(disk.bytes / 1024))],
    ]),
    ...(redis === null
      ? []
      : table(t('Cache of the team'), [
          [t('Hits'), redis.hits],
          [t('Misses'), redis.misses],
          [t('State'), redis.trouble ?? t('works')],
        ])),
    ...table(t('Requests'), [
      [t('Batches'), osv.requests.querybatch],
      [t('Package queries'), osv.requests.query],
      [t('Advisories'), osv.requests.vulns],
      [t('Retries'), osv.retries],
      [t('Failures'), osv.failures],
      [t('In progress'), osv.inFlight],
      [t('Service'), circuitText(osv.circuit, t)],
    ]),
    ...table(t('Scans'), [
      [t('Done'), scans.count],
      [t('Queued'), scans.queued],
      [t('Running'), scans.running],
      [t('Median'), duration(scans.durationMs.p50)],
      [t('95th percentile'), duration(scans.durationMs.p95)],
    ]),
    ...table(t('Server'), [
      [t('Memory'), t('{0} MiB', Math.round(process.rssBytes / 1024 / 1024))],
      [t('Running for'), t('{0} s', Math.round(process.uptimeSeconds))],
    ]),
  ].join('\n');
}

function circuitText(circuit: Statistics['osv']['circuit'], t: Translate): string {
  switch (circuit) {
    case 'closed':
      return t('being asked');
    case 'open':
      return t('left alone for a while');
    case 'halfOpen':
      return t('being tried again');
  }
}
