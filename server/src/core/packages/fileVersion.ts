import { isWheelPath } from './archives.ts';
import { normalizeName, type PackageName } from './packageName.ts';

/**
 * The version in the name of a file of a project, as written there, found the way pip finds it. `undefined` for what pip
 * would not install (eggs, installers, signatures) and for files of other projects.
 */
export function fileVersion(filename: string, name: PackageName): string | undefined {
  if (filename.length > longestName || /[/\\]/.test(filename)) {
    return undefined;
  }
  return isWheelPath(filename) ? wheelVersion(filename, name) : sdistVersion(filename, name);
}

// Above what a file system takes.
const longestName = 500;

/** name-version(-build)-python-abi-platform.whl */
function wheelVersion(filename: string, name: PackageName): string | undefined {
  const parts = filename.slice(0, -'.whl'.length).split('-');
  const [written = '', version, build = ''] = parts;
  const hasForm = parts.length === 5 || (parts.length === 6 && /^\d/.test(build));
  return hasForm && !written.includes('__') && normalizeName(written) === name ? version : undefined;
}

/** PEP 625 names have one dash; older ones may have more of them, in the name and in the version. */
function sdistVersion(filename: string, name: PackageName): string | undefined {
  const stem = /^(.*)\.(?:tar\.gz|tgz|tar|tar\.bz2|tbz|zip|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i.exec(filename)?.[1];
  if (stem === undefined) {
    return undefined;
  }
  for (let dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
    if (normalizeName(stem.slice(0, dash)) === name) {
      return stem.slice(dash + 1);
    }
  }
  return undefined;
}
