import type { PackageName, RequirementsFile } from '../requirements/model.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import type { Version } from '../versions/version.ts';

/** What a constraints file says about one package. */
export interface ConstraintPin {
  readonly version: Version;
  /** As written. */
  readonly text: string;
  /** The constraints file, as people know it. */
  readonly source: string;
}

/** Pins by package; `conflicting` where two constraints files pin different versions. */
export type ConstraintPins = ReadonlyMap<PackageName, ConstraintPin | 'conflicting'>;

export const noConstraints: ConstraintPins = new Map();

export function constraintPins(
  files: readonly { readonly source: string; readonly file: RequirementsFile }[],
): ConstraintPins {
  const pins = new Map<PackageName, ConstraintPin | 'conflicting'>();
  for (const { source, file } of files) {
    for (const item of file.items) {
      const pinned = item.kind === 'requirement' ? pinnedVersion(item.specifier?.clauses ?? []) : undefined;
      if (item.kind !== 'requirement' || pinned?.kind !== 'pin' || item.marker !== undefined) {
        continue; // a pin under a marker may not hold here; it decides nothing
      }
      const name = item.name.normalized;
      const known = pins.get(name);
      const same = known === undefined || (known !== 'conflicting' && known.version.key === pinned.version.key);
      pins.set(name, same ? { version: pinned.version, text: pinned.clause.version, source } : 'conflicting');
    }
  }
  return pins;
}
