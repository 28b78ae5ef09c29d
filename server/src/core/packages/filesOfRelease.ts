import { parseVersion } from '../versions/version.ts';
import type { Release, ReleaseFile } from './release.ts';

/** The files of a release, whichever way its version is written; `undefined` where the index does not have it. */
export function filesOfRelease(
  releases: readonly Release[] | undefined,
  version: string,
): readonly ReleaseFile[] | undefined {
  const key = parseVersion(version)?.key;
  return releases?.find((release) => release.version.key === key)?.files;
}
