/** Carries requests to one service; how (directly, through a proxy, through the editor) is its own affair. */
export interface HttpClient {
  /**
   * The answer, whatever its status; redirects are answers like any other. Rejects with what the network said, with a
   * `TimeoutError`, with a `LookupError` for a body that is too large or cannot be unpacked, or with the signal's reason.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Opens the connection that the next request will use, and sends nothing over it. Never more than one; harmless. */
  preconnect(): void;
  /** Chooses its way again with the next request, where it has a choice. */
  reset(): void;
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** From the service's root, with what the base address has of a path. */
  readonly path: string;
  /** Media type; JSON where absent. */
  readonly accept?: string;
  /** For the service itself, as the header's value. The editor does not send it. */
  readonly authorization?: string;
  /** JSON text; POST only. */
  readonly body?: string;
  /** Of the unpacked body of a 200. Of any other answer only the beginning is read. */
  readonly maxBytes: number;
  /**
   * Takes the body of a 200 in place of the answer's text, piece by piece, as it is and never unpacked. What it throws ends
   * the request.
   */
  readonly save?: (chunk: Uint8Array) => void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Where a redirect leads to. */
  readonly location: string | undefined;
  /** Media type, with its parameters; not known of what the editor fetched. */
  readonly contentType?: string;
  readonly text: string;
}
