import { plainText } from '../text/plainText.ts';
import type { Clause } from '../versions/clause.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import type { Version } from '../versions/version.ts';

/** What a line asks of a package's version. */
export interface Bound {
  /** "constraints.txt:3" */
  readonly place: string;
  /** "<2" */
  readonly text: string;
  readonly allows: (version: Version) => boolean;
  /** It stands on a line that is changed. */
  readonly isOwn: boolean;
}

export function boundOf(
  clauses: readonly Clause[],
  place: string,
  { compiledBy, isOwn = false }: { readonly compiledBy?: string | undefined; readonly isOwn?: boolean },
): Bound {
  const text = clauses.map(({ operator, version }) => operator + version).join(',');
  return {
    place,
    text: plainText(text, 60) + (compiledBy === undefined ? '' : `, compiled by ${compiledBy}`),
    isOwn,
    allows: (version) =>
      clauses.every((clause) => {
        const read = parseClause(clause.operator, clause.version);
        return read !== undefined && contains([read], version);
      }),
  };
}
