import type { Fault, WrongShape } from './fault.ts';
import { isObject, type JsonObject } from './storedRecord.ts';

/** The value a body fault makes of the right one. */
export function faultyValue(value: unknown, fault: Fault): unknown {
  switch (fault.kind) {
    case 'extraFields':
      return withExtraFields(value);
    case 'wrongShape':
      return wrongShape(value, fault.shape);
    default:
      return value;
  }
}

/** The text a body fault makes of the right one. */
export function faultyText(text: string, fault: Fault): string {
  switch (fault.kind) {
    case 'truncatedJson':
      return text.slice(0, Math.max(1, Math.floor(text.length / 2)));
    case 'brokenJson':
      return `${text.slice(0, -1)},]}`;
    default:
      return text;
  }
}

/** As a newer server could answer: fields, an event and a severity type nobody knows yet. */
function withExtraFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExtraFields);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => [name, withExtraFields(field)]);
  return { unheard_of: { since: '2.0.0', values: [1, null, 'x'] }, ...Object.fromEntries(fields) };
}

function wrongShape(value: unknown, shape: WrongShape): unknown {
  switch (shape) {
    case 'null':
      return null;
    case 'list':
      return [value];
    case 'text':
      return 'OK';
    case 'number':
      return 200;
    case 'empty':
      return {};
    case 'resultsMissing':
      return changed(value, 'results', () => undefined);
    case 'resultsNull':
      return changed(value, 'results', () => null);
    case 'resultsNotAList':
      return changed(value, 'results', (results) => ({ ...list(results) }));
    case 'resultsTooShort':
      return changed(value, 'results', (results) => list(results).slice(0, -1));
    case 'resultsTooLong':
      return changed(value, 'results', (results) => [...list(results), {}]);
    case 'resultNull':
      return changed(value, 'results', (results) => list(results).map(() => null));
    case 'vulnsNull':
      return everyResult(value, (result) => ({ ...result, vulns: null }));
    case 'vulnsNotAList':
      return everyResult(value, (result) => ({ ...result, vulns: { ...list(result['vulns']) } }));
    case 'vulnNotAnObject':
      return everyVuln(value, (vuln) => (isObject(vuln) ? vuln['id'] : vuln));
    case 'idMissing':
      return everyVuln(value, (vuln) => changed(vuln, 'id', () => undefined));
    case 'idNotText':
      return everyVuln(value, (vuln) => changed(vuln, 'id', () => 7));
    case 'modifiedMissing':
      return everyVuln(value, (vuln) => changed(vuln, 'modified', () => undefined));
    case 'modifiedNotText':
      return everyVuln(value, (vuln) => changed(vuln, 'modified', () => 1_700_000_000));
    case 'tokenNotText':
      return everyResult(value, (result) => ({ ...result, next_page_token: 1 }));
    case 'otherId':
      return changed(value, 'id', (id) => `${typeof id === 'string' ? id : ''}-other`);
    case 'affectedNotAList':
      return changed(value, 'affected', (affected) => ({ ...list(affected) }));
  }
}

/** Of a batch each result, of a query the answer itself. */
function everyResult(value: unknown, change: (result: JsonObject) => unknown): unknown {
  if (!isObject(value)) return value;
  if (!Array.isArray(value['results'])) return change(value);
  return { ...value, results: list(value['results']).map((result) => (isObject(result) ? change(result) : result)) };
}

/** Each match of a batch or a query; a record stands for itself. */
function everyVuln(value: unknown, change: (vuln: unknown) => unknown): unknown {
  if (isObject(value) && typeof value['id'] === 'string') return change(value);
  return everyResult(value, (result) =>
    Array.isArray(result['vulns']) ? { ...result, vulns: result['vulns'].map(change) } : result,
  );
}

function changed(value: unknown, name: string, change: (field: unknown) => unknown): unknown {
  return isObject(value) ? { ...value, [name]: change(value[name]) } : value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
