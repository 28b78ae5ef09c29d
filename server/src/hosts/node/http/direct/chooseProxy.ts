import { ProxyError } from '../proxyError.ts';
import type { NetworkSettings } from '../networkSettings.ts';

export interface Proxy {
  /** `http:` or `https:`, without credentials. */
  readonly origin: string;
  /** For people: without credentials. */
  readonly host: string;
  /** The value of `proxy-authorization`. */
  readonly authorization: string | undefined;
}

/** The variables looked at; capital letters too. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address: the editor's setting, else HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY or the setting exempts the
 * host. This machine is never reached through a proxy. Throws a `ProxyError` where the proxy's address makes no sense.
 */
export function chooseProxy(
  target: string,
  settings: NetworkSettings,
  environment: ProxyEnvironment,
): Proxy | undefined {
  const url = new URL(target);
  if (isLoopback(url.hostname)) {
    return undefined;
  }
  const set = nonEmpty(settings.proxyUrl);
  const secure = url.protocol === 'https:' ? variable(environment, 'https_proxy') : undefined;
  const text = set ?? secure ?? variable(environment, 'http_proxy');
  const exempt = [...(settings.noProxy ?? []), ...(variable(environment, 'no_proxy') ?? '').split(/[,\s]+/u)];
  if (text === undefined || exempt.some((entry) => matches(entry, url))) {
    return undefined;
  }
  return decodeProxy(text, settings.authorization);
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/iu.test(hostname);
}

function decodeProxy(text: string, authorization: string | undefined): Proxy {
  // curl and others take `host:port` for an HTTP proxy.
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//iu.test(text) ? text : `http://${text}`);
  if (url === null || url.hostname === '') {
    // The text may carry a password.
    throw new ProxyError('The address of the proxy makes no sense. Correct "http.proxy" or HTTPS_PROXY.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const kind = url.protocol.slice(0, -1);
    throw new ProxyError(`The proxy ${url.host} is of the kind "${kind}"; only http and https proxies are supported.`);
  }
  const hasCredentials = url.username !== '' || url.password !== '';
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    origin: url.origin,
    host: url.host,
    authorization:
      nonEmpty(authorization) ??
      (hasCredentials ? `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` : undefined),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that was meant as one
  }
}

function matches(entry: string, url: URL): boolean {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/u.exec(entry.trim().toLowerCase()) ?? [];
  const isBareIpv6 = /^[0-9a-f]*:[0-9a-f:]+$/u.test(entry.trim());
  const name = isBareIpv6 ? `[${entry.trim()}]` : host;
  if (name === '') {
    return false;
  }
  if (port !== undefined && !isBareIpv6 && port !== (url.port === '' ? defaultPort(url.protocol) : url.port)) {
    return false;
  }
  const hostname = url.hostname.toLowerCase();
  const suffix = name.replace(/^\*?\./u, '');
  return name === '*' || hostname === suffix || hostname.endsWith(`.${suffix}`);
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80';
}

function variable(environment: ProxyEnvironment, name: string): string | undefined {
  return nonEmpty(environment[name]) ?? nonEmpty(environment[name.toUpperCase()]);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
