/** How to reach the network, as the user set it in the editor. What is absent comes from the process's environment. */
export interface NetworkSettings {
  readonly proxyUrl?: string;
  /** Hosts that are reached without the proxy: `host`, `.suffix`, `*.suffix`, `host:port` or `*` for all. */
  readonly noProxy?: readonly string[];
  /** `false`: certificates are not checked. Only ever the user's own choice. */
  readonly strictSsl?: boolean;
  /** For the proxy, as the header's value. */
  readonly authorization?: string;
  /** A further authority to trust, PEM. */
  readonly ca?: string;
}
