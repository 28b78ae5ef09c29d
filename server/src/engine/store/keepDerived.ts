import type { Assessed } from '../../core/assessment/outcome.ts';
import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import { follows } from './derivedAnswers.ts';
import type { PackageKnowledge } from './packageKnowledge.ts';
import type { TierStorage } from './tierStorage.ts';

/**
 * What was just worked out, from the knowledge or without having any, need not be worked out the next time, where storage
 * says the same by itself.
 */
export function keepDerived(
  storage: TierStorage,
  knowledge: PackageKnowledge | undefined,
  outcomes: ReadonlyMap<Lookup, Assessed>,
): void {
  const { pages } = storage;
  outcomes.forEach((outcome, lookup) => pages?.note(lookup, outcome, knowledge));
  if (storage.keepsDerived && knowledge !== undefined) {
    const derived = [...outcomes].filter(([lookup, outcome]) => follows(lookup, outcome, knowledge));
    storage.keepDerived(knowledge, new Map(derived.map(([lookup, outcome]) => [lookupKey(lookup), outcome])));
  }
}
