import assert from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import type { OsvService } from '../../osv-service/osvService.ts';

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Over HTTP/1.1, on the plain port. The body must be JSON. */
export async function send(service: OsvService, path: string, body?: unknown): Promise<Received> {
  const response = await fetch(service.url + path, body === undefined ? {} : { method: 'POST', body: text(body) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The body of an answer that must be 200. */
export async function ask(service: OsvService, path: string, body?: unknown): Promise<unknown> {
  const { status, body: answer } = await send(service, path, body);
  assert.equal(status, 200, JSON.stringify(answer));
  return answer;
}

export function query(name: string, version?: string, more: object = {}): object {
  return { package: { name, ecosystem: 'PyPI' }, ...(version !== undefined && { version }), ...more };
}

/** The ids of a page of `query`, or of one result of `querybatch`. */
export function idsOf(page: unknown): readonly string[] {
  assert.ok(typeof page === 'object' && page !== null);
  const vulns: unknown = 'vulns' in page ? page.vulns : [];
  assert.ok(Array.isArray(vulns));
  return vulns.map((vuln: unknown) => {
    assert.ok(typeof vuln === 'object' && vuln !== null && 'id' in vuln && typeof vuln.id === 'string');
    return vuln.id;
  });
}

export function tokenOf(page: unknown): string | undefined {
  assert.ok(typeof page === 'object' && page !== null);
  if (!('next_page_token' in page)) return undefined;
  assert.ok(typeof page.next_page_token === 'string');
  return page.next_page_token;
}

export function resultsOf(answer: unknown): readonly unknown[] {
  assert.ok(typeof answer === 'object' && answer !== null && 'results' in answer && Array.isArray(answer.results));
  return answer.results;
}

export interface StreamEnd {
  readonly status: number | undefined;
  readonly body: string;
  /** 0 for an ordinary end. */
  readonly code: number;
}

/** A client with one HTTP/2 connection. */
export interface Http2Client {
  readonly session: ClientHttp2Session;
  get(path: string, headers?: OutgoingHttpHeaders): Promise<StreamEnd>;
  close(): void;
}

export function http2Client(service: OsvService): Http2Client {
  const session = connect(service.tlsUrl, { ca: service.ca });
  // Tests look at the streams; what ends the session ends them as well.
  session.on('error', () => undefined);
  return {
    session,
    get: (path, headers = {}) =>
      new Promise((resolve) => {
        const stream = session.request({ ':path': path, ...headers });
        let status: number | undefined;
        const chunks: Buffer[] = [];
        stream.on('response', (received) => {
          status = received[':status'];
        });
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', () => undefined);
        stream.on('close', () =>
          resolve({ status, body: Buffer.concat(chunks).toString(), code: stream.rstCode ?? 0 }),
        );
      }),
    close: () => session.destroy(),
  };
}

/** What an event first brings with it. */
export async function eventOf(emitter: EventEmitter, event: string): Promise<unknown> {
  const values: unknown[] = await once(emitter, event);
  return values[0];
}

/** A record with as little as one needs. */
export function record(id: string, name: string, events: readonly object[], more: object = {}): object {
  const affected = [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }];
  return { id, modified: '2026-01-02T03:04:05Z', affected, ...more };
}

/** So many records of one package, every version of which they affect: T-0001, T-0002 and so on. */
export function manyRecords(name: string, count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) =>
    record(`T-${String(index + 1).padStart(4, '0')}`, name, [{ introduced: '0' }]),
  );
}

function text(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
