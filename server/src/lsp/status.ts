import type { ReportSource } from '../core/report/reportSource.ts';
import type { ServiceState, SourceStatus, StatusParams } from '../../../protocol/messages.ts';
import { defaultSettings } from '../../../protocol/settings.ts';
import type { FailureReason } from '../core/assessment/outcome.ts';
import { ageInDays, isOld } from '../core/report/freshness.ts';
import { headlineOf } from '../core/report/headline.ts';
import type { LineCoverage } from '../features/lineCoverage.ts';
import type { LineTally } from '../features/lineTally.ts';
import type { ScannerFigures } from '../engine/lookup/scanner.ts';
import { hitRate } from '../project/report.ts';

export interface StatusInput {
  /** Of each file. */
  readonly tallies: readonly LineTally[];
  readonly coverage: LineCoverage;
  readonly scanning: boolean;
  readonly figures: ScannerFigures;
  readonly source: SourceStatus;
  readonly enabled: boolean;
  /** What keeps the whole from being right, beside what lines say; for people. */
  readonly fault?: string | undefined;
}

/** The state in a few figures. Whatever could not be checked keeps it from being `idle`. */
export function statusOf(input: StatusInput): StatusParams {
  const { figures, coverage } = input;
  const counts = { vulnerable: 0, possiblyVulnerable: 0, failed: 0, skipped: 0, ignored: 0 };
  let oldestMs = Infinity;
  let first: LineTally['firstFailure'];
  const reasons = new Set<FailureReason>();
  for (const { known, failed, skipped, oldestCheckedAt, firstFailure, failureReasons } of input.tallies) {
    counts.vulnerable += known.vulnerable;
    counts.possiblyVulnerable += known.possiblyVulnerable;
    counts.ignored += known.ignored;
    counts.failed += failed;
    counts.skipped += skipped;
    oldestMs = Math.min(oldestMs, oldestCheckedAt);
    first ??= firstFailure;
    failureReasons.forEach((reason) => reasons.add(reason));
  }
  const fault = input.enabled ? input.fault : undefined;
  const message = input.enabled ? (fault ?? first?.message) : 'Pinwatch is switched off by its setting "enable".';
  return {
    state: fault === undefined || input.scanning ? stateOf(input.scanning, [...reasons]) : 'error',
    ...counts,
    ...coverageStatus(coverage),
    cache: {
      hits: figures.hits,
      misses: figures.misses,
      hitRate: hitRate(figures),
      entries: figures.entries,
    },
    source: input.source,
    ...(Number.isFinite(oldestMs) ? { oldestAnswerAt: new Date(oldestMs).toISOString() } : {}),
    ...(message === undefined ? {} : { message }),
  };
}

function coverageStatus(
  coverage: LineCoverage,
): Pick<StatusParams, 'requirements' | 'assessed' | 'checking' | 'unread' | 'dataAgeDays' | 'headline' | 'isOld'> {
  const { requirements, assessed, checking, unread, freshness } = coverage;
  const { dataAgeSeconds } = freshness ?? {};
  return {
    requirements,
    assessed,
    checking,
    unread,
    headline: headlineOf(coverage).kind,
    isOld: freshness !== undefined && isOld(freshness),
    ...(dataAgeSeconds === undefined ? {} : { dataAgeDays: ageInDays(dataAgeSeconds) }),
  };
}

/** Who is asked. To the minute, so that it does not change with every look at the clock. */
export function sourceStatus(source: ReportSource, osvUrl: string, now: number): SourceStatus {
  if (source.kind === 'osv') {
    return { url: osvUrl, isDefault: osvUrl === defaultSettings.osvUrl };
  }
  const { dataAge } = source;
  const minute = 60_000;
  const currentAt =
    dataAge === undefined ? null : new Date(Math.round((now - dataAge * 1000) / minute) * minute).toISOString();
  return { url: osvUrl, isDefault: false, database: { currentAt } };
}

function stateOf(scanning: boolean, reasons: readonly FailureReason[]): ServiceState {
  if (scanning) {
    return 'scanning';
  }
  if (reasons.length === 0) {
    return 'idle';
  }
  if (reasons.some((reason) => reason === 'internal' || reason === 'settings')) {
    return 'error';
  }
  return reasons.every((reason) => reason === 'offline' || reason === 'timeout') ? 'offline' : 'degraded';
}
