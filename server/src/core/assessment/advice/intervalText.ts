import type { Interval } from '../../versions/boundary.ts';

// A package with a long history has many; what is left out is counted.
const mostIntervals = 4;

/** Stretches of versions as a developer writes them: "1.82.7", "3.2–3.2.24", "before 3.2.25", "4.0 up to before 4.2.1". */
export function intervalText(intervals: readonly Interval[]): string {
  const shown = intervals.slice(0, mostIntervals).map(oneText);
  const rest = intervals.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function oneText({ from, to }: Interval): string {
  if (from === undefined) {
    return to === undefined ? 'every version' : to.inclusive ? `up to ${to.version}` : `before ${to.version}`;
  }
  const start = from.inclusive ? from.version : `above ${from.version}`;
  if (to === undefined) {
    return from.inclusive ? `${start} and above` : start;
  }
  if (!to.inclusive) {
    return `${start} up to before ${to.version}`;
  }
  return from.inclusive && from.version === to.version ? from.version : `${start}–${to.version}`;
}
