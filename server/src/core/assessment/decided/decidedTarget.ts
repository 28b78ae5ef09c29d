import { isInstalledWith, isInstalledWithProject } from '../../manifests/areTogether.ts';
import type { Content } from '../../manifests/manifest.ts';
import { plainText } from '../../text/plainText.ts';
import type { LockedVersion } from '../../manifests/lockedPackage.ts';
import type { IndexRequirement } from '../../manifests/requirement.ts';
import { shownText } from '../../manifests/shownText.ts';
import type { PackageName } from '../../packages/packageName.ts';
import { contains } from '../../versions/specifier.ts';
import { pinnedVersion } from '../../versions/pinnedVersion.ts';
import { parseVersion } from '../../versions/version.ts';
import type {
  AssessmentTarget,
  HeldVersions,
  OutOfDate,
  PinTarget,
  RangeTarget,
  SkippedTarget,
} from '../assessmentTarget.ts';
import { versionRange } from '../lookup.ts';
import type { ConstraintPin, ConstraintPins } from './constraints.ts';
import { isOfLine } from './heldVersions.ts';
import type { DecidedBy, DecidedVersions, LockedVersions } from './decidedVersions.ts';
import { boundsOn, type LineBound } from './lineBounds.ts';

/**
 * The target of a requirement under what decides versions: a name or range is the version that a constraints file, a lock or
 * an environment has of it. A pin of its own stays; one that a constraint contradicts is still what the line says.
 */
export function decidedTarget(
  item: Content | undefined,
  target: AssessmentTarget | undefined,
  decided: DecidedVersions,
  /** What other lines of the file ask of the package, wherever this one holds. */
  siblings: readonly LineBound[] = [],
): AssessmentTarget | undefined {
  if (item?.kind === 'index' && target?.kind === 'pin' && decided.locked[0]?.kind === 'compiled') {
    return { ...target, ...staleFor(item, target, decided) };
  }
  if (item?.kind === 'index' && (target?.kind === 'pin' || target?.kind === 'range') && isProjectLine(item)) {
    const lock = decided.locked.find(({ kind }) => kind === 'lock');
    if (lock?.elsewhere?.has(item.name.normalized) === true) return fromElsewhere(item, target, lock);
    if (target.kind === 'pin') return { ...target, ...staleFor(item, target, decided) };
  }
  if (item?.kind !== 'index' || target?.kind !== 'range') {
    return target;
  }
  const holding = [decided, ...(decided.parts ?? []).filter((part) => isInstalledWith(item, part))];
  const constraint = pinIn(holding, item.name.normalized);
  if (constraint === undefined) {
    const bounds = holding.flatMap((one) => boundsOn(item, one.bounds));
    const bounded = boundedTarget(item, target, [...bounds, ...siblings]);
    return bounded.kind === 'range' ? limited(lockedTarget(item, bounded, decided), decided) : bounded;
  }
  if (constraint === 'conflicting') {
    return contradictory(target, `${item.name.text} is pinned to different versions by several constraints files.`);
  }
  const { text, source, place } = constraint;
  return allows(target, constraint)
    ? pinnedTo(item, target, constraint, { kind: 'constraint', source, ...(place && { place }) })
    : contradictory(
        target,
        `${item.name.text} ${item.specifier ? shownText(item, item.specifier) : ''} does not allow ${text}, to which ${source} pins it.`,
      );
}

function pinIn(
  holding: readonly { readonly constraints: ConstraintPins }[],
  name: PackageName,
): ConstraintPin | 'conflicting' | undefined {
  const pins = holding.flatMap(({ constraints }) => constraints.get(name) ?? []);
  const [first] = pins;
  const isSame = (pin: ConstraintPin | 'conflicting'): boolean =>
    pin !== 'conflicting' && first !== 'conflicting' && pin.version.key === first?.version.key;
  return pins.every(isSame) ? first : 'conflicting';
}

/** A range is judged within all that holds for it: pip installs nothing that one of these lines does not allow. */
function boundedTarget(
  item: IndexRequirement,
  target: RangeTarget,
  holding: readonly LineBound[],
): RangeTarget | PinTarget | SkippedTarget {
  const clauses = [...(item.specifier?.clauses ?? []), ...holding.flatMap((bound) => bound.clauses)];
  if (holding.length === 0) return target;
  if (clauses.length > mostClauses) return { ...target, isUnbounded: true };
  const pinned = pinnedVersion(clauses);
  switch (pinned.kind) {
    case 'pin': {
      const { version, clause } = pinned;
      const holder = holding.find((bound) => bound.clauses.includes(clause));
      const known = { version, text: clause.version };
      const source = holder?.source ?? anotherLine;
      return holder === undefined ? target : pinnedTo(item, target, known, { kind: 'constraint', source });
    }
    case 'contradictory': {
      const sources = [...new Set(holding.map(({ source = anotherLine }) => source))].join(', ');
      const own = item.specifier ? ` ${shownText(item, item.specifier)}` : '';
      return contradictory(target, `${item.name.text}${own} allows no version that ${sources} allows.`);
    }
    case 'unpinned':
    case 'notPep440':
      return target;
    case 'range': {
      const range = versionRange(item.name.normalized, clauses);
      return range === undefined ? target : { ...target, range };
    }
  }
}

function limited(target: PinTarget | RangeTarget, { isLimiting }: DecidedVersions): PinTarget | RangeTarget {
  return target.kind === 'range' && isLimiting === true
    ? { ...target, range: { ...target.range, isLimit: true } }
    : target;
}

const anotherLine = 'another line';

// As of one line.
const mostClauses = 1_000;

/**
 * The first that the line allows. A version that it does not allow is from before the line was changed, and decides
 * nothing: installers would leave it, as they never leave a constraint. Of several that it allows, the one that is installed.
 */
function lockedTarget(
  item: IndexRequirement,
  target: RangeTarget,
  { locked }: DecidedVersions,
): PinTarget | RangeTarget {
  if (!isInstalledWithProject(item)) return target;
  let outOfDate: OutOfDate | undefined;
  let oneOf: LockedVersions | undefined;
  for (const lock of locked) {
    const held = heldFor(item, lock);
    const allowed = held.filter((one) => allows(target, one) && (oneOf === undefined || isHeld(item, oneOf, one)));
    const [only] = allowed.length === 1 ? allowed : [];
    if (only !== undefined) {
      const { kind, source } = oneOf ?? lock;
      return { ...pinnedTo(item, target, only, { kind, source }), ...(outOfDate && { outOfDate }) };
    }
    if (allowed.length > 1) oneOf ??= lock;
    else if (oneOf === undefined && held.length > 0) outOfDate ??= heldVersions(lock, held);
  }
  const among = oneOf && heldFor(item, oneOf).filter((one) => allows(target, one));
  return {
    ...target,
    ...(outOfDate && { outOfDate }),
    ...(oneOf && among && { oneOf: heldVersions(oneOf, among) }),
  };
}

function isHeld(item: IndexRequirement, lock: LockedVersions, { version }: LockedVersion): boolean {
  return heldFor(item, lock).some((one) => one.version.key === version.key);
}

function heldVersions({ kind, source }: LockedVersions, held: readonly LockedVersion[]): HeldVersions {
  return { kind, source, versions: held.map(({ text }) => text) };
}

/** What it has for the part of the file that the requirement is in, where it says which; of the same version one. */
function heldFor({ name, scope }: IndexRequirement, lock: LockedVersions): readonly LockedVersion[] {
  const only = lock.versions.get(name.normalized);
  const all = only === undefined ? (lock.several?.get(name.normalized) ?? []) : [only];
  const own = all.filter((one) => one.scope !== undefined && one.scope === scope);
  const byKey = new Map((own.length === 0 ? all : own).map((one) => [one.version.key, one]));
  return [...byKey.values()];
}

/** The lock of a project has to follow its pins. */
function staleFor(
  item: IndexRequirement,
  { pin }: PinTarget,
  { locked }: DecidedVersions,
): { readonly outOfDate?: OutOfDate } {
  const key = parseVersion(pin.version)?.key;
  for (const lock of locked) {
    const held = heldFor(item, lock);
    if (held.length === 0) continue;
    if (!isOfLine(lock, item.scope)) return {};
    if (held.some(({ version }) => version.key === key)) return {};
    return { outOfDate: heldVersions(lock, held) };
  }
  return {};
}

/** As uv's sources say, which may be in the file of the workspace. */
function fromElsewhere({ name }: IndexRequirement, { token }: PinTarget | RangeTarget, lock: DecidedBy): SkippedTarget {
  const source = plainText(lock.source, 100);
  const message = `${name.text} is no release in ${source}, but a folder, a checkout or an archive. Only releases can be checked.`;
  return { kind: 'skipped', token, outcome: { kind: 'skipped', reason: 'path', message } };
}

function isProjectLine(item: IndexRequirement): boolean {
  return item.scope !== undefined && !/^(?:lock|installed)$/u.test(item.scope) && isInstalledWithProject(item);
}

function allows({ range }: RangeTarget, { version }: LockedVersion): boolean {
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

function contradictory({ token }: RangeTarget, message: string): SkippedTarget {
  return { kind: 'skipped', token, outcome: { kind: 'skipped', reason: 'contradictory', message } };
}
