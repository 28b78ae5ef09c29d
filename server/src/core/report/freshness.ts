import type { ReportSource } from './reportSource.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import type { Outcome } from '../assessment/outcome.ts';

/** How old the oldest data are that a report relies on, and how old they may be. */
export interface Freshness {
  /** Whole seconds; `undefined` where it is not known. */
  readonly dataAgeSeconds: number | undefined;
  readonly maxDataAgeDays: number;
}

/**
 * The freshness of what these outcomes rely on: of a database the age of its data, of a service that of the oldest answer relied on.
 * `undefined` where nothing was assessed, since there is nothing to rely on.
 */
export function freshnessOf(
  source: ReportSource,
  outcomes: Iterable<Outcome>,
  { nowMs, maxDataAgeDays }: { readonly nowMs: number; readonly maxDataAgeDays: number },
): Freshness | undefined {
  let oldest: number | undefined = -Infinity;
  for (const outcome of outcomes) {
    const age = outcomeAgeSeconds(outcome, source, nowMs);
    if (age !== undefined && oldest !== undefined) {
      oldest = age === 'unknown' ? undefined : Math.max(oldest, age);
    }
  }
  return oldest === -Infinity ? undefined : { dataAgeSeconds: oldest, maxDataAgeDays };
}

/** Older than allowed. Data of unknown age may be of any age. */
export function isOld({ dataAgeSeconds, maxDataAgeDays }: Freshness): boolean {
  return dataAgeSeconds === undefined || dataAgeSeconds > maxDataAgeDays * secondsADay;
}

/** In days with one decimal, rounded down. */
export function ageInDays(seconds: number): number {
  return Math.floor((seconds / secondsADay) * 10) / 10;
}

/** How old the data are that an outcome relies on, in whole seconds; `undefined` where it was not assessed. */
export function outcomeAgeSeconds(
  outcome: Outcome,
  source: ReportSource,
  nowMs: number,
): number | 'unknown' | undefined {
  if (outcome.kind !== 'assessed') {
    return undefined;
  }
  if (outcome.local !== undefined) {
    return outcome.local.dataAgeSeconds ?? 'unknown';
  }
  return source.kind === 'database'
    ? (source.dataAge ?? 'unknown')
    : Math.max(0, Math.floor((nowMs - outcome.checkedAt) / 1000));
}

const secondsADay = 86_400;

/** Every outcome of these files, in their order. */
export function outcomesOf(files: readonly FileReport[]): readonly Outcome[] {
  return files.flatMap(({ requirements }) => requirements.map(({ outcome }) => outcome));
}
