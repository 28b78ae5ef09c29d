import { type Freshness, freshnessOf } from '../core/report/freshness.ts';
import type { Coverage } from '../core/report/headline.ts';
import type { PlacedProblem, ReportSource } from '../core/report/scanReport.ts';
import { isWhollyIgnored } from '../core/policy/markIgnored.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import type { LineState } from './lineState.ts';

export interface LinesAndProblems {
  readonly lines: readonly LineState[];
  readonly problems: readonly PlacedProblem[];
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
  const counts = { requirements: 0, assessed: 0, skipped: 0, failed: 0, open: 0, ignored: 0, unread: 0, checking: 0 };
  const outcomes: Outcome[] = [];
  for (const { lines, problems } of files) {
    counts.requirements += lines.length;
    counts.unread += unreadLines(lines, problems);
    for (const { state } of lines) {
      counts.checking += state.kind === 'pending' ? 1 : 0;
      const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
      if (outcome === undefined) {
        continue;
      }
      outcomes.push(outcome);
      counts[outcome.kind]++;
      if (outcome.kind === 'assessed' && outcome.verdict !== 'clean') {
        counts[isWhollyIgnored(outcome) ? 'ignored' : 'open']++;
      }
    }
  }
  return {
    ...counts,
    skippedPaths: 0,
    freshness: freshnessOf(context.source, outcomes, { ...context, nowMs: context.now }),
  };
}

/** A line that cannot be read as a requirement has failed, and counts there. */
function unreadLines(lines: readonly LineState[], problems: readonly PlacedProblem[]): number {
  if (problems.length === 0) {
    return 0;
  }
  const invalid = new Set(
    lines
      .filter(({ state }) => state.kind === 'settled' && state.outcome.kind === 'failed')
      .map(({ requirement }) => requirement.range.start.line),
  );
  return problems.filter(({ range }) => !invalid.has(range.start.line)).length;
}
