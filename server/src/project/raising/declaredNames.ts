import type { LineBounds } from '../../core/assessment/decided/lineBounds.ts';
import type { LockKind } from '../../core/assessment/decided/decidedVersions.ts';
import { isPin } from '../../core/assessment/lookup.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import { type Bound, boundOf } from '../../core/fixes/bound.ts';
import { holdsIn, type MarkerValues } from '../../core/markers/holdsIn.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { plainText } from '../../core/text/plainText.ts';
import { contains, parseClause } from '../../core/versions/specifier.ts';
import type { Version } from '../../core/versions/version.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { isNoDeclaration } from '../declarers.ts';
import type { Declared } from './raise.ts';

/** A file that declares what a lock, a compiled file or an environment holds. */
export interface DeclaringFile {
  /** For people. */
  readonly shown: string;
  readonly requirements: readonly PlacedRequirement[];
  /** What pip reads together with it. */
  readonly limits?: LineBounds | undefined;
}

/** What files declare together. */
export interface DeclaredNames {
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** What all other lines ask of a package: constraints, and what forces a version. */
  readonly limitsOn: (name: PackageName, values: MarkerValues) => readonly Bound[];
}

/** `kind`: of what holds it. */
export function declaredNames(files: readonly DeclaringFile[], kind: LockKind): DeclaredNames {
  const declared = new Map<PackageName, Declared>();
  const own = new Map<PackageName, Bound[]>();
  for (const { shown, requirements } of files) {
    const here = new Map<PackageName, Declared>();
    for (const requirement of requirements) {
      const name = requirement.normalizedName as PackageName;
      if (name === ('' as PackageName)) continue;
      if (isNoDeclaration(requirement, { kind })) {
        const bound = ownBound(requirement, shown);
        if (bound !== undefined) own.set(name, [...(own.get(name) ?? []), bound]);
      } else {
        here.set(name, joined(here.get(name), declaredBy(requirement)));
      }
    }
    for (const [name, one] of here) {
      const before = declared.get(name);
      declared.set(name, { ...joined(before, one), files: (before?.files ?? 0) + 1 });
    }
  }
  return {
    declared,
    limitsOn: (name, values) => [
      ...(own.get(name) ?? []),
      ...files.flatMap(({ limits }) => otherBounds(limits, name, values)),
    ],
  };
}

/** The same where files declare the same. */
export function declaredKey(requirements: readonly PlacedRequirement[]): string {
  return JSON.stringify(
    requirements.map(({ normalizedName, specifier, extras, scope, within }) => [
      normalizedName,
      specifier,
      extras,
      scope,
      within?.limits.map(({ clauses }) => clauses.map(({ operator, version }) => operator + version)),
    ]),
  );
}

function declaredBy({ extras = [], within }: PlacedRequirement): Declared {
  const limits = (within?.limits ?? []).flatMap(({ clauses }) => clauses);
  return {
    extras,
    allows: (version) =>
      limits.every((clause) => {
        const read = parseClause(clause.operator, clause.version);
        return read !== undefined && contains([read], version, { prereleases: true });
      }),
  };
}

function joined(before: Declared | undefined, one: Declared): Declared {
  return before === undefined
    ? one
    : {
        extras: [...before.extras, ...one.extras],
        allows: (version) => before.allows(version) && one.allows(version),
      };
}

/** A limit that the file sets itself, for its tool. What only builds it limits nothing else. */
function ownBound(requirement: PlacedRequirement, shown: string): Bound | undefined {
  const { scope, subject, specifier, tokenRange, limit } = requirement;
  if (subject.kind !== 'lookup' || !/^(?:constraint|override)/u.test(scope ?? 'constraint')) return undefined;
  const place = `${shown}:${tokenRange.start.line + 1}`;
  // A lock may decide the version.
  if (limit !== undefined) return boundOf(limit, place, {});
  const { lookup } = subject;
  const pinned = isPin(lookup) ? parseVersion(lookup.version) : undefined;
  const allows = (version: Version): boolean =>
    isPin(lookup) ? version.key === pinned?.key : contains(lookup.specifier, version);
  return {
    place,
    text: plainText(specifier, 60),
    isOwn: false,
    allows,
  };
}

/** What a tool compiled is made again. */
function otherBounds(limits: LineBounds | undefined, name: PackageName, values: MarkerValues): readonly Bound[] {
  return (limits?.get(name) ?? [])
    .filter(
      ({ compiledBy, marker }) =>
        compiledBy === undefined && (marker === undefined || holdsIn(marker, values) !== false),
    )
    .map(({ clauses, source = '', line }) => boundOf(clauses, `${source}:${line + 1}`, {}));
}
