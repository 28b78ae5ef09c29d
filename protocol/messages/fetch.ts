/**
 * Server to client: a request to one of our own services, sent through the editor's network, which knows proxies, sign-ins
 * and certificates that a process of its own does not. The client sends it only where its own settings name that service.
 */
export const fetchMethod = 'pinwatch/fetch';

export interface FetchParams {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
  /** `accept`, `content-type` and `user-agent`; others are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the unpacked body. */
  readonly maxBytes: number;
  /** The body of a 200 is no text: hand over its bytes in base64. */
  readonly bodyAs?: 'base64';
}

/** Redirects are answers like any other. */
export type FetchResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfter?: string;
      readonly location?: string;
      /** The body, as `bodyAs` asks. */
      readonly text: string;
    }
  | {
      readonly kind: 'failed';
      /** `refused`: not one of our services, or not a request of the kind we send. */
      readonly reason: 'refused' | 'network' | 'tooLarge';
      /** Of Node or Chromium, where there is one. */
      readonly code?: string;
      readonly message: string;
    };
