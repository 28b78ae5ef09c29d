import type { Clause } from './clause.ts';
import { admittedVersions, contains, parseClause } from './specifier.ts';
import type { VersionClause } from './specifier.ts';
import { parseVersion } from './version.ts';
import type { Version } from './version.ts';

export type PinnedVersion =
  /** The clauses allow this version, and one of them says so exactly. */
  | { readonly kind: 'pin'; readonly version: Version; readonly clause: Clause }
  /** There is no clause. */
  | { readonly kind: 'unpinned' }
  /** More than one release may fulfil the clauses. */
  | { readonly kind: 'range' }
  /** No version fulfils all clauses. */
  | { readonly kind: 'contradictory' }
  /** The clause's version cannot be ordered: `===` with other text, or what only old pips accepted. */
  | { readonly kind: 'notPep440'; readonly clause: Clause };

/**
 * The one version a requirement asks for, if it does. A floor (`>=1.0`) or a wildcard is no pin: which release gets
 * installed is then decided elsewhere.
 */
export function pinnedVersion(clauses: readonly Clause[]): PinnedVersion {
  if (clauses.length === 0) {
    return { kind: 'unpinned' };
  }
  const [only] = clauses;
  // Most requirements: what the clause allows need not be worked out to know that it allows its own version.
  if (clauses.length === 1 && only?.operator === '==' && !only.version.endsWith('.*')) {
    const version = parseVersion(only.version);
    return version === undefined ? { kind: 'notPep440', clause: only } : { kind: 'pin', version, clause: only };
  }
  const parsed: VersionClause[] = [];
  const exact: { readonly version: Version; readonly text: string; readonly clause: Clause }[] = [];
  for (const clause of clauses) {
    const read = parseClause(clause.operator, clause.version);
    if (read?.version === undefined) {
      return { kind: 'notPep440', clause };
    }
    parsed.push(read);
    if (read.operator === '===' || (read.operator === '==' && !read.wildcard)) {
      exact.push({ version: read.version, text: read.text, clause });
    }
  }
  if (exact.length === 0) {
    return { kind: admittedVersions(parsed).length === 0 ? 'contradictory' : 'range' };
  }
  // Of `==1.0,==1.0+cu118` the second is the pin: the first allows it, not the other way round.
  const pin = exact.find(({ text }) => contains(parsed, text));
  return pin === undefined ? { kind: 'contradictory' } : { kind: 'pin', version: pin.version, clause: pin.clause };
}
