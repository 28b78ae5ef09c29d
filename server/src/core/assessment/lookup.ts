import type { Clause } from '../versions/clause.ts';
import type { PackageName } from '../packages/packageName.ts';
import { parseClause, type VersionSpecifier } from '../versions/specifier.ts';
import { type Pin, pinKey } from './pin.ts';

/** What is looked up for a requirement: one release, or all that a specifier allows. */
export type Lookup = Pin | VersionRange;

export interface VersionRange {
  readonly name: PackageName;
  /** Empty where every release is allowed. */
  readonly specifier: VersionSpecifier;
  /** The clauses without spaces, as written otherwise. */
  readonly text: string;
  /** It stands in a constraints file, which by itself asks for nothing. */
  readonly isLimit?: true;
}

/** The identity of a look-up within a run; not the cache key. */
export function lookupKey(lookup: Lookup): string {
  return isPin(lookup) ? pinKey(lookup) : `${lookup.name} ${lookup.text}${lookup.isLimit ? ' (limit)' : ''}`;
}

export function isPin(lookup: Lookup): lookup is Pin {
  return 'version' in lookup;
}

/** `undefined` where a clause is none that PEP 440 allows. */
export function versionRange(name: PackageName, clauses: readonly Clause[]): VersionRange | undefined {
  const specifier = clauses.flatMap(({ operator, version }) => parseClause(operator, version) ?? []);
  const text = specifier.map((clause) => `${clause.operator}${clause.text}`).join(',');
  return specifier.length === clauses.length ? { name, specifier, text } : undefined;
}
