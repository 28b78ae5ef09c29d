import { entriesAffecting, type PackageAdvisories } from '../../advisories/packageAdvisories.ts';
import { compareVersions, type Version } from '../../versions/version.ts';
import { setHas } from '../../versions/versionSet.ts';
import { joinedVersions } from '../../advisories/fixedVersions.ts';
import type { PassedOver } from './fixAdvice.ts';
import type { Release } from '../../packages/release.ts';
import { releasesFor } from '../../packages/releasesFor.ts';

export interface SafeVersions {
  /** The smallest step up to a safe version. */
  readonly nearest: Version | undefined;
  readonly latest: Version | undefined;
  /** Lower fixed versions, ascending, and why none of them is the answer. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Where to go from an affected version: up, to a version that no known advisory of the package affects. Ascending order
 * keeps to the release line: 4.2.3 comes before 4.3 and 5.0. Pre-releases are for those who are on one already.
 *
 * With `releases`, of a package index, any release may be the answer that is not yanked; without, only versions that an
 * advisory calls fixed, since no other is known to exist.
 */
export function nearestSafe(
  version: Version,
  advisories: PackageAdvisories,
  releases: readonly Release[] | undefined,
): SafeVersions {
  const offered = releases && releasesFor(version, releases);
  const candidates = offered?.map((release) => release.version) ?? advisories.fixed;
  const above = candidates.filter((candidate) => compareVersions(candidate, version) > 0);
  const safe = above
    .filter(
      // What affects a candidate matters only for the few that are reported.
      ({ key }) => !setHas(advisories.vulnerable, key),
    )
    .filter((candidate) => objection(candidate, version, advisories, offered) === undefined);
  const [nearest] = safe;
  const fixed = joinedVersions(entriesAffecting(advisories, version).flatMap((entry) => entry.fixed));
  const lower = fixed.filter(
    (candidate) =>
      compareVersions(candidate, version) > 0 && (nearest === undefined || compareVersions(candidate, nearest) < 0),
  );
  return {
    nearest,
    latest: safe.at(-1),
    passedOver: lower.flatMap((candidate) => objection(candidate, version, advisories, offered) ?? []),
  };
}

/** Why a version is no answer for someone on `version`; `undefined` where it is one. */
export function objection(
  candidate: Version,
  version: Version | undefined,
  advisories: PackageAdvisories,
  releases: readonly Release[] | undefined,
): PassedOver | undefined {
  if (candidate.isPrerelease && version?.isPrerelease !== true) {
    return { version: candidate.normal, reason: 'prerelease', affectedBy: [] };
  }
  if (setHas(advisories.vulnerable, candidate.key)) {
    const affectedBy = entriesAffecting(advisories, candidate).map(({ displayId }) => displayId);
    return { version: candidate.normal, reason: 'affected', affectedBy: [...new Set(affectedBy)].sort() };
  }
  if (releases === undefined) {
    return undefined;
  }
  const release = releases.find((one) => one.version.key === candidate.key);
  return release === undefined || release.yanked
    ? { version: candidate.normal, reason: release === undefined ? 'missing' : 'yanked', affectedBy: [] }
    : undefined;
}
