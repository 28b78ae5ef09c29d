import type { Log } from '../../../engine/ports.ts';
import { AutoClient } from './autoClient.ts';
import { chooseProxy, isLoopback, type ProxyEnvironment } from './direct/chooseProxy.ts';
import { DirectClient } from './direct/directClient.ts';
import { EditorClient, type EditorFetch } from './editorClient.ts';
import type { Pace } from './direct/exchange.ts';
import type { HttpClient } from './httpClient.ts';
import { LateClient } from './lateClient.ts';
import type { NetworkSettings } from './networkSettings.ts';

export interface HttpClientOptions extends WayOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Without a byte. */
  readonly idleTimeoutMs: number;
  /** For a request through the editor, which hands an answer over in one piece; `idleTimeoutMs` where absent. */
  readonly editorTimeoutMs?: number;
  /** The direct way gives a body up that comes more slowly. */
  readonly slowest?: Pace;
  /** Where the service has no HTTP/2; 16 where absent. */
  readonly http1Connections?: number;
  readonly userAgent: string;
  readonly log: Log;
}

/** How a service is reached; all from the settings of the user and the machine. */
export interface WayOptions {
  /** `direct` where absent. */
  readonly transport?: TransportChoice;
  readonly network?: NetworkSettings;
  /** Instead of the process's own. */
  readonly environment?: ProxyEnvironment;
  /** Present where the editor fetches for us. */
  readonly editorFetch?: EditorFetch;
  /** To the end of the TLS handshake; 5 s where absent. */
  readonly connectTimeoutMs?: number;
  /** PEM; instead of asking the operating system. */
  readonly systemCertificates?: () => readonly string[];
}

export type TransportChoice = 'direct' | 'editor' | 'auto';

/** The way to one service that the settings ask for. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const {
    baseUrl,
    idleTimeoutMs,
    editorTimeoutMs = idleTimeoutMs,
    userAgent,
    log,
    transport = 'direct',
    editorFetch,
  } = options;
  const { hostname, host } = new URL(baseUrl);
  if (transport === 'editor' && editorFetch === undefined) {
    log.warn('This editor offers no network to language servers, so requests are sent directly.');
  }
  if (transport === 'direct' || editorFetch === undefined || (transport === 'auto' && isLoopback(hostname))) {
    return createDirect(options);
  }
  const editor = new EditorClient({ baseUrl, userAgent, timeoutMs: editorTimeoutMs, fetch: editorFetch });
  return transport === 'editor' ? editor : new AutoClient({ direct: createDirect(options), editor, host, log });
}

function createDirect(options: HttpClientOptions): HttpClient {
  const { baseUrl, idleTimeoutMs, userAgent, log, network = {}, environment = process.env } = options;
  const { connectTimeoutMs, slowest, http1Connections, systemCertificates } = options;
  if (network.strictSsl === false) {
    log.warn('Certificates are not checked, since "http.proxyStrictSSL" is false: anyone on the way can answer.');
  }
  return new LateClient(
    () =>
      new DirectClient({
        baseUrl,
        userAgent,
        idleTimeoutMs,
        ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
        ...(slowest === undefined ? {} : { slowest }),
        ...(http1Connections === undefined ? {} : { http1Connections }),
        trust: { ...network, ...(systemCertificates === undefined ? {} : { systemCertificates }) },
        proxy: (origin) => chooseProxy(origin, network, environment),
      }),
  );
}
