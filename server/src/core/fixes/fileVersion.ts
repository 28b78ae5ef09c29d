import { isWheelPath, readWheelName } from '../requirements/archives.ts';
import type { PackageName } from '../requirements/model.ts';
import { normalizeName } from '../requirements/packageName.ts';
import { parseVersion, type Version } from '../versions/version.ts';

/**
 * The version of a file of a project, by its name as pip reads it. `undefined` for what pip would not install (eggs,
 * installers, signatures), for files of other projects, and for versions that PEP 440 does not know.
 */
export function fileVersion(filename: string, name: PackageName): Version | undefined {
  if (filename.length > longestName || /[/\\]/.test(filename)) {
    return undefined;
  }
  return isWheelPath(filename) ? wheelVersion(filename, name) : sdistVersion(filename, name);
}

// Above what a file system takes.
const longestName = 500;

function wheelVersion(filename: string, name: PackageName): Version | undefined {
  const wheel = readWheelName(filename);
  return 'message' in wheel || wheel.normalized !== name ? undefined : parseVersion(wheel.version);
}

/** PEP 625 names have one dash; older ones may have more of them, in the name and in the version. */
function sdistVersion(filename: string, name: PackageName): Version | undefined {
  const stem = /^(.*)\.(?:tar\.gz|tgz|tar|tar\.bz2|tbz|zip|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i.exec(filename)?.[1];
  if (stem === undefined) {
    return undefined;
  }
  for (let dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
    if (normalizeName(stem.slice(0, dash)) === name) {
      return parseVersion(stem.slice(dash + 1));
    }
  }
  return undefined;
}
