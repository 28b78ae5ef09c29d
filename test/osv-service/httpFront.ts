import { createServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import type { ServerIdentity } from './certificate.ts';
import { exchange, type ServiceState } from './exchange.ts';
import type { Connection, Incoming, Outgoing } from './wire.ts';

export interface HttpFront {
  readonly port: number;
  readonly tlsPort: number;
  /** Ends every connection at once, requests in flight or not. */
  close(): Promise<void>;
}

export interface FrontOptions {
  readonly port: number;
  readonly tlsPort: number;
  readonly identity: ServerIdentity;
  readonly maxConcurrentStreams: number;
}

const loopback = '127.0.0.1';
// One for all: to make one takes longer than to answer.
const answerOver = new Error('The answer is over');

/** HTTP/1.1 on one port; TLS on another, where the client chooses between HTTP/2 and HTTP/1.1. Loopback only. */
export async function openFront(state: ServiceState, options: FrontOptions): Promise<HttpFront> {
  const { identity, maxConcurrentStreams } = options;
  const plain = createServer({ keepAliveTimeout: keepAliveMs, noDelay: true });
  const secure = createSecureServer({
    key: identity.key,
    cert: identity.cert,
    allowHTTP1: true,
    settings: { maxConcurrentStreams },
  });
  const connections = new OpenConnections(state);
  connections.watch(plain, { isSecure: false });
  connections.watch(secure, { isSecure: true });
  secure.on('session', (session) => {
    // What ends a session is told by its streams.
    session.on('error', () => undefined);
    state.traffic.http2Opened();
  });
  serve(plain, state, (port) => connections.find(false, port));
  serve(secure, state, (port) => connections.find(true, port));
  const close = async (): Promise<void> => {
    const closed = [plain, secure].map((server) => new Promise((resolve) => server.close(resolve)));
    connections.destroy();
    await Promise.all(closed);
  };
  try {
    await listen(plain, options.port);
    await listen(secure, options.tlsPort);
  } catch (error) {
    await close();
    throw error;
  }
  return { port: portOf(plain), tlsPort: portOf(secure), close };
}

/** Longer than a test lasts, so that a client never meets a connection that is being closed for idleness. */
const keepAliveMs = 600_000;

class OpenConnections {
  private readonly state: ServiceState;
  private readonly byPort = new Map<string, Connection>();
  private opened = 0;

  constructor(state: ServiceState) {
    this.state = state;
  }

  watch(server: TcpServer, { isSecure }: { readonly isSecure: boolean }): void {
    server.on('connection', (socket: Socket) => {
      const key = connectionKey(isSecure, socket.remotePort);
      this.byPort.set(key, { number: ++this.opened, isSecure, socket, isBroken: false });
      this.state.traffic.connectionOpened(isSecure);
      // A client may cut any connection; its end is told by `close`.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.byPort.delete(key);
        this.state.traffic.connectionClosed();
      });
    });
  }

  /** Under TLS a request does not lead to its TCP socket, but both have the client's port. */
  find(isSecure: boolean, remotePort: number | undefined): Connection | undefined {
    return this.byPort.get(connectionKey(isSecure, remotePort));
  }

  destroy(): void {
    for (const { socket } of this.byPort.values()) socket.destroy();
  }
}

function connectionKey(isSecure: boolean, remotePort: number | undefined): string {
  return `${isSecure ? 'tls' : 'plain'} ${remotePort}`;
}

function serve(
  server: Server | Http2SecureServer,
  state: ServiceState,
  find: (remotePort: number | undefined) => Connection | undefined,
): void {
  server.on('request', (incoming: Incoming, outgoing: Outgoing) => {
    const connection = find(incoming.socket.remotePort);
    // The client has gone before its request was looked at.
    if (connection === undefined) return;
    const closed = new AbortController();
    outgoing.once('close', () => closed.abort(answerOver));
    incoming.stream?.on('error', () => undefined);
    // A rejection here is a fault of the service's own, and should be as loud as possible.
    void exchange(state, incoming, { connection, stream: incoming.stream, outgoing, closed: closed.signal });
  });
}

function listen(server: TcpServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: TcpServer): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The OSV service has no port');
  return address.port;
}
