import type { NetworkParams } from '../../protocol/messages/network.ts';

/** Reads one of the editor's `http.*` settings. */
type ReadHttpSetting = (key: string) => unknown;

/** How the user reaches the network, for the server's own connections. */
export function networkSettings(read: ReadHttpSetting): NetworkParams {
  const noProxy = read('noProxy');
  const proxyUrl = read('proxy');
  const authorization = read('proxyAuthorization');
  // Switched off there means: not the environment's proxy either.
  const isOff = read('proxySupport') === 'off';
  return {
    ...(typeof proxyUrl === 'string' && proxyUrl !== '' ? { proxyUrl } : {}),
    noProxy: isOff ? ['*'] : Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
    strictSsl: read('proxyStrictSSL') !== false,
    ...(typeof authorization === 'string' && authorization !== '' ? { authorization } : {}),
  };
}
