import { pinnedVersion } from '../versions/pinnedVersion.ts';
import { type LockedPackage, lockedPackage } from './lockedPackage.ts';
import { askedName, type Manifest } from './manifest.ts';

/** Of the pins of a compiled file. What has a URL or a range is there without a version. */
export function packagesOfPins(file: Pick<Manifest, 'entries' | 'contentOf'>): readonly LockedPackage[] {
  return file.entries.flatMap((_, index) => {
    const content = file.contentOf(index);
    const name = askedName(content);
    if (content === undefined || name === undefined) {
      return [];
    }
    const pinned = content.kind === 'index' ? pinnedVersion(content.specifier?.clauses ?? []) : undefined;
    return lockedPackage(name.text, pinned?.kind === 'pin' ? pinned.clause.version : undefined);
  });
}
