import { isPin } from '../../core/assessment/lookup.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { contains, parseClause } from '../../core/versions/specifier.ts';
import type { Declared } from './raise.ts';

/** What the lines of a manifest declare. */
export interface DeclaredNames {
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** The same for the same. */
  readonly key: string;
}

export function declaredNames(requirements: readonly PlacedRequirement[]): DeclaredNames {
  const declared = new Map<PackageName, Declared>();
  const key: unknown[] = [];
  for (const { normalizedName, extras = [], within, subject } of requirements) {
    const name = normalizedName as PackageName;
    const limits = (within?.limits ?? []).flatMap(({ clauses }) => clauses);
    const isLimit = subject.kind === 'lookup' && !isPin(subject.lookup) && subject.lookup.isLimit === true;
    if (name === ('' as PackageName) || isLimit) continue;
    const before = declared.get(name);
    declared.set(name, {
      extras: [...(before?.extras ?? []), ...extras],
      allows: (version) =>
        before?.allows(version) !== false &&
        limits.every((clause) => {
          const read = parseClause(clause.operator, clause.version);
          return read !== undefined && contains([read], version, { prereleases: true });
        }),
    });
    key.push([name, extras, limits.map(({ operator, version }) => operator + version)]);
  }
  return { declared, key: JSON.stringify(key) };
}
