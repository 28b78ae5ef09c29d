import type { Health } from '../../../protocol/messages/figures/health.ts';
import type { Statistics } from '../../../protocol/messages/figures/statistics.ts';
import { severityRank } from '../core/advisories/severityOrder.ts';
import type { Severity } from '../core/advisories/advisory.ts';
import { metric, requestMetrics, type Sample } from '../core/report/formats/metrics.ts';
import { labels } from '../core/report/formats/metricLabels.ts';
import { durationBoundsMs, type DurationTally } from '../engine/durations.ts';
import type { Histogram } from '../engine/operations/histogram.ts';
import type { RequestFamily } from '../engine/operations/requestRecord.ts';

type Counted = readonly [name: string, result: string, count: number];

/** All that the page says; times in seconds. */
export interface MetricsFigures {
  readonly statistics: Statistics;
  readonly health: Health;
  /** The scans that the statistics are about. */
  readonly scans: DurationTally;
  readonly requests: readonly RequestFamily[];
  /** By method of the protocol, command and kind of scan. */
  readonly operations: ReadonlyMap<string, Histogram>;
  /** Requests, commands and scans by how they ended: operation, result, count. */
  readonly ends: readonly Counted[];
  /** Look-ups of scans: kind, result, count. */
  readonly lookups: readonly Counted[];
  /** From an edit until its diagnostics were on their way. */
  readonly keyToPublish: Histogram;
  /** What was waited for, milliseconds by part. */
  readonly partsMs: Readonly<Record<string, number>>;
  /** Scans that took longer than their kind and size usually do, by the part that grew. */
  readonly slowScans: Readonly<Record<'requests' | 'own', number>>;
  /** Requests to the advisory service that wait for their turn. */
  readonly osvQueued: number;
  /** From the disk cache. */
  readonly removed: { readonly evicted: number; readonly expired: number };
  /** Absent where nobody is to be asked. */
  readonly indexCircuit: 'closed' | 'open' | undefined;
  readonly queue: { readonly size: number; readonly dropped: number; readonly oldestSeconds: number | undefined };
  readonly requirements: Readonly<Record<'assessed' | 'skipped' | 'failed' | 'checking', number>>;
  readonly verdicts: Readonly<Record<'vulnerable' | 'possiblyVulnerable', number>>;
  readonly findings: Readonly<Partial<Record<Severity, number>>>;
  readonly dataAgeSeconds: number | undefined;
  /** Since the oldest answer that is shown; absent where none is. */
  readonly oldestAnswerSeconds: number | undefined;
  readonly process: {
    readonly cpuSeconds: number;
    readonly heapBytes: number;
    readonly heapLimitBytes: number;
    readonly startedAtSeconds: number;
    readonly loopDelay?: { readonly p50Seconds: number; readonly p99Seconds: number; readonly maxSeconds: number };
  };
}

/** The server's figures as Prometheus text (exposition format 0.0.4). `docs/operations/metrics.md` says what each is for. */
export function metricsText(figures: MetricsFigures): string {
  return [
    ...scanMetrics(figures),
    ...serviceMetrics(figures),
    ...cacheMetrics(figures),
    ...workspaceMetrics(figures),
    ...processMetrics(figures),
  ].join('');
}

function scanMetrics(figures: MetricsFigures): readonly string[] {
  const { statistics, scans, operations, slowScans, ends, lookups, keyToPublish, partsMs } = figures;
  return [
    metric('pinwatch_scans_running', 'gauge', 'Scans in progress.', [['', statistics.scans.running]]),
    metric('pinwatch_scans_queued', 'gauge', 'Files that wait for a scan.', [['', statistics.scans.queued]]),
    metric(
      'pinwatch_slow_scans_total',
      'counter',
      'Scans that took over 20 % longer than their kind and size usually do.',
      Object.entries(slowScans).map(([part, count]) => [labels({ part }), count]),
    ),
    metric(
      'pinwatch_scan_duration_seconds',
      'histogram',
      'Duration of finished scans.',
      histogramSamples({}, { boundsMs: durationBoundsMs, ...scans }),
    ),
    metric(
      'pinwatch_operation_duration_seconds',
      'histogram',
      'Duration of requests of the editor, commands and scans, by operation.',
      [...operations].flatMap(([operation, durations]) => histogramSamples({ operation }, durations)),
    ),
    metric(
      'pinwatch_operations_total',
      'counter',
      'Requests of the editor, commands and scans, by how they ended.',
      ends.map(([operation, result, count]) => [labels({ operation, result }), count]),
    ),
    metric(
      'pinwatch_lookups_total',
      'counter',
      'Look-ups of scans, by what they came to.',
      lookups.map(([kind, result, count]) => [labels({ kind, result }), count]),
    ),
    metric(
      'pinwatch_scan_part_seconds_total',
      'counter',
      'What scans waited for, by part.',
      Object.entries(partsMs).map(([part, ms]) => [labels({ part }), ms / 1000]),
    ),
    metric(
      'pinwatch_key_to_publish_seconds',
      'histogram',
      'From an edit until its diagnostics are sent.',
      histogramSamples({}, keyToPublish),
    ),
  ];
}

function serviceMetrics(figures: MetricsFigures): readonly string[] {
  const { requests, health, osvQueued, indexCircuit } = figures;
  const { osv, cache } = figures.statistics;
  const { memory } = cache;
  return [
    ...requestMetrics({ hits: memory.hits, misses: memory.misses, requests: osv.requests, retries: osv.retries }),
    metric('pinwatch_osv_failures_total', 'counter', 'Requests that failed for good.', [['', osv.failures]]),
    metric('pinwatch_osv_in_flight', 'gauge', 'Requests in progress.', [['', osv.inFlight]]),
    metric('pinwatch_osv_queued', 'gauge', 'Requests that wait for their turn.', [['', osvQueued]]),
    metric(
      'pinwatch_osv_circuit',
      'gauge',
      'Whether requests are held back: 1 at the present state.',
      (['closed', 'halfOpen', 'open'] as const).map((state) => [labels({ state }), Number(state === osv.circuit)]),
    ),
    ...(indexCircuit === undefined
      ? []
      : [
          metric(
            'pinwatch_index_circuit',
            'gauge',
            'Whether the index is left alone: 1 at the present state.',
            (['closed', 'open'] as const).map((state) => [labels({ state }), Number(state === indexCircuit)]),
          ),
        ]),
    metric(
      'pinwatch_requests_total',
      'counter',
      'Attempts at requests, by service, endpoint and result.',
      requests.flatMap(({ service, endpoint, results }) =>
        [...results].map(([result, count]): Sample => [labels({ service, endpoint, result }), count]),
      ),
    ),
    metric(
      'pinwatch_request_duration_seconds',
      'histogram',
      'Duration of attempts at requests, by service and endpoint.',
      requests.flatMap(({ service, endpoint, durations }) => histogramSamples({ service, endpoint }, durations)),
    ),
    metric(
      'pinwatch_component_status',
      'gauge',
      'Health of each part: 1 at its present state.',
      Object.entries(health.components).flatMap(([component, { status }]) =>
        states.map((state): Sample => [labels({ component, status: state }), Number(state === status)]),
      ),
    ),
    metric('pinwatch_up', 'gauge', '1 where the whole is UP, 0.5 where it is DEGRADED, 0 where it is DOWN.', [
      ['', { UP: 1, DEGRADED: 0.5, DOWN: 0 }[health.status]],
    ]),
  ];
}

const states = ['UP', 'DEGRADED', 'DOWN', 'UNKNOWN', 'OFF'] as const;

function cacheMetrics({ statistics: { cache }, queue, removed }: MetricsFigures): readonly string[] {
  const { memory, disk, redis } = cache;
  const tiers = {
    memory: { ...memory, rejected: 0 },
    disk,
    ...(redis === null ? {} : { redis }),
  };
  const byTier = (key: 'hits' | 'misses' | 'rejected'): readonly Sample[] =>
    Object.entries(tiers).map(([tier, counts]) => [labels({ tier }), counts[key]]);
  return [
    metric('pinwatch_cache_entries', 'gauge', 'Entries in the memory cache.', [['', memory.entries]]),
    metric('pinwatch_cache_evictions_total', 'counter', 'Entries pushed out for room.', [['', memory.evictions]]),
    metric('pinwatch_cache_tier_hits_total', 'counter', 'Answers found, by tier.', byTier('hits')),
    metric('pinwatch_cache_tier_misses_total', 'counter', 'Answers not found, by tier.', byTier('misses')),
    metric(
      'pinwatch_cache_tier_rejected_total',
      'counter',
      'Answers found and not believed, by tier.',
      byTier('rejected'),
    ),
    metric('pinwatch_cache_tier_evictions_total', 'counter', 'Entries that made room for others, by tier.', [
      [labels({ tier: 'memory' }), memory.evictions],
      [labels({ tier: 'disk' }), removed.evicted],
    ]),
    metric('pinwatch_cache_tier_expired_total', 'counter', 'Entries removed since they were too old, by tier.', [
      [labels({ tier: 'disk' }), removed.expired],
    ]),
    metric('pinwatch_storage_bytes', 'gauge', 'Size of the disk cache.', [['', disk.bytes]]),
    metric('pinwatch_pending_lookups', 'gauge', 'Look-ups of earlier scans that wait.', [['', queue.size]]),
    metric('pinwatch_pending_dropped_total', 'counter', 'Look-ups that could not be kept for want of room.', [
      ['', queue.dropped],
    ]),
    metric('pinwatch_pending_oldest_seconds', 'gauge', 'How long the oldest of them has waited.', [
      ['', queue.oldestSeconds ?? 0],
    ]),
  ];
}

function workspaceMetrics(figures: MetricsFigures): readonly string[] {
  const { requirements, verdicts, findings, dataAgeSeconds, oldestAnswerSeconds } = figures;
  return [
    metric(
      'pinwatch_requirements',
      'gauge',
      'Requirements by outcome.',
      Object.entries(requirements).map(([outcome, count]) => [labels({ outcome }), count]),
    ),
    metric(
      'pinwatch_requirements_vulnerable',
      'gauge',
      'Requirements with findings, by verdict.',
      Object.entries(verdicts).map(([verdict, count]) => [labels({ verdict }), count]),
    ),
    metric(
      'pinwatch_findings',
      'gauge',
      'Findings that are not ignored, by severity.',
      Object.keys(severityRank).map((severity) => [labels({ severity }), findings[severity as Severity] ?? 0]),
    ),
    ...(oldestAnswerSeconds === undefined
      ? []
      : [
          metric('pinwatch_oldest_answer_seconds', 'gauge', 'Since the oldest answer that is shown.', [
            ['', oldestAnswerSeconds],
          ]),
        ]),
    ...(dataAgeSeconds === undefined
      ? []
      : [
          metric('pinwatch_data_age_seconds', 'gauge', 'Age of the oldest advisory data used.', [['', dataAgeSeconds]]),
        ]),
  ];
}

function processMetrics({ statistics, health, process }: MetricsFigures): readonly string[] {
  const { rssBytes, uptimeSeconds } = statistics.process;
  const { loopDelay } = process;
  return [
    metric('pinwatch_process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', rssBytes]]),
    metric('pinwatch_process_heap_bytes', 'gauge', "V8's old generation.", [['', process.heapBytes]]),
    metric('pinwatch_process_heap_limit_bytes', 'gauge', 'The size at which it ends the process.', [
      ['', process.heapLimitBytes],
    ]),
    metric('pinwatch_process_cpu_seconds_total', 'counter', 'User and system time.', [['', process.cpuSeconds]]),
    metric('pinwatch_process_uptime_seconds', 'gauge', 'Time since the start.', [['', uptimeSeconds]]),
    metric('pinwatch_process_start_time_seconds', 'gauge', 'When it started, in seconds since 1970.', [
      ['', process.startedAtSeconds],
    ]),
    ...(loopDelay === undefined
      ? []
      : [
          metric(
            'pinwatch_event_loop_delay_seconds',
            'gauge',
            'How late the event loop was since metrics are served.',
            [
              [labels({ percentile: '50' }), loopDelay.p50Seconds],
              [labels({ percentile: '99' }), loopDelay.p99Seconds],
              [labels({ percentile: '100' }), loopDelay.maxSeconds],
            ],
          ),
        ]),
    metric('pinwatch_build_info', 'gauge', 'Which Pinwatch and which Node.js; always 1.', [
      [labels({ version: health.version, node: health.node }), 1],
    ]),
  ];
}

function histogramSamples(
  own: Readonly<Record<string, string>>,
  { boundsMs, upTo, count, totalMs }: Pick<Histogram, 'boundsMs' | 'upTo' | 'count' | 'totalMs'>,
): readonly Sample[] {
  return [
    ...boundsMs.map((bound, index): Sample => [
      `_bucket${labels({ ...own, le: String(bound / 1000) })}`,
      upTo[index] ?? 0,
    ]),
    [`_bucket${labels({ ...own, le: '+Inf' })}`, count],
    [`_sum${labels(own)}`, totalMs / 1000],
    [`_count${labels(own)}`, count],
  ];
}
