import { isWheelPath } from './archives.ts';
import { normalizeName, type PackageName } from './packageName.ts';

/**
 * The version in the name of a file of this project, as written there, found the way pip finds it. `undefined` for what pip
 * would not install (eggs, installers, signatures) and for files of other projects. One function for many files: nearly all
 * of them write the name of the project in the same one or two ways.
 */
export function fileVersionsOf(name: PackageName): (filename: string) => string | undefined {
  const known = new Map<string, boolean>();
  const isName = (written: string): boolean => {
    const isKnown = known.get(written);
    if (isKnown !== undefined) {
      return isKnown;
    }
    const isIt = normalizeName(written) === name;
    if (known.size < mostWays) known.set(written, isIt);
    return isIt;
  };
  return (filename) => {
    if (filename.length > longestName || /[/\\]/.test(filename)) {
      return undefined;
    }
    return isWheelPath(filename) ? wheelVersion(filename, isName) : sdistVersion(filename, isName);
  };
}

// Above what a file system takes.
const longestName = 500;
const mostWays = 20;

/** name-version(-build)-python-abi-platform.whl */
function wheelVersion(filename: string, isName: (written: string) => boolean): string | undefined {
  const parts = filename.slice(0, -'.whl'.length).split('-');
  const [written = '', version, build = ''] = parts;
  const hasForm = parts.length === 5 || (parts.length === 6 && /^\d/.test(build));
  return hasForm && !written.includes('__') && isName(written) ? version : undefined;
}

/** PEP 625 names have one dash; older ones may have more of them, in the name and in the version. */
function sdistVersion(filename: string, isName: (written: string) => boolean): string | undefined {
  const stem = /^(.*)\.(?:tar\.gz|tgz|tar|tar\.bz2|tbz|zip|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i.exec(filename)?.[1];
  if (stem === undefined) {
    return undefined;
  }
  for (let dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
    if (isName(stem.slice(0, dash))) {
      return stem.slice(dash + 1);
    }
  }
  return undefined;
}
