import { starPattern, wildcardMatcher } from '../text/patterns/wildcard.ts';
import { exceptionIds, licenceIds } from './spdxIds.ts';

/**
 * The ids of a licence rule, `MIT` or `GPL-2.0-only WITH Classpath-exception-2.0`, alternatives split at `OR`; or what is
 * wrong with it, for people. `*` stands for any run of characters and has to fit some id of the SPDX list.
 */
export function licenceRuleIds(text: string): readonly string[] | { readonly wrong: string } {
  const ids: string[] = [];
  // `(MIT OR ISC)` says no more than `MIT OR ISC`.
  const plain = text.trim().replace(/^\(([^()]*)\)$/u, '$1');
  for (const part of plain.trim().split(/\s+OR\s+/iu)) {
    const [id = '', exception, ...rest] = part.split(/\s+WITH\s+/iu);
    if (!isListed(id, licences, /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/iu) || rest.length > 0) {
      return { wrong: `"${part}" is no id of the SPDX licence list${nearest(id, licences)}` };
    }
    if (exception !== undefined && !isListed(exception, exceptions, /^AdditionRef-[\w.-]+$/iu)) {
      return { wrong: `"${exception}" is no exception of the SPDX licence list${nearest(exception, exceptions)}` };
    }
    ids.push(part);
  }
  return ids;
}

const licences = listOf(licenceIds);
const exceptions = listOf(exceptionIds);

function listOf(text: string): ReadonlyMap<string, string> {
  const ids = text.trim().split(/\s+/u);
  return new Map(ids.map((id) => [id.toLowerCase(), id]));
}

function isListed(text: string, list: ReadonlyMap<string, string>, own: RegExp): boolean {
  const id = text.toLowerCase();
  if (id.includes('*')) {
    return /^[\w.*+-]+$/u.test(id) && [...list.keys()].some(wildcardMatcher(starPattern(id)));
  }
  return list.has(id) || list.has(id.replace(/\+$/u, '')) || own.test(text);
}

/** ` (did you mean MIT?)` where an id differs by its signs only, or by a slip of the finger. */
function nearest(text: string, list: ReadonlyMap<string, string>): string {
  const key = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]/gu, '');
  const wanted = key(text);
  const ids = [...list.values()];
  const best =
    ids.find((id) => key(id) === wanted) ??
    ids.find((id) => key(id) === `${wanted}only`) ??
    ids.find((id) => wanted.length > 3 && isOneEdit(key(id), wanted));
  return best === undefined ? '' : ` (did you mean ${best}?)`;
}

function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) {
    return false;
  }
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const rest = (text: string, from: number): string => text.slice(from);
  const [one, other] = [rest(a, at), rest(b, at)];
  return (
    rest(one, 1) === rest(other, 1) ||
    rest(one, 1) === other ||
    one === rest(other, 1) ||
    (one.length > 1 && one[0] === other[1] && one[1] === other[0] && rest(one, 2) === rest(other, 2))
  );
}
