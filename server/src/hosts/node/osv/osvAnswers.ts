import { LookupError, type Match } from '../../../engine/ports.ts';

/** What one query of a batch was answered, on one page. */
export interface PagedMatches {
  readonly matches: readonly Match[];
  readonly nextPageToken?: string;
}

/** Decodes an answer of `/v1/querybatch`. Throws `badResponse` unless it has exactly one well-formed element a query. */
export function decodeBatch(json: unknown, queries: number): readonly PagedMatches[] {
  const results = field(json, 'results');
  if (!Array.isArray(results) || results.length !== queries) {
    throw bad(`answered ${Array.isArray(results) ? results.length : 'no list'} for ${queries} queries`);
  }
  return results.map(decodeResult);
}

/** One page of an answer of `/v1/query`: whole records, undecoded. Throws `badResponse` for any other shape. */
export function decodePage(json: unknown): { readonly records: readonly unknown[]; readonly nextPageToken?: string } {
  const { records, token } = listAndToken(json);
  return { records, ...(token === '' ? {} : { nextPageToken: token }) };
}

function decodeResult(result: unknown): PagedMatches {
  const { records, token } = listAndToken(result);
  return { matches: records.map(decodeMatch), ...(token === '' ? {} : { nextPageToken: token }) };
}

function listAndToken(result: unknown): { readonly records: readonly unknown[]; readonly token: string } {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw bad('sent a result that is no object');
  }
  // Absent means none; anything else that is no list, null too, is not what OSV sends and must not pass for "none".
  const { vulns = [], next_page_token: token = '' } = result as Record<string, unknown>;
  const isElse = !Object.hasOwn(result, 'vulns') && elsewhere.some((key) => Object.hasOwn(result, key));
  if (!Array.isArray(vulns) || typeof token !== 'string' || isElse) {
    throw bad('sent a result of the wrong shape');
  }
  if (vulns.length > mostRecords) {
    throw bad(`sent a list of ${vulns.length} advisories`);
  }
  return { records: vulns, token };
}

/** Far more than any package has. */
export const mostRecords = 20_000;

// Of errors that come as a success (OSV's own have a code and a message), of proxies, and of the other kind of query.
const elsewhere = ['error', 'errors', 'code', 'message', 'results'];

const longestStamp = 100;

function decodeMatch(vuln: unknown): Match {
  const id = field(vuln, 'id');
  const modified = field(vuln, 'modified') ?? '';
  const isId = typeof id === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:+-]{1,99}$/u.test(id);
  if (!isId || typeof modified !== 'string' || modified.length > longestStamp) {
    throw bad('named an advisory in a way that makes no sense');
  }
  return { id, modified };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function bad(what: string): LookupError {
  return new LookupError('badResponse', what);
}
