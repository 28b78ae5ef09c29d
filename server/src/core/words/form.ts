import { filled } from './words.ts';

/**
 * A text with places: "{0} could not be read ({1})." What stands at a place is said in the other language, too, where it is
 * ours; at `{0:text}` it is somebody's text with sentences of ours behind it, at `{0:as is}` somebody's text alone.
 */
export interface Form {
  /** What stands before, between and behind the places. */
  readonly parts: readonly string[];
  readonly places: readonly Place[];
  readonly translation: string;
  /** How much it says by itself. */
  readonly weight: number;
}

export type Place = { readonly index: number; readonly kind: PlaceKind };
export type PlaceKind = 'ours' | 'text' | 'as is';

const placePattern = /\{(\d)(?::(text|as is))?\}/u;

export function isForm(message: string): boolean {
  return placePattern.test(message);
}

export function toForm(message: string, translation: string): Form {
  const pattern = new RegExp(placePattern, 'gu');
  const parts = message.replaceAll(pattern, '\0').split('\0');
  const places = [...message.matchAll(pattern)].map(([, index, kind]) => ({
    index: Number(index),
    kind: (kind as PlaceKind | undefined) ?? 'ours',
  }));
  return { parts, places, translation, weight: parts.join('').length };
}

/** Between two sentences. */
export const sentenceEnd = /(?<=[.!?\u2026]) (?=["(A-Za-z])/u;

/** The translation of a text of this form; `undefined` where it has another one. What stands at a place is within a sentence. */
export function translatedBy(
  { parts, places, translation }: Form,
  text: string,
  valueOf: (value: string, kind: PlaceKind) => string,
): string | undefined {
  const values = valuesOf(text, parts);
  if (values === undefined || places.some(({ kind }, at) => kind !== 'text' && sentenceEnd.test(values[at] ?? ''))) {
    return undefined;
  }
  const inOrder: string[] = [];
  places.forEach(({ index, kind }, at) => (inOrder[index] = valueOf(values[at] ?? '', kind)));
  return filled(translation, ...inOrder);
}

/** The shortest values that make the text of the parts, in time that grows with its length alone. */
function valuesOf(text: string, [first = '', ...others]: readonly string[]): readonly string[] | undefined {
  if (!text.startsWith(first) || !text.endsWith(others.at(-1) ?? '')) {
    return undefined;
  }
  const values: string[] = [];
  let from = first.length;
  for (const [index, part] of others.entries()) {
    const isLast = index === others.length - 1;
    const end = isLast ? text.length - part.length : text.indexOf(part, from + 1);
    if (end <= from) {
      return undefined;
    }
    values.push(text.slice(from, end));
    from = end + part.length;
  }
  return values;
}
