import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** What is common to a request of HTTP/1.1 and one of HTTP/2. */
export interface Incoming extends AsyncIterable<unknown> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remotePort?: number | undefined };
  /** HTTP/2 only. */
  readonly stream?: ServerHttp2Stream;
}

/** What is common to their answers. */
export interface Outgoing {
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  flushHeaders(): void;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  once(event: 'close' | 'finish' | 'drain', listener: () => void): unknown;
}

/** One accepted TCP connection, under TLS or not. */
export interface Connection {
  readonly number: number;
  readonly isSecure: boolean;
  readonly socket: Socket;
}

/** The means to answer one request, or not to. */
export interface Wire {
  readonly connection: Connection;
  readonly stream: ServerHttp2Stream | undefined;
  readonly outgoing: Outgoing;
  /** Aborted when the answer is over, for whatever reason. */
  readonly closed: AbortSignal;
}

/** Cuts the request off: a TCP reset for the connection, or RST_STREAM for this stream of it. */
export function reset({ connection, stream }: Wire, scope: 'connection' | 'stream'): void {
  if (scope === 'stream' && stream) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else connection.socket.resetAndDestroy();
}

/** Resolves when the client has what was sent so far; with HTTP/1.1 when this machine's network has it. */
export async function flushed({ stream, closed }: Wire): Promise<void> {
  const session = stream?.session;
  const sent = new Promise<void>((resolve) => {
    if (session === undefined || !session.ping(() => resolve())) setImmediate(resolve);
  });
  await Promise.race([sent, aborted(closed)]);
}

/** HTTP/2 only: the session ends, and what is in flight on it is finished, refused from this stream on, or dropped. */
export function goAway({ stream }: Wire, inFlight: 'finish' | 'refuse' | 'drop'): void {
  const session = stream?.session;
  if (stream === undefined || session === undefined || session.destroyed) return;
  // Clients number their streams 1, 3, 5: the one before is the last that is answered.
  const lastStreamId = inFlight === 'refuse' ? Math.max(1, (stream.id ?? 1) - 2) : undefined;
  session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
  if (inFlight === 'refuse') stream.close(constants.NGHTTP2_REFUSED_STREAM);
  if (inFlight === 'drop') setImmediate(() => session.destroy());
  else session.close();
}

/** Sends the chunks one by one, as fast as they are taken. */
export async function writeAll({ outgoing, closed }: Wire, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (closed.aborted) return;
    if (!outgoing.write(chunk)) await Promise.race([drained(outgoing), aborted(closed)]);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function drained(outgoing: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve);
  });
}
