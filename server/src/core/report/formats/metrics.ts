import type { Severity } from '../../advisories/advisory.ts';
import { labels } from './metricLabels.ts';
import { reportedFindings } from '../reportedFindings.ts';
import { isIncomplete } from '../reportCoverage.ts';
import { type ScanReport, summarize } from '../scanReport.ts';

export type Sample = readonly [suffix: string, value: number];

/**
 * One metric in Prometheus text (exposition format 0.0.4). A suffix is `_count`, `{label="value"}` or empty. `common`: labels
 * that every sample has.
 */
export function metric(
  name: string,
  type: 'counter' | 'gauge' | 'summary' | 'histogram',
  help: string,
  samples: readonly Sample[],
  common: Readonly<Record<string, string>> = {},
): string {
  const lines = samples.map(([suffix, value]) => `${name}${withLabels(suffix, common)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function withLabels(suffix: string, common: Readonly<Record<string, string>>): string {
  const own = labels(common);
  return own === ''
    ? suffix
    : suffix.includes('{')
      ? suffix.replace('{', () => `${own.slice(0, -1)},`)
      : `${suffix}${own}`;
}

/** What both the editor and the command line count, under the same names. */
export interface RequestFigures {
  readonly hits: number;
  readonly misses: number;
  readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
  readonly retries: number;
}

export function requestMetrics(
  { hits, misses, requests, retries }: RequestFigures,
  common: Readonly<Record<string, string>> = {},
): readonly string[] {
  const metric = metricWith(common);
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

/** Whose scan it was. */
export interface ScanOrigin {
  /** When the scan ended, RFC 3339. */
  readonly time: string;
  /** Of Pinwatch. */
  readonly version: string;
  /** What the repository is called, where that is known: many write into one folder. */
  readonly repository: string | undefined;
}

/** One scan of the command line, for a file that a collector picks up. */
export function scanMetrics(report: ScanReport, { time, version, repository }: ScanOrigin): string {
  const common: Readonly<Record<string, string>> = repository === undefined ? {} : { repository };
  const metric = metricWith(common);
  const { statistics } = report;
  const summary = summarize(report.files);
  const { hits, misses } = statistics.cache;
  return [
    ...requestMetrics({ hits, misses, requests: statistics.requests, retries: statistics.retries }, common),
    metric('pinwatch_scan_duration_seconds', 'summary', 'Duration of finished scans.', [
      ['_sum', statistics.durationMs / 1000],
      ['_count', 1],
    ]),
    metric(
      'pinwatch_scan_part_seconds',
      'gauge',
      'What the parts of the scan took.',
      Object.entries(statistics.timings ?? {}).map(([part, ms]) => [labels({ part }), ms / 1000]),
    ),
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
    metric('pinwatch_build_info', 'gauge', 'Which Pinwatch; always 1.', [[labels({ version }), 1]]),
  ].join('');
}

function metricWith(common: Readonly<Record<string, string>>) {
  return (...[name, type, help, samples]: Parameters<typeof metric>): string =>
    metric(name, type, help, samples, common);
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
