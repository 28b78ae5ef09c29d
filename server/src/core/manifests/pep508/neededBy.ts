import { holdsIn, type MarkerValues } from '../../markers/holdsIn.ts';
import { canHoldTogether, holdsWherever } from '../../markers/markerLogic.ts';
import type { MarkerTree } from '../../markers/markerTree.ts';
import { normalizeName } from '../../packages/packageName.ts';
import type { TreeNeed } from '../lockedTree.ts';
import { isFault } from './fault.ts';
import { readRequirement } from './requirement.ts';

/**
 * What a package asks for in an environment, by one `Requires-Dist` of its metadata: nothing where its marker does not hold
 * there, and once for each extra with which it does. A marker about what is not known of the environment may hold. `demand`: what
 * holds in every environment that is meant.
 */
export function neededBy(requires: string, values: MarkerValues, demand?: MarkerTree): readonly TreeNeed[] {
  if (requires.length > longest) return unreadable(requires.slice(0, longest));
  const whole = { text: requires, pieces: [{ start: 0, from: 0, to: requires.length, verbatim: true }] };
  const read = readRequirement(whole, 0, requires.length);
  if (isFault(read)) return unreadable(requires);
  const extras = read.extras.map(({ normalized }) => normalized);
  const specifier = (read.specifier?.clauses ?? []).map(({ operator, version }) => operator + version).join(',');
  const need: TreeNeed = { name: read.name.normalized, specifier, ...(extras.length === 0 ? {} : { extras }) };
  const marker = read.marker?.tree;
  if (marker === undefined) return [need];
  if (demand !== undefined && !canHoldTogether(demand, marker)) return [];
  const withDoubt = (one: TreeNeed, holds: boolean | undefined): TreeNeed =>
    holds === true || (demand !== undefined && holdsWherever(demand, marker)) ? one : { ...one, isUncertain: true };
  const holds = holdsIn(marker, values);
  if (holds !== false) return [withDoubt(need, holds)];
  const named = [...extrasIn(marker)];
  if (named.length > mostExtras) return [need];
  return named.flatMap((extra) => {
    const holdsWith = holdsIn(marker, values, extra);
    return holdsWith === false ? [] : [withDoubt({ ...need, extra }, holdsWith)];
  });
}

// Nobody wrote more.
const longest = 2_000;
const mostExtras = 200;

/** What it is about is asked for, in versions that nobody knows. */
function unreadable(requires: string): readonly TreeNeed[] {
  const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?![A-Za-z0-9._-])/u.exec(requires)?.[1];
  return name === undefined ? [] : [{ name: normalizeName(name), specifier: '?' }];
}

/** Every extra that the marker names. */
function extrasIn(tree: MarkerTree): ReadonlySet<string> {
  if (tree.kind !== 'compare') return new Set(tree.operands.flatMap((one) => [...extrasIn(one)]));
  const { left, right } = tree;
  const [variable, literal] = left.kind === 'literal' ? [right, left] : [left, right];
  const isExtra = variable.kind === 'variable' && variable.name === 'extra' && literal.kind === 'literal';
  return new Set(isExtra ? [normalizeName(literal.value)] : []);
}
