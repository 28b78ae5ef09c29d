import type { Fault } from './fault.ts';
import { notStartedToken, pageToken, parsePageToken } from './pageToken.ts';
import { normalizedName } from './storedRecord.ts';

export interface Page {
  readonly ids: readonly string[];
  /** Empty where nothing follows. */
  readonly nextPageToken: string;
}

/** How the answers of one request are cut into pages. */
export interface PageRules {
  readonly faults: readonly Fault[];
  readonly pageSize: number;
  /** Whether a page is big enough after this record. */
  readonly isFull?: (id: string) => boolean;
}

/** The page a token stands for. Throws an `ApiError` for a bad token. */
export function cutPage(ids: readonly string[], name: string, token: string, rules: PageRules): Page {
  const { page, lastId } = parsePageToken(token);
  const faults = rules.faults.filter(
    (fault) => !('packages' in fault) || (fault.packages ?? [name]).map(normalizedName).includes(normalizedName(name)),
  );
  const pageSize = faults.find((fault) => fault.kind === 'pageSize')?.records ?? rules.pageSize;
  const isEmpty = faults.some((fault) => fault.kind === 'emptyPage');
  const left = ids.filter((id) => id > lastId);
  const taken: string[] = [];
  let isFull = isEmpty;
  for (const id of isEmpty ? [] : left) {
    taken.push(id);
    isFull = taken.length >= pageSize || rules.isFull?.(id) === true;
    if (isFull) break;
  }
  const isLast = taken.length === left.length && !isEmpty;
  const hasNoToken = faults.some((fault) => fault.kind === 'noTokenOnFullPage') && isLast;
  const next = pageToken({ page: page + 1, lastId: taken.at(-1) ?? lastId });
  if (faults.some((fault) => fault.kind === 'repeatedToken')) return { ids: taken, nextPageToken: token || next };
  return { ids: taken, nextPageToken: isFull && !hasNoToken ? next : '' };
}

/** The answer to a query whose turn did not come in time: no records, and a token to begin with. */
export function notStartedPage(token: string): Page {
  return { ids: [], nextPageToken: token || notStartedToken };
}
