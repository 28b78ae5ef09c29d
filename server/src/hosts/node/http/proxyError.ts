/** The proxy, not the service, is what failed. The message names its host, never its credentials. */
export class ProxyError extends Error {
  /** The proxy's answer to CONNECT; `undefined` where it gave none. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProxyError';
    this.status = status;
  }
}
