import type { OperationFigures, Statistics } from '../../../protocol/messages/figures/statistics.ts';
import { percent } from './counts.ts';
import { sizeText, uptimeText } from './quantities.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { markdownRows, type Row, table } from './table.ts';
import type { Translate } from './translate.ts';

/** The figures as a page of Markdown tables. */
export function statisticsText({ cache, osv, scans, process, lifetime }: Statistics, t: Translate): string {
  const { memory, disk, redis } = cache;
  const duration = (durationMs: number): string =>
    scans.durationMs.count === 0 ? '–' : t('{0} ms', Math.round(durationMs));
  return [
    `# ${t('Pinwatch statistics')}`,
    '',
    ...table(t('Memory cache'), [
      [t('Hits'), memory.hits],
      [t('Misses'), memory.misses],
      [t('Hit rate'), percent(memory.hitRate, t)],
      [t('Entries'), t('{0} of {1}', memory.entries, memory.capacity)],
      [t('Evictions'), memory.evictions],
    ]),
    ...table(t('Disk cache'), [
      [t('Hits'), disk.hits],
      [t('Misses'), disk.misses],
      [t('Entries'), disk.entries],
      [t('Size'), sizeText(disk.bytes, t)],
    ]),
    ...(redis === null
      ? []
      : table(t('Team cache'), [
          [t('Hits'), redis.hits],
          [t('Misses'), redis.misses],
          [t('State'), redis.trouble ?? t('available')],
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
      ...slowRows(scans, t),
    ]),
    ...table(t('Server'), [
      [t('Memory'), sizeText(process.rssBytes, t)],
      [t('Uptime'), uptimeText(process.uptimeSeconds, t)],
    ]),
    ...operationRows(lifetime, t),
  ].join('\n');
}

function slowRows({ slow: { count, last } }: Statistics['scans'], t: Translate): readonly Row[] {
  if (last === undefined) {
    return [[t('Slow'), count]];
  }
  const { durationMs, usualMs, part } = last;
  const grown = part === 'requests' ? t('requests took longer') : t("Pinwatch's own work took longer");
  const text = t('{0} ms, usually {1} ms: {2}', Math.round(durationMs), Math.round(usualMs), grown);
  return [
    [t('Slow'), count],
    [t('Last slow scan'), text],
  ];
}

/** All operations, then the scans of each project where there are several. What was done most comes first. */
function operationRows({ since, operations, projects }: Statistics['lifetime'], t: Translate): readonly string[] {
  const own = Object.entries(projects);
  return [
    ...operationTable(t('Since {0}', since.slice(0, 10)), operations, t),
    ...(own.length < 2 ? [] : own.flatMap(([project, scans]) => operationTable(shownProject(project), scans, t))),
  ];
}

function operationTable(
  title: string,
  operations: Readonly<Record<string, OperationFigures>>,
  t: Translate,
): readonly string[] {
  const header = [
    ...[t('Operation'), t('Count'), t('Total'), t('Mean'), t('Shortest'), t('Median'), t('95th percentile')],
    ...[t('99th percentile'), t('Longest'), t('Last'), t('Ended')],
  ];
  const rows = Object.entries(operations)
    .toSorted(([, a], [, b]) => b.count - a.count)
    .map(([name, { count, total, mean, min, p50, p95, p99, max, last, lastAt }]) => [
      escapeMarkdown(name),
      String(count),
      ...[total, mean, min, p50, p95, p99, max, last].map((ms) => t('{0} ms', Math.round(ms * 10) / 10)),
      lastAt.slice(0, 16).replace('T', ' '),
    ]);
  return rows.length === 0 ? [] : [`## ${escapeMarkdown(title)}`, '', ...markdownRows(header, rows), ''];
}

/** The folder's name. */
function shownProject(address: string): string {
  const path = address.replace(/^file:\/\//u, '');
  return path.slice(path.lastIndexOf('/', path.length - 2) + 1) || address;
}

function circuitText(circuit: Statistics['osv']['circuit'], t: Translate): string {
  switch (circuit) {
    case 'closed':
      return t('available');
    case 'open':
      return t('paused after failures');
    case 'halfOpen':
      return t('trying again');
  }
}
