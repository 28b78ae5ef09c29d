import type { Statistics } from '../../../protocol/messages.ts';
import { metric, requestMetrics } from '../core/report/formats/metrics.ts';

/** The statistics as Prometheus text (exposition format 0.0.4). */
export function metricsText(statistics: Statistics): string {
  const { memory } = statistics.cache;
  const { osv, scans } = statistics;
  const seconds = (ms: number): number => ms / 1000;
  return [
    metric('pinwatch_cache_entries', 'gauge', 'Entries in the memory cache.', [['', memory.entries]]),
    ...requestMetrics({ hits: memory.hits, misses: memory.misses, requests: osv.requests, retries: osv.retries }),
    metric('pinwatch_cache_evictions_total', 'counter', 'Entries pushed out for room.', [['', memory.evictions]]),
    metric('pinwatch_osv_failures_total', 'counter', 'Requests that failed for good.', [['', osv.failures]]),
    metric('pinwatch_osv_in_flight', 'gauge', 'Requests in progress.', [['', osv.inFlight]]),
    metric('pinwatch_scans_running', 'gauge', 'Scans in progress.', [['', scans.running]]),
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
