import { parseVersion, publicForm, type Version } from '../versions/version.ts';
import type { Release } from './release.ts';

/**
 * The releases that a requirement on `version` may go to; without one, a range. A local label marks another build, not a newer
 * release: who has one keeps it where there is such a build, and all others ask for the version without a label, which also
 * allows its builds (PEP 440).
 */
export function releasesFor(version: Version | undefined, releases: readonly Release[]): readonly Release[] {
  if (releases.every((release) => release.version.local === undefined)) {
    return releases;
  }
  const local = version?.local;
  const same = local === undefined ? [] : releases.filter((release) => release.version.local === local);
  return same.some((release) => version !== undefined && release.version.key > version.key) ? same : plain(releases);
}

/** Builds of one version as one release. */
function plain(releases: readonly Release[]): readonly Release[] {
  const byKey = new Map<string, Release>();
  for (const release of releases) {
    const version = release.version.local === undefined ? release.version : parseVersion(publicForm(release.version));
    const known = version && byKey.get(version.key);
    if (version === undefined) continue;
    if (known === undefined) {
      byKey.set(version.key, release.version === version ? release : { ...release, version, files: [] });
    } else if (known.yanked && !release.yanked) {
      byKey.set(version.key, { ...release, version: known.version, files: known.files });
    }
  }
  return [...byKey.values()].sort((a, b) => (a.version.key < b.version.key ? -1 : 1));
}
