import type { Statistics } from '../../../protocol/messages.ts';

/** The statistics as Prometheus text (exposition format 0.0.4). */
export function metricsText(statistics: Statistics): string {
  const { memory } = statistics.cache;
  const { osv, scans } = statistics;
  const seconds = (ms: number): number => ms / 1000;
  return [
    metric('pinwatch_cache_entries', 'gauge', 'Entries in the memory cache.', [['', memory.entries]]),
    metric('pinwatch_cache_hits_total', 'counter', 'Look-ups answered from the cache.', [['', memory.hits]]),
    metric('pinwatch_cache_misses_total', 'counter', 'Look-ups that had to be asked.', [['', memory.misses]]),
    metric('pinwatch_cache_evictions_total', 'counter', 'Entries pushed out for room.', [['', memory.evictions]]),
    metric('pinwatch_osv_requests_total', 'counter', 'Requests to the advisory service by endpoint.', [
      ['{endpoint="querybatch"}', osv.requests.querybatch],
      ['{endpoint="query"}', osv.requests.query],
      ['{endpoint="vulns"}', osv.requests.vulns],
    ]),
    metric('pinwatch_osv_retries_total', 'counter', 'Requests that were tried again.', [['', osv.retries]]),
    metric('pinwatch_osv_failures_total', 'counter', 'Requests that failed for good.', [['', osv.failures]]),
    metric('pinwatch_osv_in_flight', 'gauge', 'Requests under way.', [['', osv.inFlight]]),
    metric('pinwatch_scans_running', 'gauge', 'Scans under way.', [['', scans.running]]),
    metric('pinwatch_scan_duration_seconds', 'summary', 'Duration of finished scans.', [
      ['{quantile="0.5"}', seconds(scans.durationMs.p50)],
      ['{quantile="0.95"}', seconds(scans.durationMs.p95)],
      ['{quantile="0.99"}', seconds(scans.durationMs.p99)],
      ['_sum', seconds(scans.durationMs.mean * scans.durationMs.count)],
      ['_count', scans.durationMs.count],
    ]),
    metric('pinwatch_process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', statistics.process.rssBytes]]),
    metric('pinwatch_process_uptime_seconds', 'gauge', 'Time since the start.', [
      ['', statistics.process.uptimeSeconds],
    ]),
  ].join('');
}

function metric(
  name: string,
  type: 'counter' | 'gauge' | 'summary',
  help: string,
  samples: readonly (readonly [suffix: string, value: number])[],
): string {
  const lines = samples.map(([suffix, value]) => `${name}${suffix} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
