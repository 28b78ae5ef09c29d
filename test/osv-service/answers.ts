import { ApiError, gatewayError, invalidArgument, notFound } from './apiError.ts';
import type { Fault } from './fault.ts';
import { cutPage, notStartedPage, type Page, type PageRules } from './paging.ts';
import { atIndex, parseBatchBody, parseQueryBody, type Query } from './query.ts';
import type { RecordStore } from './recordStore.ts';
import type { JsonObject } from './storedRecord.ts';
import type { ReceivedRequest } from './traffic.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly value: unknown;
}

/** What the service says to a request, before anything goes wrong on the way. Of the faults only those of paging count. */
export function answer(request: ReceivedRequest, store: RecordStore, faults: readonly Fault[]): JsonAnswer {
  try {
    return { status: 200, value: successful(request, store, faults) };
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    throw error;
  }
}

export function errorAnswer({ status, code, message }: Pick<ApiError, 'status' | 'code' | 'message'>): JsonAnswer {
  return { status, value: { code, message } };
}

function successful(request: ReceivedRequest, store: RecordStore, faults: readonly Fault[]): JsonObject {
  const { route, method } = request;
  if (route === 'unknown') throw gatewayError(404, 'The current request is not defined by this API.');
  if (method !== (route === 'vulns' ? 'GET' : 'POST')) throw gatewayError(405, 'This method is not allowed here.');
  switch (route) {
    case 'query':
      return queryAnswer(parseQueryBody(request.body), store, faults);
    case 'querybatch':
      return batchAnswer(parseBatchBody(request.body), store, faults);
    case 'vulns':
      return detailAnswer(request.id ?? '', store);
  }
}

/** At most so many records, and about so many bytes, on one page of `query`. */
const queryPageSize = 3000;
const queryPageBytes = 10_000_000;

function queryAnswer(query: Query, store: RecordStore, faults: readonly Fault[]): JsonObject {
  let bytes = 0;
  const isFull = (id: string): boolean => {
    bytes += store.bytesOf(id);
    return bytes > queryPageBytes;
  };
  const page =
    timeLimit(faults) < 1 ? notStarted(query) : pageOf(query, store, { faults, pageSize: queryPageSize, isFull });
  return withPage(page, (id) => store.details(id));
}

/** At most so many records for one query and page of `querybatch`. */
const batchPageSize = 1000;

function batchAnswer(queries: readonly Query[], store: RecordStore, faults: readonly Fault[]): JsonObject {
  const results = queries.map((query, index) => {
    try {
      const page =
        index < timeLimit(faults) ? pageOf(query, store, { faults, pageSize: batchPageSize }) : notStarted(query);
      return withPage(page, (id) => ({ id, modified: store.indexModified(id) }));
    } catch (error) {
      throw error instanceof ApiError ? atIndex(index, error) : error;
    }
  });
  return results.length > 0 ? { results } : {};
}

/** Longer ids do not fit into the server's database. */
const maxIdLength = 100;

function detailAnswer(id: string, store: RecordStore): JsonObject {
  if (id === '') throw invalidArgument('ID is required');
  if (id.length > maxIdLength) throw invalidArgument('ID is too long');
  const details = store.details(id);
  if (details !== undefined) return details;
  const others = store.idsWithAlias(id);
  if (others.length === 0) throw notFound('Vulnerability not found');
  throw notFound(`Vulnerability not found, but the following aliases were: ${others.join(' ')}`);
}

function pageOf(query: Query, store: RecordStore, rules: PageRules): Page {
  if (query.kind === 'unmatched') return { ids: [], nextPageToken: '' };
  return cutPage(store.match(query.ecosystem, query.name, query.version), query.name, query.pageToken, rules);
}

function notStarted(query: Query): Page {
  return notStartedPage(query.kind === 'package' ? query.pageToken : '');
}

function timeLimit(faults: readonly Fault[]): number {
  const limit = faults.find((fault) => fault.kind === 'timeLimit');
  return limit === undefined ? Infinity : (limit.afterQueries ?? 0);
}

/** Empty fields are left out. */
function withPage(page: Page, details: (id: string) => JsonObject | undefined): JsonObject {
  const vulns = page.ids.flatMap((id) => details(id) ?? []);
  return {
    ...(vulns.length > 0 && { vulns }),
    ...(page.nextPageToken !== '' && { next_page_token: page.nextPageToken }),
  };
}
