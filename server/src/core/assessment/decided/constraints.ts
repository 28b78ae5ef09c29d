import type { PinPlace } from './pinPlace.ts';
import type { PackageName } from '../../packages/packageName.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { rangeOf } from '../../manifests/places.ts';
import { pinnedVersion } from '../../versions/pinnedVersion.ts';
import type { Version } from '../../versions/version.ts';

/** What a constraints file says about one package. */
export interface ConstraintPin {
  readonly version: Version;
  /** As written. */
  readonly text: string;
  /** The constraints file, as people know it. */
  readonly source: string;
  readonly place?: PinPlace;
}

/** Pins by package; `conflicting` where two constraints files pin different versions. */
export type ConstraintPins = ReadonlyMap<PackageName, ConstraintPin | 'conflicting'>;

export const noConstraints: ConstraintPins = new Map();

export function constraintPins(
  /** Pins have a place where their file has a URI. */
  files: readonly { readonly source: string; readonly file: Manifest; readonly uri?: string }[],
): ConstraintPins {
  const pins = new Map<PackageName, ConstraintPin | 'conflicting'>();
  for (const { source, file, uri } of files) {
    for (const index of file.entries.keys()) {
      const item = file.contentOf(index);
      const pinned = item?.kind === 'index' ? pinnedVersion(item.specifier?.clauses ?? []) : undefined;
      if (item?.kind !== 'index' || pinned?.kind !== 'pin' || item.marker !== undefined) {
        continue; // a pin under a marker may not hold here; it decides nothing
      }
      const name = item.name.normalized;
      const known = pins.get(name);
      const same = known === undefined || (known !== 'conflicting' && known.version.key === pinned.version.key);
      const { version, clause } = pinned;
      const place = uri === undefined ? {} : { place: { uri, range: rangeOf(file, index, clause.versionSpan) } };
      pins.set(name, same ? { version, text: clause.version, source, ...place } : 'conflicting');
    }
  }
  return pins;
}
