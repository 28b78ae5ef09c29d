import type { Content } from '../../manifests/manifest.ts';
import type { LockedVersion } from '../../manifests/lockedPackage.ts';
import type { IndexRequirement } from '../../manifests/requirement.ts';
import { shownText } from '../../manifests/shownText.ts';
import { contains } from '../../versions/specifier.ts';
import type { AssessmentTarget, PinTarget, RangeTarget } from '../assessmentTarget.ts';
import type { DecidedBy, DecidedVersions } from './decidedVersions.ts';

/**
 * The target of a requirement under what decides versions: a name or range is the version that a constraints file, a lock or
 * an environment has of it. A pin of its own stays; one that a constraint contradicts is still what the line says.
 */
export function decidedTarget(
  item: Content | undefined,
  target: AssessmentTarget | undefined,
  decided: DecidedVersions,
): AssessmentTarget | undefined {
  if (item?.kind !== 'index' || target?.kind !== 'range') {
    return target;
  }
  const constraint = decided.constraints.get(item.name.normalized);
  if (constraint === undefined) {
    return lockedTarget(item, target, decided);
  }
  if (constraint === 'conflicting') {
    return contradictory(target, `${item.name.text} is pinned to different versions by several constraints files.`);
  }
  const { text, source, place } = constraint;
  return admits(target, constraint)
    ? pinnedTo(item, target, constraint, { kind: 'constraint', source, ...(place && { place }) })
    : contradictory(
        target,
        `${item.name.text} ${item.specifier ? shownText(item, item.specifier) : ''} does not allow ${text}, to which ${source} pins it.`,
      );
}

/**
 * The first that the line allows. A version that it does not allow is from before the line was changed, and decides
 * nothing: installers would leave it, as they never leave a constraint.
 */
function lockedTarget(
  item: IndexRequirement,
  target: RangeTarget,
  { locked }: DecidedVersions,
): PinTarget | RangeTarget {
  let outOfDate: RangeTarget['outOfDate'];
  for (const { kind, source, versions } of locked) {
    const version = versions.get(item.name.normalized);
    if (version !== undefined && admits(target, version)) {
      return pinnedTo(item, target, version, { kind, source });
    }
    outOfDate ??= version && { kind, source, version: version.text };
  }
  return outOfDate === undefined ? target : { ...target, outOfDate };
}

function admits({ range }: RangeTarget, { version }: LockedVersion): boolean {
  return contains(range.specifier, version, { prereleases: true });
}

function pinnedTo(
  item: IndexRequirement,
  { token }: RangeTarget,
  { version, text }: LockedVersion,
  decidedBy: DecidedBy,
): PinTarget {
  const pin = { name: item.name.normalized, version: version.normal };
  return { kind: 'pin', pin, token, version: text, decidedBy };
}

function contradictory({ token }: RangeTarget, message: string): AssessmentTarget {
  return { kind: 'skipped', token, outcome: { kind: 'skipped', reason: 'contradictory', message } };
}
