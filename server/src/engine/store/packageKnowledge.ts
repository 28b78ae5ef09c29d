import type { PackageName } from '../../core/packages/packageName.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import { packageAdvisories } from '../../core/advisories/packageAdvisories.ts';
import type { VectorScores } from '../../core/advisories/severity.ts';
import { FindingMemo } from '../../core/assessment/findings.ts';
import type { PackageFacts } from '../../core/assessment/packageFacts.ts';
import type { Release } from '../../core/packages/release.ts';
import type { Match } from '../ports.ts';

/** Every advisory of a package as it was when somebody was asked. Immutable; a change makes a new one. */
export interface PackageKnowledge {
  readonly name: PackageName;
  readonly facts: PackageFacts;
  /** Ids of live records of which not all could be read: nobody can say what else they affect. */
  readonly unreadable: readonly string[];
  /** `modified` by record id as the service's batches last gave it; opaque. */
  readonly stamps: ReadonlyMap<string, string>;
  /** The list is known to be complete as of then; milliseconds since the epoch. */
  readonly checkedAt: number;
  /** The oldest of the records is from then. */
  readonly fetchedAt: number;
}

export interface KnowledgeParts {
  readonly name: PackageName;
  readonly advisories: readonly Advisory[];
  readonly unreadable?: readonly string[];
  readonly stamps?: ReadonlyMap<string, string>;
  readonly releases?: readonly Release[] | undefined;
  readonly checkedAt: number;
  readonly fetchedAt: number;
  /** Shared between packages. */
  readonly scores?: VectorScores | undefined;
}

export function packageKnowledge(parts: KnowledgeParts): PackageKnowledge {
  const { name, advisories, unreadable = [], stamps = new Map(), releases, checkedAt, fetchedAt, scores } = parts;
  return {
    name,
    facts: { advisories: packageAdvisories(name, advisories), releases, memo: new FindingMemo(scores) },
    unreadable,
    stamps,
    checkedAt,
    fetchedAt,
  };
}

export function advisoriesOf({ facts }: PackageKnowledge): readonly Advisory[] {
  return facts.advisories.entries.map(({ advisory }) => advisory);
}

/** Empty where nothing is known. */
export function advisoriesById(knowledge: PackageKnowledge | undefined): ReadonlyMap<string, Advisory> {
  return new Map(knowledge && advisoriesOf(knowledge).map((advisory) => [advisory.id, advisory]));
}

/** The matches whose record is not held, or not as the service has it now. */
export function outdated(knowledge: PackageKnowledge, matches: readonly Match[]): readonly Match[] {
  const held = advisoriesById(knowledge);
  return matches.filter(({ id, modified }) => {
    const advisory = held.get(id);
    return (
      advisory === undefined ||
      (knowledge.stamps.get(id) !== modified && inMicroseconds(advisory.modified) !== inMicroseconds(modified))
    );
  });
}

/**
 * The same with these records in place of what was held of them. With `completeAt` the matches are all there is as of
 * then, so that what they do not name is gone (withdrawn).
 */
export function updated(
  knowledge: PackageKnowledge,
  matches: readonly Match[],
  fetched: readonly Advisory[],
  completeAt: number | undefined,
): PackageKnowledge {
  const stamps = new Map([...knowledge.stamps, ...matches.map(({ id, modified }) => [id, modified] as const)]);
  const ids = new Set(matches.map(({ id }) => id));
  const records = new Map([...advisoriesOf(knowledge), ...fetched].map((advisory) => [advisory.id, advisory]));
  const kept = [...records.values()].filter(({ id }) => completeAt === undefined || ids.has(id));
  if (completeAt === undefined && fetched.length === 0) {
    return { ...knowledge, stamps };
  }
  return packageKnowledge({
    ...knowledge,
    scores: knowledge.facts.memo?.scores,
    advisories: kept,
    releases: knowledge.facts.releases,
    unreadable: completeAt === undefined ? knowledge.unreadable : knowledge.unreadable.filter((id) => ids.has(id)),
    stamps,
    checkedAt: completeAt ?? knowledge.checkedAt,
  });
}

/** Batches give six digits of the second, records up to nine (osv.dev). Only for telling whether two stamps are the same. */
function inMicroseconds(stamp: string): string {
  const [, seconds, digits = ''] = /^(.*:\d\d)(?:\.(\d+))?Z$/u.exec(stamp) ?? [];
  return seconds === undefined ? stamp : `${seconds}.${digits.slice(0, 6).padEnd(6, '0')}Z`;
}
