import type { ReportSource } from '../core/report/reportSource.ts';
import { type Freshness, freshnessOf } from '../core/report/freshness.ts';
import type { Coverage } from '../core/report/headline.ts';
import { isRemark } from '../core/report/scanReport.ts';
import type { PlacedProblem } from '../core/text/position.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import type { LineState } from './lineState.ts';
import { type LineTally, lineTally } from './lineTally.ts';

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
  const sums = { requirements: 0, assessed: 0, skipped: 0, failed: 0, brokenOff: 0, open: 0, ignored: 0, checking: 0 };
  const counts = { ...sums, unread: 0 };
  const oldest: Outcome[] = [];
  for (const file of files) {
    const tally = tallyOf(file);
    for (const name of summed) {
      counts[name] += tally[name];
    }
    counts.unread += file.problems.filter(
      (problem) => !isRemark(problem) && !tally.failedLines.has(problem.range.start.line),
    ).length;
    oldest.push(...tally.oldest);
  }
  return {
    ...counts,
    skippedPaths: 0,
    freshness: freshnessOf(context.source, oldest, { ...context, nowMs: context.now }),
  };
}

/** What the lines of a file come to, counted now unless the file has it at hand. */
export function tallyOf({ tally, lines }: LinesAndProblems): LineTally {
  return tally ?? lineTally(lines);
}

const summed = ['requirements', 'assessed', 'skipped', 'failed', 'brokenOff', 'open', 'ignored', 'checking'] as const;
