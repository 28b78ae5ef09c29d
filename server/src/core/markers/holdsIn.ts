import { normalizeName } from '../packages/packageName.ts';
import type { Operator } from '../versions/clause.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import type { MarkerComparison, MarkerTree, MarkerValue } from './markerTree.ts';

/** What the variables of markers stand for in one environment, by their names; absent where that is not known. */
export type MarkerValues = ReadonlyMap<string, string>;

/**
 * Whether a marker holds in an environment, with this extra asked for (PEP 508); `undefined` where that depends on what is not
 * known of the environment.
 */
export function holdsIn(marker: MarkerTree, values: MarkerValues, extra = ''): boolean | undefined {
  if (marker.kind === 'compare') return compare(marker, values, extra);
  const decisive = marker.kind === 'or';
  let isOpen = false;
  for (const operand of marker.operands) {
    const holds = holdsIn(operand, values, extra);
    if (holds === decisive) return decisive;
    isOpen ||= holds === undefined;
  }
  return isOpen ? undefined : !decisive;
}

function compare(
  { left, operator, right }: MarkerComparison,
  values: MarkerValues,
  extra: string,
): boolean | undefined {
  const sides = [left, right] as const;
  if (sides.some(isExtra)) {
    const [one, other] = sides.map((side) => normalizeName(isExtra(side) ? extra : (textOf(side, values) ?? '')));
    return compareTexts(one ?? '', operator, other ?? '');
  }
  const [one, other] = sides.map((side) => textOf(side, values));
  if (one === undefined || other === undefined) return undefined;
  const clause = sides.some(isVersion) ? parseClause(operator as Operator, other) : undefined;
  return clause === undefined ? compareTexts(one, operator, other) : contains([clause], one, { prereleases: true });
}

function textOf(side: MarkerValue, values: MarkerValues): string | undefined {
  return side.kind === 'literal' ? side.value : values.get(side.name);
}

function isExtra(side: MarkerValue): boolean {
  return side.kind === 'variable' && side.name === 'extra';
}

function isVersion(side: MarkerValue): boolean {
  return side.kind === 'variable' && side.name.endsWith('_version');
}

function compareTexts(one: string, operator: string, other: string): boolean | undefined {
  switch (operator) {
    case '==':
    case '===':
      return one === other;
    case '!=':
      return one !== other;
    case 'in':
      return other.includes(one);
    case 'not in':
      return !other.includes(one);
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    case '>=':
      return one >= other;
    default:
      return undefined;
  }
}
