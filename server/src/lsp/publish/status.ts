import type { ServiceState, SourceStatus, StatusParams } from '../../../../protocol/messages/figures/status.ts';
import { defaultSettings } from '../../../../protocol/settings.ts';
import type { FailureReason } from '../../core/assessment/outcome.ts';
import { ageInDays, isOld } from '../../core/report/freshness.ts';
import { headlineOf } from '../../core/report/words/headline.ts';
import type { ReportSource } from '../../core/report/reportSource.ts';
import type { LineCoverage } from '../../features/lineCoverage.ts';
import type { LineTally } from '../../project/workspace/lineTally.ts';
import { hitRate } from '../../project/report.ts';
import type { ScannerFigures } from '../../engine/lookup/scanner.ts';

export interface StatusInput {
  /** Of all files together. */
  readonly tally: LineTally;
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
  const { figures, coverage, tally } = input;
  const { known, failed, skipped, oldestCheckedAt: oldestMs, firstFailure: first, failureReasons } = tally;
  const counts = {
    vulnerable: known.vulnerable,
    possiblyVulnerable: known.possiblyVulnerable,
    failed,
    skipped,
    ignored: known.ignored,
  };
  const fault = input.enabled ? input.fault : undefined;
  const message = input.enabled ? (fault ?? first?.message) : 'Pinwatch is switched off by its setting "enable".';
  return {
    state: fault === undefined || input.scanning ? stateOf(input.scanning, [...failureReasons]) : 'error',
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
