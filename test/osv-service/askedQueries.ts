import { isObject } from './storedRecord.ts';
import type { AskedQuery } from './traffic.ts';

/** What the body of a `query` or `querybatch` asks for, whether or not the service would take it. */
export function askedQueries(body: string): readonly AskedQuery[] {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    // Kept as it is in the log; the answer is 400.
    return [];
  }
  if (!isObject(message)) return [];
  return Array.isArray(message['queries']) ? message['queries'].map(askedQuery) : [askedQuery(message)];
}

function askedQuery(query: unknown): AskedQuery {
  if (!isObject(query)) return {};
  const wanted = isObject(query['package']) ? query['package'] : {};
  return {
    ...field('name', wanted['name']),
    ...field('version', query['version']),
    ...field('ecosystem', wanted['ecosystem']),
    ...field('purl', wanted['purl']),
    ...field('pageToken', query['page_token']),
  };
}

function field(name: keyof AskedQuery, value: unknown): AskedQuery {
  return typeof value === 'string' ? { [name]: value } : {};
}
