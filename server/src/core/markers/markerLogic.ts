import type { Operator } from '../versions/clause.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import { intersect, union } from '../versions/versionSet.ts';
import { comparisonText, type Environment, environmentsFor, pythonVariables, textComparison } from './environments.ts';
import type { MarkerComparison, MarkerTree } from './markerTree.ts';
import { everyPython, finals, type Pythons, pythonsByMinor, withoutPythons } from './pythons.ts';

/** Without a marker a line holds everywhere. */
export type MarkerOrNone = MarkerTree | undefined;

/** Whether there is an environment in which both hold. Where that is too much to find out, there may be. */
export function canHoldTogether(a: MarkerOrNone, b: MarkerOrNone): boolean {
  return pythonsWhereBoth(a, b).length > 0;
}

/** Whether `b` holds wherever `a` does. Where that is too much to find out, it may not. */
export function holdsWherever(a: MarkerOrNone, b: MarkerOrNone): boolean {
  if (b === undefined) return true;
  const markers = a === undefined ? [b] : [a, b];
  const environments = environmentsFor(markers);
  return (
    environments?.every(
      (environment) => withoutPythons(pythonsWhere(a, environment), pythonsWhere(b, environment)).length === 0,
    ) ?? false
  );
}

/** The Pythons on which a marker can hold. */
export function pythonsOfMarker(marker: MarkerOrNone): Pythons {
  return pythonsWhereBoth(marker, undefined);
}

export function pythonsWhereBoth(a: MarkerOrNone, b: MarkerOrNone): Pythons {
  if (a === undefined && b === undefined) return everyPython();
  const environments = environmentsFor([a, b].filter((marker) => marker !== undefined));
  return environments === undefined
    ? everyPython()
    : finals(
        union(environments.map((environment) => intersect(pythonsWhere(a, environment), pythonsWhere(b, environment)))),
      );
}

function pythonsWhere(marker: MarkerOrNone, environment: Environment): Pythons {
  switch (marker?.kind) {
    case undefined:
      return everyPython();
    case 'compare':
      return pythonsOfComparison(marker, environment);
    case 'and':
      return marker.operands.map((one) => pythonsWhere(one, environment)).reduce(intersect, everyPython());
    case 'or':
      return union(marker.operands.map((one) => pythonsWhere(one, environment)));
  }
}

function pythonsOfComparison(comparison: MarkerComparison, { values, opaque }: Environment): Pythons {
  const python = pythonComparison(comparison);
  if (python !== undefined) return python;
  const compared = textComparison(comparison);
  const holds =
    compared === undefined
      ? (opaque.get(comparisonText(comparison)) ?? false)
      : compared.holds(values.get(compared.name) ?? '');
  return holds ? everyPython() : [];
}

/** `undefined` where it is not about the version of Python. */
function pythonComparison({ left, operator, right }: MarkerComparison): Pythons | undefined {
  const isReversed = left.kind === 'literal';
  const [variable, literal] = isReversed ? [right, left] : [left, right];
  if (variable.kind !== 'variable' || literal.kind !== 'literal' || !pythonVariables.includes(variable.name)) {
    return undefined;
  }
  const { value } = literal;
  if (operator === 'in' || operator === 'not in') {
    // Lists of versions in one string: "2.7 3.8". Of full versions such a list says no more than of minor ones.
    return pythonsByMinor(
      (minor) => (isReversed ? minor.includes(value) : value.includes(minor)) === (operator === 'in'),
    );
  }
  const turned = isReversed ? (reversed[operator] ?? operator) : operator;
  const clause = parseClause(turned as Operator, value);
  if (clause === undefined) {
    return pythonsByMinor(() => true);
  }
  return variable.name === 'python_full_version'
    ? finals(
        intersect(everyPython(), clause.operator === '===' ? (parseClause('==', value)?.admits ?? []) : clause.admits),
      )
    : pythonsByMinor((_, version) => contains([clause], version));
}

const reversed: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
