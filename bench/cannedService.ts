import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServerIdentity } from '../test/osv-service/certificate.ts';
import { manyRecords } from './manyPins.ts';

export interface CannedService {
  readonly port: number;
  readonly ca: string;
  close(): void;
}

export interface CannedOptions {
  /** How many packages have one advisory each. */
  readonly count: number;
  readonly serviceMs: number;
  /** How many requests it takes at a time on one HTTP/2 connection. */
  readonly streams: number;
  /** One of so many requests fails; none where absent. */
  readonly failsOneIn?: number | undefined;
}

/**
 * A stand-in for OSV that has every answer ready. A real service works on hundreds of requests at once; one process does so in
 * turn, and what it does for each would be measured as if it were the client's.
 */
export async function startCannedService({
  count,
  serviceMs,
  streams,
  failsOneIn = Infinity,
}: CannedOptions): Promise<CannedService> {
  const { ca, cert, key } = createServerIdentity();
  const records = new Map(manyRecords(count).map((record, index) => [`vulnerable-${index}`, record]));
  const packages = new Map([...records].map(([name, record]) => [name, json({ vulns: [record] })]));
  const answer = (path: string, body: string): Buffer => {
    if (path === '/v1/query') {
      return packages.get((JSON.parse(body) as Query).package.name) ?? json({});
    }
    const { queries } = JSON.parse(body) as { readonly queries: readonly Query[] };
    return json({ results: queries.map((query) => matches(records.get(query.package.name))) });
  };
  const server = createSecureServer({ key, cert, allowHTTP1: true, settings: { maxConcurrentStreams: streams } });
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('request', (request, response) => {
    serve(request, response).catch(() => response.destroy()); // the client has gone
  });
  let requests = 0;
  async function serve(request: Incoming, response: Outgoing): Promise<void> {
    const isFailing = ++requests % failsOneIn === 0;
    const body = answer(request.url ?? '', await text(request));
    await sleep(serviceMs);
    if (isFailing) {
      response.writeHead(500, {});
      response.end(Buffer.alloc(0));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, ca, close: () => void server.close() };
}

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = Pick<ServerResponse | Http2ServerResponse, 'destroy'> & {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(body: Buffer): unknown;
};

interface Query {
  readonly package: { readonly name: string };
}

function matches(record: Readonly<Record<string, unknown>> | undefined): object {
  return record === undefined ? {} : { vulns: [{ id: record['id'], modified: record['modified'] }] };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
