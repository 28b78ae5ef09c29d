import type { Span } from '../text/position.ts';
import { isWheelPath } from '../packages/archives.ts';
import type { PackageName } from '../packages/packageName.ts';
import { lastSegment, readSdistVersion, readWheelName } from '../packages/archives.ts';
import type { PathRequirement, UrlRequirement } from '../manifests/requirement.ts';
import { parseVersion } from '../versions/version.ts';

/** What the file says that a requirement names by URL or path. */
export type FileRelease =
  | {
      readonly kind: 'release';
      readonly name: PackageName;
      readonly version: string;
      readonly fileName: string;
      readonly token: Span;
    }
  /** The file is a wheel of another package; pip refuses it. */
  | { readonly kind: 'otherPackage'; readonly fileName: string }
  /** A folder, a repository, or a file whose name does not say. */
  | { readonly kind: 'none' };

/**
 * The release that a file is by its name, as pip reads it: of every wheel (PEP 427), and of a source distribution where the
 * requirement names the package and the file name agrees (PEP 625). The version is in its normal form.
 */
export function fileRelease(item: UrlRequirement | PathRequirement): FileRelease {
  if (item.kind === 'path') {
    return item.name === undefined || item.version === undefined
      ? none
      : {
          kind: 'release',
          name: item.name.normalized,
          version: item.version,
          fileName: lastSegment(item.path.text),
          token: item.name.span,
        };
  }
  const { name, url, fileName, subdirectory } = item;
  if (fileName === undefined) {
    return none;
  }
  const token = name?.span ?? url.span;
  if (isWheelPath(fileName)) {
    const wheel = readWheelName(fileName);
    if ('message' in wheel) {
      return none;
    }
    return name === undefined || name.normalized === wheel.normalized
      ? { kind: 'release', name: wheel.normalized, version: wheel.version, fileName, token }
      : { kind: 'otherPackage', fileName };
  }
  // In a folder of the archive there may be another package.
  const text =
    name === undefined || subdirectory !== undefined ? undefined : readSdistVersion(fileName, name.normalized);
  const version = text === undefined ? undefined : parseVersion(text);
  return name === undefined || version === undefined
    ? none
    : { kind: 'release', name: name.normalized, version: version.normal, fileName, token };
}

const none = { kind: 'none' } as const;
