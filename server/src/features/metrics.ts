import type { Statistics } from '../../../protocol/messages.ts';
import { metric, requestMetrics } from '../core/report/formats/metrics.ts';
import { durationBoundsMs, type DurationTally } from '../engine/durations.ts';

/** The statistics as Prometheus text (exposition format 0.0.4); `scans` are the scans that they are about. */
export function metricsText(statistics: Statistics, scans: DurationTally): string {
  const { memory } = statistics.cache;
  const { osv } = statistics;
  return [
    metric('pinwatch_cache_entries', 'gauge', 'Entries in the memory cache.', [['', memory.entries]]),
    ...requestMetrics({ hits: memory.hits, misses: memory.misses, requests: osv.requests, retries: osv.retries }),
    metric('pinwatch_cache_evictions_total', 'counter', 'Entries pushed out for room.', [['', memory.evictions]]),
    metric('pinwatch_osv_failures_total', 'counter', 'Requests that failed for good.', [['', osv.failures]]),
    metric('pinwatch_osv_in_flight', 'gauge', 'Requests in progress.', [['', osv.inFlight]]),
    metric('pinwatch_scans_running', 'gauge', 'Scans in progress.', [['', statistics.scans.running]]),
    metric('pinwatch_scans_queued', 'gauge', 'Files that wait for a scan.', [['', statistics.scans.queued]]),
    metric('pinwatch_scan_duration_seconds', 'histogram', 'Duration of finished scans.', [
      ...durationBoundsMs.map((bound, index) => [`_bucket{le="${bound / 1000}"}`, scans.upTo[index] ?? 0] as const),
      ['_bucket{le="+Inf"}', scans.count],
      ['_sum', scans.totalMs / 1000],
      ['_count', scans.count],
    ]),
    metric('pinwatch_process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', statistics.process.rssBytes]]),
    metric('pinwatch_process_uptime_seconds', 'gauge', 'Time since the start.', [
      ['', statistics.process.uptimeSeconds],
    ]),
  ].join('');
}
