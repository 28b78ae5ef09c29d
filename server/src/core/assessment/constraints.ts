import type { Item, PackageName, RequirementsFile } from '../requirements/model.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import { contains } from '../versions/specifier.ts';
import type { DecidedVersion, DecidedVersions } from './decidedVersions.ts';
import type { AssessmentTarget } from './assessmentTarget.ts';

/** What a constraints file says about one package. */
export interface ConstraintPin extends DecidedVersion {
  readonly kind: 'constraint';
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
      pins.set(
        name,
        same ? { kind: 'constraint', version: pinned.version, text: pinned.clause.version, source } : 'conflicting',
      );
    }
  }
  return pins;
}

/**
 * The target of a requirement where a name or range is decided elsewhere: by a constraints file, a lock or what is installed. A pin of
 * its own stays; one that the constraint contradicts is still what the line says.
 */
export function constrainedTarget(
  item: Item,
  target: AssessmentTarget | undefined,
  decided: DecidedVersions,
): AssessmentTarget | undefined {
  if (item.kind !== 'requirement' || target?.kind !== 'range') {
    return target;
  }
  const { token } = target;
  const constraint = decided.get(item.name.normalized);
  if (constraint === undefined) {
    return target;
  }
  if (constraint === 'conflicting') {
    const message = `${item.name.text} is pinned to different versions by several constraints files.`;
    return { kind: 'skipped', token, outcome: { kind: 'skipped', reason: 'contradictory', message } };
  }
  const { kind, version, text, source } = constraint;
  if (!contains(target.range.specifier, version, { prereleases: true })) {
    if (kind !== 'constraint') {
      return target; // a lock or an environment from before the line was changed
    }
    const message = `${item.name.text} ${item.specifier?.text ?? ''} does not admit ${text}, to which ${source} pins it.`;
    return { kind: 'skipped', token, outcome: { kind: 'skipped', reason: 'contradictory', message } };
  }
  const pin = { name: item.name.normalized, version: version.normal };
  return { kind: 'pin', pin, token, version: text, decidedBy: { kind, source } };
}
