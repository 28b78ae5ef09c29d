import { advisoriesAffecting } from '../../core/advisories/packageAdvisories.ts';
import type { Assessment } from '../../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import { type Assessed, isIncomplete } from '../../core/assessment/outcome.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { packageBasis } from './cacheKey.ts';
import type { DerivedAnswers } from './derivedForms.ts';
import { advisoriesOf, type PackageKnowledge } from './packageKnowledge.ts';
import type { Match } from '../ports.ts';
import { type StoredPackage, storedReleases } from './storedForms.ts';

/** Names what the answers of a package follow from: its live records as decoded, and its releases. */
export function basisOf(knowledge: PackageKnowledge): string {
  return packageBasis(JSON.stringify([advisoriesOf(knowledge), storedReleases(knowledge)]));
}

/**
 * Whether an outcome that was worked out from what the service matched is what the knowledge itself says of the look-up:
 * the same records, all of them at hand. Only such an outcome may be told again from the knowledge alone.
 */
export function follows(lookup: Lookup, outcome: Assessed, knowledge: PackageKnowledge): boolean {
  if (knowledge.unreadable.length > 0 || isIncomplete(outcome)) {
    return false;
  }
  if (!isPin(lookup)) {
    return true;
  }
  const version = parseVersion(lookup.version);
  const affecting = version && advisoriesAffecting(knowledge.facts.advisories, version).map(({ id }) => id);
  return affecting !== undefined && isSameSet(affecting, recordsIn(outcome));
}

/** What storage knows of a package besides its records. */
export interface StoredKnowledge {
  readonly form: StoredPackage;
  readonly checkedAt: number;
  readonly derived: DerivedAnswers | undefined;
}

/**
 * The outcome that the package's knowledge and the service's own answer would come to, without either being worked out
 * again; `undefined` where they have to be. The younger of the two counts, as it does there.
 */
export function derivedOutcome(
  lookup: Lookup,
  { form, checkedAt, derived }: StoredKnowledge,
  answer: { readonly matches: readonly Match[]; readonly checkedAt: number } | undefined,
): Assessed | undefined {
  const held =
    derived !== undefined && derived.basis === form.basis ? derived.answers.get(lookupKey(lookup)) : undefined;
  if (held === undefined) {
    return undefined;
  }
  if (answer === undefined || answer.checkedAt <= checkedAt) {
    return { kind: 'assessed', ...held, checkedAt };
  }
  const stamps = new Map(form.stamps);
  const isSame =
    answer.matches.every(({ id, modified }) => stamps.get(id) === modified) &&
    isSameSet(
      answer.matches.map(({ id }) => id),
      recordsIn(held),
    );
  return isSame ? { kind: 'assessed', ...held, checkedAt: answer.checkedAt } : undefined;
}

function recordsIn({ findings }: Pick<Assessment, 'findings'>): readonly string[] {
  return findings.flatMap(({ records }) => records);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((entry) => right.has(entry));
}
