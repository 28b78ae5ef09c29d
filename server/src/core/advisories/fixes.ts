import { fixedVersionsOf } from './fixedVersions.ts';
import type { PackageName } from '../requirements/model.ts';
import { compareVersions } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import { setHas } from '../versions/versionSet.ts';
import { affectedVersions } from './affectedVersions.ts';
import type { Advisory } from './advisory.ts';

export interface NearestFix {
  /** `undefined` where no version is known to be free of the advisories. */
  readonly version: Version | undefined;
  /** Lower fixed versions, ascending, and why none of them is the answer. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly version: Version;
  readonly reason: 'affected' | 'prerelease';
  /** The records that affect it; empty for a pre-release. */
  readonly affectedBy: readonly string[];
}

/**
 * The smallest step up to a version that fixes something and that none of the given advisories affects. Ascending order
 * keeps to the release line: 4.2.3 comes before 4.3 and 5.0. Pre-releases are for those who are on one already.
 *
 * The answer is only as complete as `advisories`: pass all of the package, not only those that affect the present
 * version, or the fix may itself be vulnerable. Whether the version exists and is not yanked only the index knows.
 */
export function nearestFix(name: PackageName, version: Version, advisories: readonly Advisory[]): NearestFix {
  const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
  const affected = live.map((advisory) => ({ id: advisory.id, versions: affectedVersions(advisory, name) }));
  const passedOver: PassedOver[] = [];
  for (const candidate of fixedVersionsOf(name, live)) {
    if (compareVersions(candidate, version) <= 0) {
      continue;
    }
    if (candidate.isPrerelease && !version.isPrerelease) {
      passedOver.push({ version: candidate, reason: 'prerelease', affectedBy: [] });
      continue;
    }
    const affectedBy = affected.filter(({ versions }) => setHas(versions, candidate.key)).map(({ id }) => id);
    if (affectedBy.length === 0) {
      return { version: candidate, passedOver };
    }
    passedOver.push({ version: candidate, reason: 'affected', affectedBy });
  }
  return { version: undefined, passedOver };
}
