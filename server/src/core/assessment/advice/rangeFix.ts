import type { PackageAdvisories } from '../../advisories/packageAdvisories.ts';
import { toInterval } from '../../versions/boundary.ts';
import { parseVersion, type Version } from '../../versions/version.ts';
import { setHas, type Stretch, type VersionSet } from '../../versions/versionSet.ts';
import type { RangeChange } from '../../manifests/rewrite.ts';
import { objection } from './nearestSafe.ts';
import type { Release } from '../../packages/release.ts';
import { releasesFor } from '../../packages/releasesFor.ts';

export interface RangeFix {
  readonly change: RangeChange;
  /** The lowest safe version that is left; outside of the range where nothing in it is safe. */
  readonly nearest: Version | undefined;
  readonly latest: Version | undefined;
}

// More exclusions than this are harder to read than a new floor.
const mostExclusions = 3;

/**
 * The smallest change of a specifier that leaves out what is vulnerable and keeps its caps. Single bad releases (a
 * compromised upload) are excluded one by one; else the floor rises above the last vulnerable version.
 *
 * `allowed` is what the specifier lets through, `vulnerable` the part of it that is affected.
 */
export function rangeFix(
  admitted: VersionSet,
  vulnerable: VersionSet,
  advisories: PackageAdvisories,
  options: {
    readonly prereleases: boolean;
    readonly releases?: readonly Release[] | undefined;
    /** Of safe versions; all are where absent. */
    readonly isFit?: (version: Version) => boolean;
  },
): RangeFix {
  const releases = options.releases && releasesFor(undefined, options.releases);
  const candidates = (releases?.map((release) => release.version) ?? advisories.fixed).filter(
    (candidate) =>
      (options.prereleases || !candidate.isPrerelease) &&
      !setHas(advisories.vulnerable, candidate.key) &&
      objection(candidate, candidate, advisories, releases) === undefined,
  );
  const { isFit = () => true } = options;
  const inside = candidates.filter((candidate) => setHas(admitted, candidate.key) && isFit(candidate));
  const last = vulnerable.at(-1);
  const floor = last && inside.find((candidate) => candidate.key >= last.to);
  const singles = vulnerable.map(singleVersion);
  // An exclusion that leaves nothing known to be safe is no fix.
  if (inside.length > 0 && singles.length <= mostExclusions && singles.every((single) => single !== undefined)) {
    const versions = singles.map(({ normal }) => normal);
    return { change: { kind: 'exclude', versions }, nearest: floor ?? inside[0], latest: inside.at(-1) };
  }
  if (floor !== undefined) {
    return { change: { kind: 'floor', version: floor.normal }, nearest: floor, latest: inside.at(-1) };
  }
  const beyond = last && candidates.find((candidate) => candidate.key >= last.to);
  const highest = inside.at(-1);
  const change = { kind: 'none', ...(highest === undefined ? {} : { highestSafe: highest.normal }) } as const;
  return { change, nearest: beyond, latest: candidates.at(-1) };
}

/** The one version that a stretch consists of, local labels aside. */
function singleVersion(stretch: Stretch): Version | undefined {
  const { from, to } = toInterval(stretch, new Map());
  return from?.inclusive === true && to?.inclusive === true && from.version === to.version
    ? parseVersion(from.version)
    : undefined;
}
