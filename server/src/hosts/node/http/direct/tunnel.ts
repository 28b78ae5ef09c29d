import type { Socket } from 'node:net';
import { Client } from 'undici';
import { errorCode } from '../../files/errorCode.ts';
import type { Proxy } from './chooseProxy.ts';
import { ProxyError } from '../proxyError.ts';
import type { Trust } from './trust.ts';

/** A connection to `target` (`host:port`) through the proxy, by CONNECT. Rejects with a `ProxyError`. */
export async function openTunnel(proxy: Proxy, target: string, trust: Trust, timeoutMs: number): Promise<Socket> {
  const client = new Client(proxy.origin, { connect: { timeout: timeoutMs, ...trust } });
  try {
    const { statusCode, socket } = await client.connect({
      path: target,
      headers: {
        host: target,
        ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (statusCode === 200) {
      return socket as Socket;
    }
    socket.on('error', () => undefined).destroy();
    throw refusal(proxy, target, statusCode);
  } catch (error) {
    if (error instanceof ProxyError) {
      throw error;
    }
    const code = errorCode(error);
    const what =
      error instanceof Error && error.name === 'TimeoutError'
        ? `did not answer within ${timeoutMs / 1000} s`
        : `could not be reached${code === '' ? '' : ` (${code})`}`;
    throw new ProxyError(`The proxy ${proxy.host} ${what}.`, undefined, { cause: error });
  } finally {
    // The tunnel's socket is no longer the client's.
    void client.close().catch(() => undefined);
  }
}

function refusal({ host, authorization }: Proxy, target: string, status: number): ProxyError {
  if (status !== 407) {
    return new ProxyError(`The proxy ${host} does not connect to ${target} (HTTP ${status}).`, status);
  }
  const what =
    authorization === undefined
      ? 'wants a user name and password (HTTP 407). Put them into "http.proxyAuthorization" or the proxy\'s address'
      : 'does not accept the user name and password it was given (HTTP 407)';
  return new ProxyError(`The proxy ${host} ${what}.`, status);
}
