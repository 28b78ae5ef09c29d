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
  end(chunk?: Uint8Array): unknown;
  once(event: 'close' | 'finish' | 'drain', listener: () => void): unknown;
}

/** One accepted TCP connection, under TLS or not. */
export interface Connection {
  readonly number: number;
  readonly isSecure: boolean;
  readonly socket: Socket;
  /** Set when a fault ends it, and with it every request on it. */
  isBroken: boolean;
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
  if (scope === 'stream' && stream) {
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  } else {
    connection.isBroken = true;
    connection.socket.resetAndDestroy();
  }
}

/** Whether an answer that is over was cut off from this side. */
export function isBroken({ connection, stream }: Wire): boolean {
  const code = stream?.rstCode;
  return connection.isBroken || code === constants.NGHTTP2_REFUSED_STREAM || code === constants.NGHTTP2_INTERNAL_ERROR;
}

/** Resolves when the client has what was sent so far; with HTTP/1.1 when this machine's network has it. */
export async function flushed({ stream, closed }: Wire): Promise<void> {
  const session = stream?.session;
  const sent = new Promise<void>((resolve) => {
    if (session === undefined || !session.ping(() => resolve())) setImmediate(resolve);
  });
  await Promise.race([sent, aborted(closed)]);
}

/** No stream has a higher number: what a server announces while it still takes what is on the way. */
const lastPossibleStream = 2 ** 31 - 1;

/** HTTP/2 only: the session ends, and what is in flight on it is finished, refused from this stream on, or dropped. */
export function goAway(wire: Wire, inFlight: 'finish' | 'refuse' | 'drop'): void {
  const { stream } = wire;
  const session = stream?.session;
  if (stream === undefined || session === undefined || session.destroyed) return;
  switch (inFlight) {
    case 'finish':
      // In two steps, as RFC 9113 section 6.8 has it, so that nothing is lost that was on its way.
      session.goaway(constants.NGHTTP2_NO_ERROR, lastPossibleStream);
      void flushed(wire).then(() => session.close());
      return;
    case 'refuse':
      // Not before the streams that came with this one are taken; then all above the number are closed as refused.
      setImmediate(() => {
        if (session.destroyed) return;
        // Clients number their streams 1, 3, 5: the one before is the last that is answered. The client ends the
        // session then; `close` here would announce a higher number, which the protocol forbids.
        session.goaway(constants.NGHTTP2_NO_ERROR, Math.max(1, (stream.id ?? 1) - 2));
      });
      return;
    case 'drop':
      session.goaway(constants.NGHTTP2_NO_ERROR, lastPossibleStream);
      wire.connection.isBroken = true;
      setImmediate(() => session.destroy());
  }
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
