import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { errorCode } from '../../files/errorCode.ts';
import { isDistrust } from '../retry.ts';
import type { Proxy } from './chooseProxy.ts';
import { TimeoutError } from '../timeoutError.ts';
import type { Trust, TrustStore } from './trust.ts';
import { openTunnel } from './tunnel.ts';

export interface ConnectorOptions {
  readonly allowH2: boolean;
  readonly timeoutMs: number;
  readonly trust: TrustStore;
  /** The proxy to go through to an origin; throws a `ProxyError` where the proxy's address makes no sense. */
  readonly proxy: (origin: string) => Proxy | undefined;
  /** Called with each connection before it is used. */
  readonly onConnected: (socket: Socket) => void;
}

// A connection made in advance is given up when nothing is asked for so long; servers do the same.
const warmForMs = 20_000;

/** Makes connections for undici: directly or through a proxy, and one in advance where asked to. */
export class Connector {
  readonly #options: ConnectorOptions;
  #built: { readonly trust: Trust; readonly connect: buildConnector.connector } | undefined;
  #open = 0;
  #warm: { readonly socket: Promise<Socket>; readonly drop: () => void } | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    const warm = this.#warm;
    this.#warm = undefined;
    (warm?.socket ?? this.#opened(options)).then(
      (socket) => {
        this.#open++;
        socket.once('close', () => this.#open--);
        this.#options.onConnected(socket);
        callback(null, socket);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };

  preconnect(options: buildConnector.Options): void {
    if (this.#warm !== undefined || this.#open > 0) {
      return;
    }
    const socket = this.#opened(options);
    const forget = (): void => {
      clearTimeout(timer);
      if (this.#warm === warm) {
        this.#warm = undefined;
      }
    };
    const drop = (): void => {
      forget();
      socket.then(
        (one) => one.destroy(),
        () => undefined,
      );
    };
    const warm = { socket, drop };
    const timer = setTimeout(() => {
      if (this.#warm === warm) {
        drop();
      }
    }, warmForMs).unref();
    this.#warm = warm;
    socket.then((one) => one.once('close', forget).on('error', () => undefined), forget);
  }

  close(): void {
    this.#warm?.drop();
  }

  async #opened(options: buildConnector.Options): Promise<Socket> {
    const { trust } = this.#options;
    const seen = trust.current;
    try {
      return await this.#attempt(options, seen);
    } catch (error) {
      if (isDistrust(error) && trust.widen(seen)) {
        return this.#attempt(options, trust.current);
      }
      throw /CONNECT_TIMEOUT|ETIMEDOUT/u.test(errorCode(error))
        ? new TimeoutError('connect', this.#options.timeoutMs, { cause: error })
        : error;
    }
  }

  async #attempt(options: buildConnector.Options, trust: Trust): Promise<Socket> {
    const { hostname, port, protocol } = options;
    const target = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port !== '' ? port : protocol === 'https:' ? 443 : 80}`;
    const proxy = this.#options.proxy(`${protocol}//${target}`);
    const httpSocket =
      proxy === undefined ? undefined : await openTunnel(proxy, target, trust, this.#options.timeoutMs);
    if (httpSocket !== undefined && protocol !== 'https:') {
      return httpSocket;
    }
    return new Promise((resolve, reject) => {
      const { timeoutMs } = this.#options;
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(new TimeoutError('connect', timeoutMs));
      }, timeoutMs);
      this.#connector(trust)({ ...options, ...(httpSocket === undefined ? {} : { httpSocket }) }, (error, socket) => {
        clearTimeout(timer);
        if (error === null && !isLate) {
          resolve(socket);
        } else if (error === null) {
          socket.destroy();
        } else {
          httpSocket?.destroy();
          reject(error);
        }
      });
    });
  }

  /** One for each trust, since it keeps TLS sessions for the next connection. */
  #connector(trust: Trust): buildConnector.connector {
    if (this.#built?.trust !== trust) {
      const { allowH2, timeoutMs } = this.#options;
      // It destroys the socket when the time is over, but looks at its watch only twice a second.
      this.#built = { trust, connect: buildConnector({ allowH2, timeout: timeoutMs, ...trust }) };
    }
    return this.#built.connect;
  }
}
