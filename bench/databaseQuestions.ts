import { decodeOsv } from '../server/src/core/advisories/decodeOsv.ts';
import { normalizeName, type PackageName } from '../server/src/core/packages/packageName.ts';
import { parseVersion, type Version } from '../server/src/core/versions/version.ts';
import { seededRandom } from '../test/osv-service/seededRandom.ts';

export interface MatchQuestion {
  readonly name: PackageName;
  readonly version: Version;
}

/** Half about packages with advisories, at versions that these name; half about packages without any. */
export function matchQuestions(records: readonly unknown[], count: number): readonly MatchQuestion[] {
  const random = seededRandom(7);
  const versions = new Map<PackageName, Set<string>>();
  for (const { advisory } of records.map(decodeOsv)) {
    for (const { name, versions: listed, ranges } of advisory?.affected ?? []) {
      const known = versions.get(name) ?? new Set();
      // `0` is asked in another way, and by nobody.
      [...listed, ...ranges.flat().map(({ version }) => version)]
        .filter((version) => version !== '0')
        .forEach((version) => known.add(version));
      versions.set(name, known);
    }
  }
  const packages = [...versions].map(([name, known]) => [name, [...known]] as const);
  return Array.from({ length: count }, (_, index) => {
    const [name, known] = packages[Math.floor(random() * packages.length)] ?? [normalizeName('none'), []];
    const version = parseVersion(known[Math.floor(random() * known.length)] ?? '1.0') ?? parseVersion('1.0');
    if (version === undefined) {
      throw new Error('1.0 is no version');
    }
    return { name: index % 2 === 0 ? name : normalizeName(`${name}-without-any`), version };
  });
}
