/** Where something stands; lines and columns from 0. */
export interface TextPlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** The next one behind `from`, in the order of files and lines; from the last one on to the first. */
export function nextPlace<Place extends TextPlace>(
  places: readonly Place[],
  from: TextPlace | undefined,
): Place | undefined {
  const sorted = [...places].sort(compare);
  return (from === undefined ? undefined : sorted.find((place) => compare(place, from) > 0)) ?? sorted[0];
}

function compare(a: TextPlace, b: TextPlace): number {
  return a.uri === b.uri ? a.line - b.line || a.character - b.character : a.uri < b.uri ? -1 : 1;
}
