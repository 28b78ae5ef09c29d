import type { PlacedProblem } from '../core/text/position.ts';
import { type Freshness, freshnessOf } from '../core/report/freshness.ts';
import type { Coverage } from '../core/report/words/headline.ts';
import type { ReportSource } from '../core/report/reportSource.ts';
import { isRemark } from '../core/report/scanReport.ts';
import type { LineState } from '../project/workspace/lineState.ts';
import { type LineTally, lineTally, mergedTally } from '../project/workspace/lineTally.ts';

export interface LinesAndProblems {
  readonly lines: readonly LineState[];
  /** A line that cannot be read as a requirement has failed, and counts there. */
  readonly problems: readonly PlacedProblem[];
  /** `lineTally(lines)`, where it is kept. */
  readonly tally?: LineTally;
}

/** What tells how old the data behind the lines are, and how old they may be. */
export interface AgeContext {
  readonly source: ReportSource;
  readonly now: number;
  readonly maxDataAgeDays: number;
}

export interface LineCoverage extends Coverage {
  /** Being looked up. What was known before them counts until the answer is there. */
  readonly checking: number;
  readonly freshness: Freshness | undefined;
}

/** What the lines shown in an editor come to, counted once for the code lens, the status and the view. */
export function lineCoverage(files: readonly LinesAndProblems[], context: AgeContext): LineCoverage {
  const unread = files.reduce((sum, file) => sum + unreadLines(file), 0);
  return coverageOf(mergedTally(files.map(tallyOf)), unread, context);
}

/** The same for lines that have been counted already. */
export function coverageOf(tally: LineTally, unread: number, context: AgeContext): LineCoverage {
  const { requirements, assessed, skipped, failed, brokenOff, open, ignored, checking, oldest } = tally;
  return {
    requirements,
    assessed,
    skipped,
    failed,
    brokenOff,
    open,
    ignored,
    unread,
    checking,
    skippedPaths: 0,
    freshness: freshnessOf(context.source, oldest, { ...context, nowMs: context.now }),
  };
}

/** Lines that could not be read; one whose requirement has failed counts there. */
export function unreadLines(file: LinesAndProblems): number {
  const { failedLines } = tallyOf(file);
  return file.problems.filter((problem) => !isRemark(problem) && !failedLines.has(problem.range.start.line)).length;
}

/** What the lines of a file come to, counted now unless the file has it at hand. */
export function tallyOf({ tally, lines }: LinesAndProblems): LineTally {
  return tally ?? lineTally(lines);
}
