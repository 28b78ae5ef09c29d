import type { MarkerComparison, MarkerTree } from './markerTree.ts';

/** What the variables of markers stand for, but for the version of Python; and what a comparison comes to that we cannot make. */
export interface Environment {
  readonly values: ReadonlyMap<string, string>;
  /** By `comparisonText`. */
  readonly opaque: ReadonlyMap<string, boolean>;
}

/**
 * Every environment that these markers can tell apart, Pythons aside; `undefined` where there are too many to look at. Values
 * that belong together come together: no machine has the platform `win32` and the system `Linux`.
 */
export function environmentsFor(markers: readonly MarkerTree[]): readonly Environment[] | undefined {
  const comparisons = markers.flatMap(comparisonsIn);
  // Nearly all markers.
  if (comparisons.every(isAboutPython)) return oneEnvironment;
  let all: readonly Environment[] = [{ values: new Map(), opaque: new Map() }];
  for (const choices of [...groups.map((group) => valuesOf(group, comparisons)), ...otherValues(comparisons)]) {
    all = all.flatMap(({ values, opaque }) =>
      choices.map((choice) => ({ values: new Map([...values, ...choice]), opaque })),
    );
    if (all.length > mostEnvironments) return undefined;
  }
  const opaque = new Set(comparisons.filter((one) => textComparison(one) === undefined).map(comparisonText));
  for (const text of opaque) {
    all = all.flatMap(({ values, opaque: known }) =>
      [true, false].map((holds) => ({ values, opaque: new Map([...known, [text, holds]]) })),
    );
    if (all.length > mostEnvironments) return undefined;
  }
  return all;
}

// A marker that tells more apart was not written by a person.
const mostEnvironments = 2_000;

export function comparisonText({ left, operator, right }: MarkerComparison): string {
  return JSON.stringify([left, operator, right]);
}

const oneEnvironment: readonly Environment[] = Object.freeze([{ values: new Map(), opaque: new Map() }]);

function isAboutPython({ left, right }: MarkerComparison): boolean {
  const [variable, literal] = left.kind === 'literal' ? [right, left] : [left, right];
  return variable.kind === 'variable' && literal.kind === 'literal' && pythonVariables.includes(variable.name);
}

export const pythonVariables: readonly string[] = ['python_version', 'python_full_version'];

/** A comparison of a variable as text; `undefined` where it is none that we can make. */
export function textComparison({ left, operator, right }: MarkerComparison): TextComparison | undefined {
  const isReversed = left.kind === 'literal';
  const [variable, literal] = isReversed ? [right, left] : [left, right];
  if (variable.kind !== 'variable' || literal.kind !== 'literal') return undefined;
  const { name } = variable;
  if (pythonVariables.includes(name)) return { name, literal: literal.value, holds: () => false };
  const holds = textOperator(operator, literal.value, isReversed);
  return holds === undefined || versionLike.has(name) ? undefined : { name, literal: literal.value, holds };
}

interface TextComparison {
  readonly name: string;
  readonly literal: string;
  readonly holds: (value: string) => boolean;
}

const versionLike: ReadonlySet<string> = new Set(['platform_release', 'platform_version', 'implementation_version']);

function textOperator(
  operator: string,
  literal: string,
  isReversed: boolean,
): ((value: string) => boolean) | undefined {
  const isIn = (value: string): boolean => (isReversed ? value.includes(literal) : literal.includes(value));
  switch (operator) {
    case '==':
    case '===':
      return (value) => value === literal;
    case '!=':
      return (value) => value !== literal;
    case 'in':
      return isIn;
    case 'not in':
      return (value) => !isIn(value);
    default:
      return undefined;
  }
}

/** Variables whose values belong together, and the values that there are. */
interface Group {
  readonly names: readonly string[];
  readonly known: readonly (readonly string[])[];
}

const groups: readonly Group[] = [
  {
    names: ['sys_platform', 'platform_system', 'os_name'],
    known: [
      ['linux', 'Linux', 'posix'],
      ['linux2', 'Linux', 'posix'],
      ['darwin', 'Darwin', 'posix'],
      ['win32', 'Windows', 'nt'],
      ['cygwin', 'CYGWIN_NT', 'posix'],
      ['emscripten', 'Emscripten', 'posix'],
    ],
  },
  {
    names: ['implementation_name', 'platform_python_implementation'],
    known: [
      ['cpython', 'CPython'],
      ['pypy', 'PyPy'],
    ],
  },
];

const grouped: ReadonlySet<string> = new Set([...pythonVariables, ...groups.flatMap(({ names }) => names)]);

/** Stands for every value that no marker names. */
const other = '\0other';

type Choice = readonly (readonly [string, string])[];

function valuesOf({ names, known }: Group, comparisons: readonly MarkerComparison[]): readonly Choice[] {
  const named = names.map((name) => literalsOf(name, comparisons));
  if (named.every(({ length }) => length === 0)) {
    return [[]];
  }
  const strange = names.map((_, at) => {
    const usual = known.map((values) => values[at]);
    return [...(named[at] ?? []).filter((value) => !usual.includes(value)), other];
  });
  // An unusual platform may have any name for itself, or a usual one for its family.
  const last = names.length - 1;
  const families = last > 1 ? [...new Set(known.flatMap((values) => values[last] ?? []))] : [];
  const unusual = product(strange.map((values, at) => (at === last ? [...values, ...families] : values)));
  return [...known, ...unusual].map((values) => names.map((name, at) => [name, values[at] ?? other] as const));
}

function otherValues(comparisons: readonly MarkerComparison[]): readonly (readonly Choice[])[] {
  const names = new Set(
    comparisons.flatMap((one) => textComparison(one)?.name ?? []).filter((name) => !grouped.has(name)),
  );
  return [...names].map((name) => [...literalsOf(name, comparisons), other].map((value) => [[name, value]] as const));
}

/** The values that it is compared with; of a list in one string each word. */
function literalsOf(name: string, comparisons: readonly MarkerComparison[]): readonly string[] {
  const literals = comparisons.flatMap((one) => {
    const compared = textComparison(one);
    if (compared?.name !== name) return [];
    return one.operator.endsWith('in')
      ? [compared.literal, ...compared.literal.split(/[\s,;|]+/u)]
      : [compared.literal];
  });
  return [...new Set(literals)].filter((value) => value !== '');
}

function product(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((one) => list.map((value) => [...one, value])),
    [[]],
  );
}

function comparisonsIn(marker: MarkerTree): readonly MarkerComparison[] {
  return marker.kind === 'compare' ? [marker] : marker.operands.flatMap(comparisonsIn);
}
