import type { NetworkParams } from '../../../../protocol/messages/network.ts';

/** What the client says of the network; what makes no sense is left out, and certificates are checked then. */
export function decodeNetwork(value: unknown): NetworkParams {
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  const { proxyUrl, noProxy, strictSsl, authorization }: Readonly<Record<string, unknown>> = { ...value };
  return {
    ...(typeof proxyUrl === 'string' ? { proxyUrl } : {}),
    ...(Array.isArray(noProxy) ? { noProxy: noProxy.filter((entry) => typeof entry === 'string') } : {}),
    strictSsl: strictSsl !== false,
    ...(typeof authorization === 'string' ? { authorization } : {}),
  };
}
