import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { constants, createSecureServer, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { DirectClient } from '../../../../server/src/hosts/node/http/direct/directClient.ts';
import type { HttpAnswer } from '../../../../server/src/hosts/node/http/httpClient.ts';
import { isConnectionLost } from '../../../../server/src/hosts/node/http/retry.ts';
import { createServerIdentity } from '../../../osv-service/certificate.ts';
import type { Outgoing } from '../../../osv-service/wire.ts';

const { signal } = new AbortController();

describe('an exchange', () => {
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

  function connect(origin: string, ca: string, idleTimeoutMs: number): DirectClient {
    const client = new DirectClient({
      baseUrl: origin,
      userAgent: 'test',
      idleTimeoutMs,
      trust: { ca },
      proxy: () => undefined,
    });
    closing.push(() => client.close());
    return client;
  }

  const ask = (client: DirectClient, path: string, until: AbortSignal = signal): Promise<HttpAnswer> =>
    client.send({ method: 'GET', path, maxBytes: 1_000_000 }, until);

  async function overHttp2(answer: (path: string, response: Http2ServerResponse) => void): Promise<[string, string]> {
    const { ca, cert, key } = createServerIdentity();
    const server = createSecureServer({ cert, key }, (request, response) => answer(request.url, response));
    const sessions: ServerHttp2Session[] = [];
    server.on('session', (session) => sessions.push(session.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      sessions.forEach((session) => session.destroy());
      return new Promise((resolve) => server.close(resolve));
    });
    return [`https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca];
  }

  async function overHttp1(answer: (path: string, response: ServerResponse) => void): Promise<[string, string]> {
    const server = createServer((request, response) => answer(request.url ?? '', response));
    const sockets: Socket[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(resolve));
    });
    return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, ''];
  }

  for (const code of [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL]) {
    it(`fails, to be tried again, where an HTTP/2 stream ends too soon with code ${code}`, async () => {
      const [origin, ca] = await overHttp2((_path, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('half of it');
        response.stream.session?.ping(() => response.stream.close(code)); // the client has that half
      });
      await assert.rejects(ask(connect(origin, ca, 5000), '/'), isConnectionLost);
    });
  }

  for (const [protocol, listen] of [
    ['HTTP/2', overHttp2],
    ['HTTP/1.1', overHttp1],
  ] as const) {
    it(`is broken off at the end over ${protocol} even on a connection that was given up`, async () => {
      let arrived = (): void => undefined;
      const [origin, ca] = await listen((path: string, response: Pick<Outgoing, 'writeHead' | 'write' | 'once'>) => {
        if (path === '/slow') {
          response.writeHead(200, {});
          const timer = setInterval(() => response.write(Buffer.from('.')), 20);
          response.once('close', () => clearInterval(timer));
          arrived();
        }
      });
      const client = connect(origin, ca, 150);
      const slow = new Promise<void>((resolve) => (arrived = resolve));
      const underWay = ask(client, '/slow').then(
        () => 'answered',
        () => 'broken off',
      );
      await slow;
      await assert.rejects(ask(client, '/never'), /no answer/u);
      await client.close();
      assert.equal(await underWay, 'broken off');
    });
  }

  it('is broken off when it is aborted, and leaves nothing behind with its signal', async () => {
    let arrived = (): void => undefined;
    let gone = (): void => undefined;
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
    const isGone = new Promise<void>((resolve) => (gone = resolve));
    const [origin, ca] = await overHttp1((path, response) => {
      if (path === '/slow') {
        response.once('close', () => gone());
        arrived();
      } else {
        response.end('{}');
      }
    });
    const client = connect(origin, ca, 5000);
    const own = new AbortController();
    await ask(client, '/', own.signal);
    assert.equal(getEventListeners(own.signal, 'abort').length, 0);
    const slow = assert.rejects(ask(client, '/slow', own.signal), /enough/u);
    await hasArrived;
    own.abort(new Error('enough'));
    await Promise.all([slow, isGone]);
  });

  it('is never sent when it is aborted while it waits for a connection', async () => {
    const seen: string[] = [];
    const held: ServerResponse[] = [];
    let full = (): void => undefined;
    const isFull = new Promise<void>((resolve) => (full = resolve));
    const [origin, ca] = await overHttp1((path, response) => {
      seen.push(path);
      if (path !== '/held') {
        response.end('{}');
      } else if (held.push(response) === 16) {
        full();
      }
    });
    const client = connect(origin, ca, 5000);
    const all = Array.from({ length: 16 }, () => ask(client, '/held'));
    await isFull;
    const own = new AbortController();
    const waiting = assert.rejects(ask(client, '/aborted', own.signal), /enough/u);
    const last = ask(client, '/last');
    own.abort(new Error('enough'));
    held.forEach((response) => response.end('{}'));
    await Promise.all([...all, waiting, last]);
    assert.deepEqual(
      seen.filter((path) => path !== '/held'),
      ['/last'],
    );
  });
});
