import type { ReceivedRequest } from './traffic.ts';

/** Something that goes wrong, or goes slowly, or goes by pages. */
export type Fault =
  // Time. Several add up.
  /** Before the request is looked at. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  /** After the request is looked at, before the answer is sent. */
  | { readonly kind: 'thinkTime'; readonly ms: number; readonly jitterMs?: number }

  // Instead of an answer. Of several, the one set first applies until it is used up.
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Seconds, or an HTTP date. */
      readonly retryAfter?: number | string;
      /** Where a redirect leads to. */
      readonly location?: string;
      /** Instead of the JSON error the service would send with this status. */
      readonly body?: string;
    }
  /** An error page as a proxy makes them. */
  | { readonly kind: 'html'; readonly status: number }
  /**
   * `connection` (the default) ends it with a TCP reset, `stream` only this one of an HTTP/2 connection. At `body` half
   * of the answer has been sent.
   */
  | { readonly kind: 'reset'; readonly at?: AnswerPoint; readonly scope?: 'connection' | 'stream' }
  /** Never goes on from this point; ends when the client leaves or the service is closed. */
  | { readonly kind: 'stall'; readonly at?: AnswerPoint }
  /** A JSON answer with so many bytes of white space in it. */
  | { readonly kind: 'hugeBody'; readonly bytes: number; readonly hasContentLength?: boolean }
  /** The same, packed: about a thousandth of it goes over the wire. Sent even where the client did not ask for gzip. */
  | { readonly kind: 'gzipBomb'; readonly bytes: number }

  // Pages. `packages` (normalised names) narrows them to some queries of a batch.
  | { readonly kind: 'pageSize'; readonly records: number; readonly packages?: readonly string[] }
  /** No records on this page, but a token for the next. */
  | { readonly kind: 'emptyPage'; readonly packages?: readonly string[] }
  /** The token of the answer is the one that was sent. */
  | { readonly kind: 'repeatedToken'; readonly packages?: readonly string[] }
  /** A page that is exactly full has no token where nothing is left. The real server sends one all the same. */
  | { readonly kind: 'noTokenOnFullPage' }
  /** Time is up after so many queries of the request; the others get a token and nothing else. */
  | { readonly kind: 'timeLimit'; readonly afterQueries?: number }

  // A wrong body. Several apply one after the other.
  | { readonly kind: 'extraFields' }
  | { readonly kind: 'wrongShape'; readonly shape: WrongShape }
  /** Cut off in the middle, but a complete answer as far as HTTP goes. */
  | { readonly kind: 'truncatedJson' }
  | { readonly kind: 'brokenJson' }
  | { readonly kind: 'truncatedGzip' }

  // The wire.
  | { readonly kind: 'slowBody'; readonly chunkBytes: number; readonly intervalMs: number }
  /**
   * GOAWAY on this HTTP/2 connection; over HTTP/1.1 `Connection: close`. What is in flight is finished, or refused from
   * this request on (`refuse`; as the protocol has it, safe to send again), or the connection drops at once (`drop`).
   */
  | { readonly kind: 'goaway'; readonly inFlight: 'finish' | 'refuse' | 'drop' };

export type AnswerPoint = 'request' | 'headers' | 'body';

export type WrongShape =
  | 'null'
  | 'list'
  | 'text'
  | 'number'
  | 'empty'
  /** `results` of a batch */
  | 'resultsMissing'
  | 'resultsNull'
  | 'resultsNotAList'
  | 'resultsTooShort'
  | 'resultsTooLong'
  | 'resultNull'
  /** `vulns` of every result or of a query */
  | 'vulnsNull'
  | 'vulnsNotAList'
  | 'vulnNotAnObject'
  | 'idMissing'
  | 'idNotText'
  | 'modifiedMissing'
  | 'modifiedNotText'
  | 'tokenNotText'
  /** a record */
  | 'otherId'
  | 'affectedNotAList';

/** When a fault applies. Without any of these: always. */
export interface FaultLimits {
  /** For so many requests, and then no more. */
  readonly times?: number;
  /** Not for the first so many requests. */
  readonly skip?: number;
  /** From 0 to 1, by the service's seeded random numbers. */
  readonly probability?: number;
  /** Only for requests this holds for. */
  readonly only?: (request: ReceivedRequest) => boolean;
}
