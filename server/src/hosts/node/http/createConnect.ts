import type { buildConnector } from 'undici';
import { chooseProxy, type ProxyEnvironment } from './chooseProxy.ts';
import { Connector } from './connector.ts';
import type { NetworkSettings } from './networkSettings.ts';
import { TrustStore } from './trust.ts';

export interface ConnectOptions {
  readonly network?: NetworkSettings | undefined;
  /** Instead of the process's own. */
  readonly environment?: ProxyEnvironment;
  /** To the end of the TLS handshake; 5 s where absent. */
  readonly timeoutMs?: number;
}

/** `connect` for an undici agent over HTTP/1.1 that goes through the user's proxy and trusts what the system trusts. */
export function createConnect(options: ConnectOptions = {}): buildConnector.connector {
  const { network = {}, environment = process.env, timeoutMs = 5_000 } = options;
  const connector = new Connector({
    allowH2: false,
    timeoutMs,
    trust: new TrustStore(network),
    proxy: (origin) => chooseProxy(origin, network, environment),
    onConnected: () => undefined,
  });
  return connector.connect;
}
