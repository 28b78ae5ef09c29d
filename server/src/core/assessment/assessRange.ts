import type { KnownAdvisory, PackageAdvisories } from '../advisories/packageAdvisories.ts';
import { hasRelease, toInterval } from '../versions/boundary.ts';
import type { Interval } from '../versions/boundary.ts';
import { admittedVersions, asksForPrereleases, contains } from '../versions/specifier.ts';
import type { VersionSpecifier } from '../versions/specifier.ts';
import { parseVersion } from '../versions/version.ts';
import { intersect, subtract, union } from '../versions/versionSet.ts';
import type { VersionSet } from '../versions/versionSet.ts';
import type { Verdict } from './outcome.ts';

export interface RangeAssessment {
  /**
   * `vulnerable` only where every release that the specifier allows is affected; `possiblyVulnerable` where some are;
   * `clean` where none of those that can be installed is.
   */
  readonly verdict: Verdict;
  /** The allowed versions that are affected, ascending; empty where the verdict is `clean`. */
  readonly vulnerable: VersionSet;
  /** All that the specifier allows. */
  readonly admitted: VersionSet;
  /** Whether pre-releases count. */
  readonly prereleases: boolean;
  /** The advisories that affect one of them, in the given order, each with the allowed versions that it affects. */
  readonly affecting: readonly KnownAdvisory[];
  /** A part of `vulnerable` for people. */
  readonly intervalsOf: (set: VersionSet) => readonly Interval[];
}

/**
 * What advisories mean for a requirement that allows more than one release. Nobody says which releases there are, so
 * this goes by all versions that could be; the answer is only as complete as `advisories`, which must be all of the
 * package.
 *
 * Pre-releases count where the specifier names one, or where no final release is known that it allows: only then does
 * an installer take them. Local versions are not on package indexes and do not count.
 */
export function assessRange(specifier: VersionSpecifier, advisories: PackageAdvisories): RangeAssessment {
  const admitted = admittedVersions(specifier);
  const prereleases = specifier.some(asksForPrereleases) || !admitsKnownFinal(specifier, advisories);
  const releasesOf = (set: VersionSet): VersionSet => set.filter((stretch) => hasRelease(stretch, prereleases));

  const affecting = advisories.entries
    .map(({ advisory, versions }) => ({ advisory, versions: releasesOf(intersect(admitted, versions)) }))
    .filter(({ versions }) => versions.length > 0);
  const vulnerable = union(affecting.map(({ versions }) => versions));
  const rest = releasesOf(subtract(admitted, vulnerable));
  const known = spellings(specifier, advisories);
  return {
    verdict: vulnerable.length === 0 ? 'clean' : rest.length === 0 ? 'vulnerable' : 'possiblyVulnerable',
    vulnerable,
    admitted,
    prereleases,
    affecting,
    intervalsOf: (set) => set.map((stretch) => toInterval(stretch, known)),
  };
}

/** Whether the advisories speak of a final release that the specifier allows. `0` stands for "from the start". */
function admitsKnownFinal(specifier: VersionSpecifier, { name, entries }: PackageAdvisories): boolean {
  return entries.some(({ advisory }) =>
    advisory.affected.some(
      (entry) =>
        entry.name === name &&
        [...entry.ranges.flat().map(({ version }) => version), ...entry.versions].some((text) => {
          const version = text === '0' ? undefined : parseVersion(text);
          return version !== undefined && !version.isPrerelease && contains(specifier, version);
        }),
    ),
  );
}

/** How the specifier and the advisories write their versions, by key; the specifier has the last word. */
function spellings(specifier: VersionSpecifier, { name, entries }: PackageAdvisories): ReadonlyMap<string, string> {
  const events = entries.flatMap(({ advisory }) =>
    advisory.affected.filter((entry) => entry.name === name).flatMap(({ ranges }) => ranges.flat()),
  );
  const versions = [
    ...events.flatMap((event) => parseVersion(event.version) ?? []),
    ...specifier.flatMap((clause) => (clause.wildcard ? [] : (clause.version ?? []))),
  ];
  return new Map(versions.map(({ key, normal }) => [key, normal]));
}
