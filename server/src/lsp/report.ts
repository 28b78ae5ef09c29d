import type { FileReport } from '../core/assessment/fileReport.ts';
import type { AssessedRequirement } from '../core/assessment/requirement.ts';
import type { ReportFormatId } from '../core/report/formats.ts';
import type { Failed } from '../core/assessment/outcome.ts';
import { renderReport } from '../core/report/renderReport.ts';
import type { ScanReport } from '../core/report/scanReport.ts';
import type { LineState } from '../features/lineState.ts';
import type { Engine, SourcedIgnores } from './environment.ts';
import { type FileId, fileId, shownBelow } from '../project/fileId.ts';
import { projectReport, scanStatistics } from '../project/report.ts';
import type { TrackedFile } from './trackedFile.ts';

export interface ReportScope {
  readonly engine: Engine;
  /** The ignore files that hold for a requirements file. */
  readonly ignoresOf: (file: FileId) => readonly SourcedIgnores[];
  /** Paths are written relative to these. */
  readonly folders: readonly FileId[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
  /** What the search for files left out on purpose. */
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
  /** Older advisory data make the report incomplete. */
  readonly maxDataAgeDays: number;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The report on these files, as they are shown this instant. */
export function reportText(files: readonly TrackedFile[], format: ReportFormatId, scope: ReportScope): string {
  const tool = { name: 'pinwatch', version: scope.version };
  return renderReport(format, reportOn(files, scope), { tool, time: new Date(scope.now).toISOString() });
}

function reportOn(
  files: readonly TrackedFile[],
  { engine, folders, unread, skipped, ignoresOf, maxDataAgeDays, now }: ScanScope,
): ScanReport {
  const { counters, scanner } = engine;
  const ignoring = files.map((file) => ({
    file: fileReport(file, folders),
    lists: ignoresOf(file.id).map(({ list }) => list),
  }));
  const report = projectReport({
    source: engine.describe(),
    files: ignoring,
    unread,
    skipped: skipped.map(({ uri, reason }) => ({ path: shownBelow(folders, fileId(uri)), reason })),
    statistics: scanStatistics(counters, scanner.figures, scanner.figures.durationsMs.at(-1) ?? 0),
    nowMs: now,
    maxDataAgeDays,
  });
  const sources = files.flatMap((file) => ignoresOf(file.id));
  const shownPath = (path: string): string =>
    shownBelow(folders, fileId(sources.find(({ list }) => list.path === path)?.uri ?? path));
  return {
    ...report,
    ignoreFiles: (report.ignoreFiles ?? []).map(({ path, problems }) => ({ path: shownPath(path), problems })),
  };
}

type ScanScope = Omit<ReportScope, 'version'>;

export function fileReport(file: TrackedFile, folders: readonly FileId[]): FileReport {
  return {
    path: shownBelow(folders, file.id),
    requirements: file.lines.map(assessedLine),
    problems: file.problems,
  };
}

function assessedLine({ requirement, state }: LineState): AssessedRequirement {
  return { ...requirement, outcome: state.kind === 'settled' ? state.outcome : { ...unanswered, ...lastKnown(state) } };
}

/** Its file was edited, or the look-up broken off, while the report was made. */
const unanswered: Failed = {
  kind: 'failed',
  reason: 'timeout',
  message: 'Its look-up had not ended when this report was made.',
};

function lastKnown({ before }: Extract<LineState['state'], { kind: 'pending' }>): Pick<Failed, 'lastKnown'> {
  return before === undefined ? {} : { lastKnown: before.outcome };
}
