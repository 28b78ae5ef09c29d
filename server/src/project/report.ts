import type { ReportSource } from '../core/report/reportSource.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import { applyIgnores, type IgnoringFile } from '../core/ignores/applyIgnores.ts';
import { freshnessOf, outcomesOf } from '../core/report/freshness.ts';
import type { FileReport } from '../core/assessment/fileReport.ts';
import { manifestKinds } from '../core/manifests/manifestKinds.ts';
import { joinPlaces } from '../core/report/joinPlaces.ts';
import { uncheckedLocks } from '../core/report/uncheckedLocks.ts';
import type { ScanReport, ScanStatistics, SkippedPath } from '../core/report/scanReport.ts';
import type { ScannerFigures } from '../engine/lookup/scanner.ts';
import type { SourceCounters } from '../engine/ports.ts';
import { wholeMs } from './stopwatch.ts';

/** What a report on a project is made of, no matter who asks for it. */
export interface ReportParts {
  readonly scanId?: string | undefined;
  readonly source: ReportSource;
  /** In the order of the report. */
  readonly files: readonly IgnoringFile[];
  /** What exists and could not be read, in words; ignore files are added. */
  readonly unread: readonly string[];
  readonly skipped: readonly SkippedPath[];
  /** How many requirements were left out on purpose, by the part of the file that they are in. */
  readonly leftOut?: Readonly<Record<string, number>>;
  /** Scopes that were asked for and that no requirement is in. */
  readonly unknownScopes?: readonly string[];
  /** What the rules could not be checked for, in words. */
  readonly unjudged?: readonly string[];
  readonly statistics: ScanStatistics;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Older advisory data make the report incomplete. */
  readonly maxDataAgeDays: number;
  /** Anything skipped makes it incomplete. */
  readonly strict?: boolean;
}

/** The one way to a report: what is ignored is marked, and all that keeps it from being complete is in it. */
export function projectReport(parts: ReportParts): ScanReport {
  const {
    scanId,
    source,
    unread,
    skipped,
    unjudged = [],
    leftOut = {},
    unknownScopes = [],
    statistics,
    nowMs,
    maxDataAgeDays,
    strict,
  } = parts;
  const { files: ignored, ignoreFiles } = applyIgnores(parts.files, nowMs);
  const files = joinPlaces(ignored.filter((file) => !saysNothing(file)));
  return {
    ...(scanId === undefined ? {} : { scanId }),
    source,
    files,
    ignoreFiles,
    unread: [...unread, ...uncheckedLocks(files), ...unreadIgnoreFiles(parts.files)],
    skippedPaths: skipped,
    ...(Object.keys(leftOut).length === 0 ? {} : { leftOut }),
    ...(unknownScopes.length === 0 ? {} : { unknownScopes }),
    ...(unjudged.length === 0 ? {} : { unjudged }),
    freshness: freshnessOf(source, outcomesOf(files), { nowMs, maxDataAgeDays }),
    ...(strict === undefined ? {} : { strict }),
    statistics,
  };
}

/** A file of a name that may be about anything else, in which nothing is about packages. */
function saysNothing({ kind, requirements, problems }: FileReport): boolean {
  return requirements.length === 0 && problems.length === 0 && kind !== undefined && byContent.has(kind);
}

const byContent: ReadonlySet<string> = new Set(
  manifestKinds.flatMap(({ id, isByContent }) => (isByContent === true ? [id] : [])),
);

export function scanStatistics(
  { querybatch, query, vulns, retries }: SourceCounters,
  figures: Pick<ScannerFigures, 'hits' | 'misses'>,
  durationMs: number,
  timings?: Readonly<Record<string, number>>,
): ScanStatistics {
  const { hits, misses } = figures;
  return {
    requests: { querybatch, query, vulns },
    retries,
    cache: { hits, misses, hitRate: hitRate(figures) },
    durationMs: Math.round(durationMs),
    ...(timings === undefined ? {} : { timings: wholeMs(timings) }),
  };
}

/** 0 to 1; 0 where nothing was asked yet. */
export function hitRate({ hits, misses }: Pick<ScannerFigures, 'hits' | 'misses'>): number {
  const asked = hits + misses;
  return asked === 0 ? 0 : hits / asked;
}

/** Nobody knows what they would have said, so a report without them is not complete. */
function unreadIgnoreFiles(files: readonly IgnoringFile[]): readonly string[] {
  const lists = new Set<IgnoreList>(files.flatMap((file) => file.lists));
  return [...lists].flatMap(({ isUnread, problems }) =>
    isUnread === true ? problems.map(({ message }) => message) : [],
  );
}
