import type { Assessed, Failed, FailureReason, Outcome } from '../../core/assessment/outcome.ts';
import { isWhollyIgnored } from '../../core/ignores/markIgnored.ts';
import type { LineState } from './lineState.ts';

/** What the lines of one file come to: sums that those of all files are added up from, so that a change costs one file. */
export interface LineTally {
  readonly requirements: number;
  readonly assessed: number;
  readonly skipped: number;
  readonly failed: number;
  /** Assessed from an answer that broke off. */
  readonly brokenOff: number;
  /** With a finding that is not ignored, as last assessed. */
  readonly open: number;
  /** With ignored findings alone, as last assessed. */
  readonly ignored: number;
  /** Being looked up. */
  readonly checking: number;
  /** The same by verdict; what failed counts by what was known before. */
  readonly known: { readonly vulnerable: number; readonly possiblyVulnerable: number; readonly ignored: number };
  /** Of all answers that are shown, in milliseconds since the epoch; `Infinity` where there is none. */
  readonly oldestCheckedAt: number;
  /** At most three outcomes that tell how old the data are: no other one's are older. */
  readonly oldest: readonly Outcome[];
  /** Failures but for lines that cannot be read: the first one, and every reason. */
  readonly firstFailure: Pick<Failed, 'reason' | 'message'> | undefined;
  readonly failureReasons: ReadonlySet<FailureReason>;
  /** 0-based lines whose requirement has failed. */
  readonly failedLines: ReadonlySet<number>;
}

export function lineTally(lines: readonly LineState[]): LineTally {
  const counts = { assessed: 0, skipped: 0, failed: 0, brokenOff: 0, open: 0, ignored: 0, checking: 0 };
  const known = { vulnerable: 0, possiblyVulnerable: 0, ignored: 0 };
  const failedLines = new Set<number>();
  const failureReasons = new Set<FailureReason>();
  let firstFailure: LineTally['firstFailure'];
  let oldestCheckedAt = Infinity;
  let oldest: OldestOutcomes = {};
  for (const { requirement, state } of lines) {
    counts.checking += state.kind === 'pending' ? 1 : 0;
    const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
    if (outcome === undefined) {
      continue;
    }
    counts[outcome.kind]++;
    if (outcome.kind === 'assessed') {
      oldest = withOutcome(oldest, outcome);
      if (outcome.brokenOff !== undefined) {
        counts.brokenOff++;
        firstFailure ??= { reason: 'badResponse', message: outcome.brokenOff };
        failureReasons.add('badResponse');
      }
      if (outcome.verdict !== 'clean') {
        counts[isWhollyIgnored(outcome) ? 'ignored' : 'open']++;
      }
    } else if (outcome.kind === 'failed') {
      if (state.kind === 'settled') {
        failedLines.add(requirement.range.start.line);
      }
      if (outcome.reason !== 'invalid') {
        firstFailure ??= outcome;
        failureReasons.add(outcome.reason);
      }
    }
    const shown = outcome.kind === 'failed' ? outcome.lastKnown : outcome;
    if (shown?.kind === 'assessed') {
      oldestCheckedAt = Math.min(oldestCheckedAt, shown.checkedAt);
      if (shown.verdict !== 'clean') {
        known[isWhollyIgnored(shown) ? 'ignored' : shown.verdict]++;
      }
    }
  }
  return {
    requirements: lines.length,
    ...counts,
    known,
    oldestCheckedAt,
    oldest: Object.values(oldest),
    firstFailure,
    failureReasons,
    failedLines,
  };
}

/** Of each way to tell an age the outcome with the oldest data. */
interface OldestOutcomes {
  readonly answer?: Outcome;
  readonly local?: Outcome;
  readonly ageless?: Outcome;
}

function withOutcome(oldest: OldestOutcomes, outcome: Assessed): OldestOutcomes {
  if (outcome.local === undefined) {
    const { answer } = oldest;
    return answer?.kind === 'assessed' && answer.checkedAt <= outcome.checkedAt
      ? oldest
      : { ...oldest, answer: outcome };
  }
  const age = outcome.local.dataAgeSeconds;
  if (age === undefined) {
    return { ...oldest, ageless: outcome };
  }
  const { local } = oldest;
  const before = local?.kind === 'assessed' ? local.local?.dataAgeSeconds : undefined;
  return before !== undefined && before >= age ? oldest : { ...oldest, local: outcome };
}

/** What several tallies come to together. Of lines it knows no places. */
export function mergedTally(tallies: readonly LineTally[]): LineTally {
  const counts = {
    requirements: 0,
    assessed: 0,
    skipped: 0,
    failed: 0,
    brokenOff: 0,
    open: 0,
    ignored: 0,
    checking: 0,
  };
  const known = { vulnerable: 0, possiblyVulnerable: 0, ignored: 0 };
  const failureReasons = new Set<FailureReason>();
  let firstFailure: LineTally['firstFailure'];
  let oldestCheckedAt = Infinity;
  let oldest: OldestOutcomes = {};
  for (const tally of tallies) {
    counts.requirements += tally.requirements;
    counts.assessed += tally.assessed;
    counts.skipped += tally.skipped;
    counts.failed += tally.failed;
    counts.brokenOff += tally.brokenOff;
    counts.open += tally.open;
    counts.ignored += tally.ignored;
    counts.checking += tally.checking;
    known.vulnerable += tally.known.vulnerable;
    known.possiblyVulnerable += tally.known.possiblyVulnerable;
    known.ignored += tally.known.ignored;
    firstFailure ??= tally.firstFailure;
    tally.failureReasons.forEach((reason) => failureReasons.add(reason));
    oldestCheckedAt = Math.min(oldestCheckedAt, tally.oldestCheckedAt);
    for (const outcome of tally.oldest) {
      oldest = outcome.kind === 'assessed' ? withOutcome(oldest, outcome) : oldest;
    }
  }
  return {
    ...counts,
    known,
    oldestCheckedAt,
    oldest: Object.values(oldest),
    firstFailure,
    failureReasons,
    failedLines: noLines,
  };
}

const noLines: ReadonlySet<number> = new Set();
