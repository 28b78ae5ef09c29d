import { ApiError, gatewayError, invalidArgument } from './apiError.ts';
import { isKnownEcosystem } from './ecosystems.ts';
import { parsePurl } from './purl.ts';
import { isObject, type JsonObject } from './storedRecord.ts';

/** What one query asks for. */
export type Query =
  | {
      readonly kind: 'package';
      readonly ecosystem: string;
      readonly name: string;
      /** Empty for every version. */
      readonly version: string;
      readonly pageToken: string;
    }
  /** A commit, or a package URL of a type the service does not know: both are answered with no match. */
  | { readonly kind: 'unmatched' };

const maxBatchQueries = 1000;

/** The body of `POST /v1/query`. Throws an `ApiError`. */
export function parseQueryBody(body: string): Query {
  if (body === '') throw invalidArgument('no query provided');
  const message = json(body);
  checkMessage(message);
  return parseQuery(message);
}

/**
 * The body of `POST /v1/querybatch`. The server parses every query, then looks at their number, and then reports the
 * first bad one.
 */
export function parseBatchBody(body: string): readonly Query[] {
  const message = body === '' ? {} : json(body);
  const queries = fields(message, 'batch', { queries: 'list' })['queries'] ?? [];
  if (!Array.isArray(queries)) throw gatewayError(400, 'queries: not a list');
  queries.forEach(checkMessage);
  const parsed = queries.map(parsedOrError);
  if (parsed.length > maxBatchQueries) throw invalidArgument('too many queries');
  return parsed.map((query, index) => {
    if (query instanceof ApiError) throw atIndex(index, query);
    return query;
  });
}

/** A batch fails as a whole; the message of the server tells which query it was. */
export function atIndex(index: number, error: ApiError): ApiError {
  const text = `error in query at index ${index}: rpc error: code = InvalidArgument desc = ${error.message}`;
  return new ApiError(error.status, error.code, text);
}

function parsedOrError(message: unknown): Query | ApiError {
  try {
    return parseQuery(message);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function parseQuery(message: unknown): Query {
  const query = fields(message, 'query', queryFields);
  const commit = text(query, 'commit');
  if (commit !== '') {
    if (!/^(?:[0-9a-fA-F]{2})+$/.test(commit)) throw invalidArgument('invalid hash');
    return { kind: 'unmatched' };
  }
  const pageToken = text(query, 'page_token');
  if (!isPresent(query['package'])) throw invalidArgument('invalid query');
  const wanted = fields(query['package'], 'package', packageFields);
  const version = text(query, 'version');
  const purl = text(wanted, 'purl');
  if (purl !== '') return parsePurlQuery(purl, { wanted, version, pageToken });
  const ecosystem = text(wanted, 'ecosystem');
  const name = text(wanted, 'name');
  if (ecosystem !== '' && !isKnownEcosystem(ecosystem)) throw invalidArgument('invalid ecosystem');
  // The real server takes a query without ecosystem for one over all of them. No client of ours should ever send that.
  if (name === '' || ecosystem === '') throw invalidArgument('invalid query');
  return { kind: 'package', ecosystem, name, version, pageToken };
}

function parsePurlQuery(
  purl: string,
  query: { readonly wanted: JsonObject; readonly version: string; readonly pageToken: string },
): Query {
  if (text(query.wanted, 'name') !== '') throw invalidArgument('name specified in a PURL query');
  if (text(query.wanted, 'ecosystem') !== '') throw invalidArgument('ecosystem specified in a PURL query');
  const { type, name, version } = parsePurl(purl);
  if (type !== 'pypi') return { kind: 'unmatched' };
  if (version !== '' && query.version !== '') throw invalidArgument('version specified in params and PURL query');
  return { kind: 'package', ecosystem: 'PyPI', name, version: version || query.version, pageToken: query.pageToken };
}

type FieldTypes = Readonly<Record<string, 'text' | 'object' | 'list'>>;

const queryFields: FieldTypes = { commit: 'text', version: 'text', package: 'object', page_token: 'text' };
const packageFields: FieldTypes = { name: 'text', ecosystem: 'text', purl: 'text' };

/** The gateway turns JSON into messages before the server sees any of it: unknown fields and wrong types end there. */
function checkMessage(message: unknown): void {
  const query = fields(message, 'query', queryFields);
  if (isPresent(query['package'])) fields(query['package'], 'package', packageFields);
  if (isPresent(query['commit']) && isPresent(query['version'])) {
    throw gatewayError(400, 'query: commit and version exclude each other');
  }
}

function fields(message: unknown, what: string, types: FieldTypes): JsonObject {
  if (!isObject(message)) throw gatewayError(400, `${what}: not an object`);
  for (const [name, value] of Object.entries(message)) {
    const type = types[name];
    if (type === undefined) throw gatewayError(400, `${what}: no such field: ${name}`);
    if (value !== null && !isOfType(value, type)) throw gatewayError(400, `${what}: wrong type of field: ${name}`);
  }
  return message;
}

/** In JSON a field may be absent by being null. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isOfType(value: unknown, type: FieldTypes[string]): boolean {
  return type === 'text' ? typeof value === 'string' : type === 'list' ? Array.isArray(value) : isObject(value);
}

function text(message: JsonObject, name: string): string {
  const value = message[name];
  return typeof value === 'string' ? value : '';
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw gatewayError(400, 'the body is not JSON');
  }
}
