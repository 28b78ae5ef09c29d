import type { ConstraintPins } from './constraints.ts';
import type { DecidedPart, DecidedVersions } from './decidedVersions.ts';

/** Whether both decide the same versions and say the same of where that is written. */
export function isSameDecision(a: DecidedVersions, b: DecidedVersions): boolean {
  return (
    sameConstraints(a.constraints, b.constraints) &&
    sameBounds(a.bounds, b.bounds) &&
    sameBounds(a.limits, b.limits, true) &&
    sameParts(a.parts ?? [], b.parts ?? []) &&
    a.isLimiting === b.isLimiting &&
    sameNames(a.ownIndex, b.ownIndex) &&
    a.locked.length === b.locked.length &&
    a.locked.every((lock, index) => lock === b.locked[index])
  );
}

function sameNames(a: DecidedVersions['ownIndex'], b: DecidedVersions['ownIndex']): boolean {
  return (a?.size ?? 0) === (b?.size ?? 0) && [...(a ?? [])].every((name) => b?.has(name));
}

function sameParts(a: readonly DecidedPart[], b: readonly DecidedPart[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, index) => {
      const other = b[index];
      return (
        part.scope === other?.scope &&
        part.when === other.when &&
        sameConstraints(part.constraints, other.constraints) &&
        sameBounds(part.bounds, other.bounds)
      );
    })
  );
}

function sameConstraints(a: ConstraintPins, b: ConstraintPins): boolean {
  const text = (pins: ConstraintPins): string =>
    JSON.stringify(
      [...pins].map(([name, pin]) => (pin === 'conflicting' ? [name] : [name, pin.text, pin.source, pin.place])),
    );
  return a.size === b.size && text(a) === text(b);
}

/** `atLines`: on the same lines, too. */
function sameBounds(a: DecidedVersions['bounds'], b: DecidedVersions['bounds'], atLines = false): boolean {
  const text = (bounds: DecidedVersions['bounds']): string =>
    JSON.stringify(
      [...(bounds ?? [])].map(([name, all]) => [
        name,
        ...all.map(({ clauses, marker, source, line }) => [
          clauses.map((one) => one.operator + one.version),
          marker,
          source,
          atLines ? line : 0,
        ]),
      ]),
    );
  return (a?.size ?? 0) === (b?.size ?? 0) && text(a) === text(b);
}
