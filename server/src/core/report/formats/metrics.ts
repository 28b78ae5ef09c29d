import type { Severity } from '../../advisories/advisory.ts';
import { reportedFindings } from '../reportedFindings.ts';
import { isIncomplete } from '../reportCoverage.ts';
import { type ScanReport, summarize } from '../scanReport.ts';

export type Sample = readonly [suffix: string, value: number];

/** One metric in Prometheus text (exposition format 0.0.4). A suffix is `_count`, `{label="value"}` or empty. */
export function metric(
  name: string,
  type: 'counter' | 'gauge' | 'summary' | 'histogram',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([suffix, value]) => `${name}${suffix} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** What both the editor and the command line count, under the same names. */
export interface RequestFigures {
  readonly hits: number;
  readonly misses: number;
  readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
  readonly retries: number;
}

export function requestMetrics({ hits, misses, requests, retries }: RequestFigures): readonly string[] {
  return [
    metric('pinwatch_cache_hits_total', 'counter', 'Look-ups answered from the cache.', [['', hits]]),
    metric('pinwatch_cache_misses_total', 'counter', 'Look-ups that had to be asked.', [['', misses]]),
    metric('pinwatch_osv_requests_total', 'counter', 'Requests to the advisory service by endpoint.', [
      ['{endpoint="querybatch"}', requests.querybatch],
      ['{endpoint="query"}', requests.query],
      ['{endpoint="vulns"}', requests.vulns],
    ]),
    metric('pinwatch_osv_retries_total', 'counter', 'Requests that were tried again.', [['', retries]]),
  ];
}

/** One scan of the command line, for a file that a collector picks up. */
export function scanMetrics(report: ScanReport, time: string): string {
  const { statistics } = report;
  const summary = summarize(report.files);
  const { hits, misses } = statistics.cache;
  return [
    ...requestMetrics({ hits, misses, requests: statistics.requests, retries: statistics.retries }),
    metric('pinwatch_scan_duration_seconds', 'summary', 'Duration of finished scans.', [
      ['_sum', statistics.durationMs / 1000],
      ['_count', 1],
    ]),
    metric('pinwatch_scan_complete', 'gauge', '1 where everything could be read and checked with fresh data.', [
      ['', isIncomplete(report) ? 0 : 1],
    ]),
    ...(report.freshness?.dataAgeSeconds === undefined
      ? []
      : [
          metric('pinwatch_data_age_seconds', 'gauge', 'Age of the oldest advisory data used.', [
            ['', report.freshness.dataAgeSeconds],
          ]),
        ]),
    metric('pinwatch_scan_timestamp_seconds', 'gauge', 'When the scan ended, in seconds since 1970.', [
      ['', Math.round(Date.parse(time) / 1000)],
    ]),
    metric('pinwatch_files', 'gauge', 'Requirements files scanned.', [['', summary.files]]),
    metric('pinwatch_skipped_paths', 'gauge', 'Files and folders left out of the search.', [
      ['', report.skippedPaths?.length ?? 0],
    ]),
    metric('pinwatch_requirements', 'gauge', 'Requirements by outcome.', [
      ['{outcome="assessed"}', summary.assessed],
      ['{outcome="skipped"}', summary.skipped],
      ['{outcome="failed"}', summary.failed],
    ]),
    metric('pinwatch_requirements_vulnerable', 'gauge', 'Requirements with findings, by verdict.', [
      ['{verdict="vulnerable"}', summary.vulnerable],
      ['{verdict="possiblyVulnerable"}', summary.possiblyVulnerable],
    ]),
    metric('pinwatch_findings', 'gauge', 'Findings by severity.', findingSamples(report)),
    metric('pinwatch_policy_findings', 'gauge', 'Errors and warnings of the rules.', [['', summary.policy]]),
  ].join('');
}

const severities: readonly Severity[] = ['malicious', 'critical', 'high', 'medium', 'low', 'none', 'unknown'];

function findingSamples(report: ScanReport): readonly Sample[] {
  const findings = reportedFindings(report).map(({ finding }) => finding);
  return severities.flatMap((severity) =>
    [false, true].map((isIgnored): Sample => {
      const count = findings.filter((one) => one.severity === severity && (one.ignored !== undefined) === isIgnored);
      return [`{severity="${severity}",ignored="${isIgnored}"}`, count.length];
    }),
  );
}
