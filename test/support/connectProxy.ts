import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServerIdentity } from '../osv-service/certificate.ts';

export interface ConnectProxy {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  readonly port: number;
  /** PEM of the authority behind an https proxy. */
  readonly ca: string;
  /** The targets asked for, with the credentials sent. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export interface ConnectProxyOptions {
  /** The only value of `proxy-authorization` that is let through. */
  readonly authorization?: string;
  /** Answers CONNECT with this status. */
  readonly refusal?: number;
  /** Takes the connection and never answers. */
  readonly isSilent?: boolean;
  readonly isTls?: boolean;
}

/** A proxy on this machine that takes CONNECT to any host, and connects to the same port of this machine. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const identity = createServerIdentity();
  const asked: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = options.isTls === true ? createTlsServer({ key: identity.key, cert: identity.cert }) : createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    const authorization = request.headers['proxy-authorization'];
    asked.push({ target, authorization });
    client.on('error', () => undefined);
    if (options.isSilent === true) {
      return;
    }
    const isKnown = options.authorization === undefined || options.authorization === authorization;
    const refusal = isKnown ? options.refusal : 407;
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal} No\r\nproxy-authenticate: Basic realm="x"\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const service = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      service.write(head);
      service.pipe(client).pipe(service);
    });
    sockets.add(service);
    service.on('error', () => client.destroy()).on('close', () => sockets.delete(service));
    client.on('close', () => service.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.isTls === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    ca: identity.ca,
    asked,
    async close() {
      const closed = once(server, 'close');
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}
