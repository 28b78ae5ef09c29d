import { type WildcardStep, wildcardMatcher } from './wildcard.ts';

/**
 * A regular expression of the simple kind, for whole texts: characters, escaped characters, `.`, classes, each with `*`, `+`
 * or `?`, and alternatives at the top. `undefined` for any other: a stranger's expression could take for ever.
 */
export function simplePattern(expression: string): ((text: string) => boolean) | undefined {
  if (expression.length > longest) {
    return undefined;
  }
  const matchers: ((text: string) => boolean)[] = [];
  for (const alternative of expression.split('|')) {
    const steps = stepsOf(alternative.replace(/^\^/u, '').replace(/(?<!\\)\$$/u, ''));
    if (steps === undefined) {
      return undefined;
    }
    matchers.push(...steps.map((one) => wildcardMatcher(one)));
  }
  return (text) => matchers.some((matches) => matches(text));
}

const longest = 300;
// What may be there or not doubles them.
const mostVariants = 64;

function stepsOf(text: string): readonly (readonly WildcardStep[])[] | undefined {
  let variants: WildcardStep[][] = [[]];
  const parts = /(\\[^A-Za-z0-9]|\[\^?[^\\[\]]+\]|[^\\[\](){}*+?^$|])([*+?]?)/gu;
  let at = 0;
  for (const match of text.matchAll(parts)) {
    const [whole, atom = '', quantity] = match;
    if (match.index !== at) {
      return undefined;
    }
    at += whole.length;
    const fits = fitOf(atom);
    const one: WildcardStep = { kind: 'one', fits };
    const run: WildcardStep = { kind: 'run', fits };
    const added =
      quantity === '*' ? [[run]] : quantity === '+' ? [[one, run]] : quantity === '?' ? [[], [one]] : [[one]];
    variants = variants.flatMap((variant) => added.map((steps) => [...variant, ...steps]));
    if (variants.length > mostVariants) {
      return undefined;
    }
  }
  return at === text.length ? variants : undefined;
}

function fitOf(atom: string): (character: string) => boolean {
  if (atom === '.') {
    return () => true;
  }
  if (atom.startsWith('[')) {
    const isNegated = atom.startsWith('[^');
    const characters = [...atom.slice(isNegated ? 2 : 1, -1)];
    const ranges: (readonly [string, string])[] = [];
    for (let at = 0; at < characters.length; at++) {
      const [first = '', dash, last] = characters.slice(at, at + 3);
      const isRange = dash === '-' && last !== undefined;
      ranges.push([first, isRange ? last : first]);
      at += isRange ? 2 : 0;
    }
    return (one) => ranges.some(([from, to]) => one >= from && one <= to) !== isNegated;
  }
  const character = atom.startsWith('\\') ? atom.slice(1) : atom;
  return (one) => one === character;
}
