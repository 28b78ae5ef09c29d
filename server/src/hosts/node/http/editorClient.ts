import { LookupError } from '../../../engine/ports.ts';
import { tooLarge } from './direct/body.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './httpClient.ts';
import { Deadline } from './deadline.ts';

/** What the editor is asked to fetch. It decides by its own list whether it will. */
export interface EditorFetchRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** How the body is to be handed over: as text, or with its bytes in base64. Text where absent. */
  readonly bodyAs?: 'base64';
}

/** Asks the editor; resolves with what it says, undecoded. Rejects where it cannot be asked, or with the signal's reason. */
export type EditorFetch = (request: EditorFetchRequest, signal: AbortSignal) => Promise<unknown>;

export interface EditorClientOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** For one request as a whole: the editor hands over an answer in one piece. */
  readonly timeoutMs: number;
  readonly fetch: EditorFetch;
}

// What our client hands over in one piece.
const mostBytes = 64 * 1024 * 1024;

/** Sends through the editor, which knows its proxies, sign-ins and certificates. */
export class EditorClient implements HttpClient {
  readonly #options: EditorClientOptions;

  constructor(options: EditorClientOptions) {
    this.#options = options;
  }

  async send({ method, path, accept, body, save, ...rest }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const maxBytes = Math.min(rest.maxBytes, mostBytes);
    const { baseUrl, userAgent, timeoutMs, fetch } = this.#options;
    const deadline = new Deadline(signal, 'idle', timeoutMs);
    const request: EditorFetchRequest = {
      method,
      url: `${baseUrl}${path}`,
      headers: {
        accept: accept ?? 'application/json',
        'user-agent': userAgent,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      maxBytes,
      ...(save === undefined ? {} : { bodyAs: 'base64' }),
    };
    try {
      const answer = decodeAnswer(await fetch(request, deadline.signal), maxBytes);
      if (save !== undefined && answer.status === 200) {
        return saved(answer, save, maxBytes);
      }
      if (answer.text.length > maxBytes) {
        throw tooLarge(maxBytes);
      }
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      deadline.end();
    }
  }

  preconnect(): void {
    // The editor's connections are its own affair.
  }

  reset(): void {
    // There is but one way.
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}

function decodeAnswer(answer: unknown, maxBytes: number): HttpAnswer {
  const fields: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const { kind, status, retryAfter, location, text, reason, message, code } = fields;
  if (kind === 'answer' && typeof status === 'number' && typeof text === 'string') {
    return { status, retryAfter: optionalText(retryAfter), location: optionalText(location), text };
  }
  if (kind === 'failed' && reason === 'tooLarge') {
    throw tooLarge(maxBytes);
  }
  if (kind === 'failed' && reason === 'network') {
    throw new EditorNetworkError(optionalText(message) ?? 'The editor could not reach it.', optionalText(code));
  }
  const what = kind === 'failed' ? (optionalText(message) ?? 'without a reason') : 'with something that is no answer';
  throw new LookupError('badResponse', `was not asked: the editor refused (${what.slice(0, 200)})`);
}

/** Bytes that are no base64 would be left out without a word. */
function saved(answer: HttpAnswer, save: (chunk: Uint8Array) => void, maxBytes: number): HttpAnswer {
  const bytes = Buffer.from(answer.text, 'base64');
  if (bytes.toString('base64') !== answer.text) {
    throw new LookupError('badResponse', 'was fetched by the editor, which handed over something else than its bytes');
  }
  if (bytes.length > maxBytes) {
    throw tooLarge(maxBytes);
  }
  save(bytes);
  return { ...answer, text: '' };
}

/** The editor tried, and its network failed. Carries the code that Node or Chromium gave. */
class EditorNetworkError extends Error {
  readonly code: string;

  constructor(message: string, code = '') {
    super(message.slice(0, 200));
    this.name = 'EditorNetworkError';
    this.code = code.slice(0, 60);
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
