import { parseVersion } from '../versions/version.ts';
import { compareVersions } from '../versions/version.ts';
import type { Interval } from '../versions/boundary.ts';
import { percentEncode } from './purl.ts';

/**
 * A specifier without spaces as `vers:pypi/>=1|<2`, by version, each once; `undefined` where `vers` has no form for it: it
 * knows no wildcard, and takes each version once only.
 */
export function versRange(specifier: string): string | undefined {
  const parts = specifier.split(',').filter((clause) => clause !== '');
  const clauses = parts.map((clause) => {
    const [, sign = '', text = ''] = /^(>=|<=|>|<|!=|==)([^*=]+)$/u.exec(clause) ?? [];
    const version = parseVersion(text);
    return version === undefined ? undefined : { sign: sign === '==' ? '' : sign, text, version };
  });
  const known = clauses.filter((one) => one !== undefined);
  const isPlain = known.length > 0 && known.length === parts.length;
  if (!isPlain || new Set(known.map(({ version }) => version.key)).size < known.length) {
    return undefined;
  }
  known.sort((a, b) => compareVersions(a.version, b.version));
  return versOf(known.map(({ sign, text }) => sign + percentEncode(text)));
}

/** Stretches of versions, ascending, in the same form. `undefined` for all versions, and where there are too many. */
export function versIntervals(intervals: readonly Interval[]): string | undefined {
  if (intervals.length === 0 || intervals.length > mostIntervals) {
    return undefined;
  }
  const parts = intervals.flatMap(({ from, to }) => {
    if (from?.inclusive === true && to?.inclusive === true && from.version === to.version) {
      return [percentEncode(from.version)];
    }
    return [
      ...(from === undefined ? [] : [`>${from.inclusive ? '=' : ''}${percentEncode(from.version)}`]),
      ...(to === undefined ? [] : [`<${to.inclusive ? '=' : ''}${percentEncode(to.version)}`]),
    ];
  });
  return parts.length === 0 ? undefined : versOf(parts);
}

const mostIntervals = 50;

function versOf(constraints: readonly string[]): string {
  return `vers:pypi/${constraints.join('|')}`;
}
