/** RFC 3339 with exactly six digits of a second, cut and not rounded: what OSV's index keeps. */
export function microseconds(stamp: string): string {
  return withFraction(stamp, (digits) => digits.slice(0, 6).padEnd(6, '0'));
}

/** The same instant with nine digits, the last three of them not zero: what OSV's storage may keep. */
export function nanoseconds(stamp: string): string {
  return withFraction(stamp, (digits) => (digits.length >= 9 ? digits : `${digits.slice(0, 6).padEnd(6, '0')}631`));
}

function withFraction(stamp: string, change: (digits: string) => string): string {
  const parts = /^([^.]*?)(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})$/.exec(stamp);
  if (parts === null) return stamp;
  const [, seconds = '', digits = '', zone = ''] = parts;
  return `${seconds}.${change(digits)}${zone}`;
}
