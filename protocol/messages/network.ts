/** Client to server: how the user reaches the network has changed. */
export const networkMethod = 'pinwatch/network';

/** The editor's `http.*` settings. */
export interface NetworkParams {
  readonly proxyUrl?: string;
  readonly noProxy?: readonly string[];
  /** `false`: certificates are not checked. Only ever the user's own choice. */
  readonly strictSsl?: boolean;
  /** For the proxy, as the header's value. */
  readonly authorization?: string;
}
