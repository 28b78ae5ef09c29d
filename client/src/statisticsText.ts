import type { Statistics } from '../../protocol/messages.ts';

/** The figures as a table of plain text, for a read-only document. */
export function statisticsText(statistics: Statistics): string {
  const { cache, osv, scans, process } = statistics;
  const { memory, disk } = cache;
  return [
    ...section('Cache in memory', [
      ['Hits', memory.hits],
      ['Misses', memory.misses],
      ['Hit rate', percent(memory.hitRate)],
      ['Entries', `${memory.entries} of ${memory.capacity}`],
      ['Evictions', memory.evictions],
    ]),
    ...section('Cache on disk', [
      ['Hits', disk.hits],
      ['Misses', disk.misses],
      ['Entries', disk.entries],
      ['Size', `${Math.round(disk.bytes / 1024)} KiB`],
    ]),
    ...section('Requests', [
      ['Batches', osv.requests.querybatch],
      ['Package queries', osv.requests.query],
      ['Advisories', osv.requests.vulns],
      ['Retries', osv.retries],
      ['Failures', osv.failures],
      ['Under way', osv.inFlight],
    ]),
    ...section('Scans', [
      ['Done', scans.count],
      ['Queued', scans.queued],
      ['Running', scans.running],
      ['Median', milliseconds(scans.durationMs.count, scans.durationMs.p50)],
      ['95th percentile', milliseconds(scans.durationMs.count, scans.durationMs.p95)],
    ]),
    ...section('Server', [
      ['Memory', `${Math.round(process.rssBytes / 1024 / 1024)} MiB`],
      ['Running for', `${Math.round(process.uptimeSeconds)} s`],
    ]),
  ].join('\n');
}

function section(
  title: string,
  rows: readonly (readonly [label: string, value: string | number])[],
): readonly string[] {
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(16)}${String(value).padStart(14)}`), ''];
}

function milliseconds(count: number, durationMs: number): string {
  return count === 0 ? '–' : `${Math.round(durationMs)} ms`;
}

function percent(rate: number): string {
  return `${Math.round(rate * 100)} %`;
}
