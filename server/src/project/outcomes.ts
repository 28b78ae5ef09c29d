import { type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import type { Outcome } from '../core/assessment/outcome.ts';
import type { AssessedRequirement, PlacedRequirement } from '../core/assessment/requirement.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import { reasonOf } from './reasonOf.ts';

/** By `lookupKey`. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/**
 * One answer a look-up; those that are `known` are not asked again. Never rejects for an aborted signal: what is unanswered
 * has failed then, and what was answered, or named without details, stays.
 */
export async function outcomesOf(
  lists: readonly (readonly Pick<PlacedRequirement, 'subject'>[])[],
  scanner: Scanner,
  signal: AbortSignal,
  known: Outcomes = new Map(),
): Promise<Outcomes> {
  const all = [...new Set(lists)].flatMap(lookupsOf);
  const lookups = known.size === 0 ? all : all.filter((lookup) => !known.has(lookupKey(lookup)));
  let soFar: Outcomes = new Map();
  const onAborted = (answered: Outcomes): void => void (soFar = answered);
  try {
    const answered = await scanner.scan(lookups, { signal, onAborted });
    return known.size === 0 ? answered : new Map([...known, ...answered]);
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
    const unanswered: Outcome = { kind: 'failed', reason: 'timeout', message: reasonOf(signal) };
    return new Map([
      ...known,
      ...lookups.map((lookup) => [lookupKey(lookup), soFar.get(lookupKey(lookup)) ?? unanswered] as const),
    ]);
  }
}

/** Each list is assessed once, however many copies of a file share it. */
export function assessor(
  outcomes: Outcomes,
  /** What is said of an answer; as it is where absent. */
  advise: (outcome: Outcome, lookup: Lookup) => Outcome = (outcome) => outcome,
): (requirements: readonly PlacedRequirement[]) => readonly AssessedRequirement[] {
  const all = new Map<readonly PlacedRequirement[], readonly AssessedRequirement[]>();
  return (requirements) => {
    const known = all.get(requirements) ?? requirements.map((requirement) => assessed(requirement, outcomes, advise));
    all.set(requirements, known);
    return known;
  };
}

/** Each look-up that was asked has one. */
export function outcomeIn(outcomes: Outcomes, lookup: Lookup): Outcome {
  const outcome = outcomes.get(lookupKey(lookup));
  if (outcome === undefined) {
    throw new Error(`no outcome for ${lookupKey(lookup)}`);
  }
  return outcome;
}

function lookupsOf(requirements: readonly Pick<PlacedRequirement, 'subject'>[]): readonly Lookup[] {
  return requirements.flatMap(({ subject }) => (subject.kind === 'lookup' ? [subject.lookup] : []));
}

function assessed(
  requirement: PlacedRequirement,
  outcomes: Outcomes,
  advise: (outcome: Outcome, lookup: Lookup) => Outcome,
): AssessedRequirement {
  const { subject } = requirement;
  return subject.kind === 'settled'
    ? { ...requirement, outcome: subject.outcome }
    : { ...requirement, outcome: advise(outcomeIn(outcomes, subject.lookup), subject.lookup) };
}
