import type { FetchParams, FetchResult } from '../../protocol/messages/fetch.ts';

export interface EditorFetchOptions {
  /** The editor's own, which goes through its proxies and trusts its certificates. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The addresses of our services by the editor's settings, looked up for every request. */
  readonly services: () => readonly string[];
}

const mostBytes = 64 * 1024 * 1024;
const longestBody = 4 * 1024 * 1024;
// Of an answer other than 200 only the beginning is of use.
const errorTextBytes = 64 * 1024;
const headerNames = ['accept', 'content-type', 'user-agent'] as const;

/**
 * Answers `pinwatch/fetch`. The server is ours, but it reads foreign files: it gets no further than to the services that the
 * editor's settings name, and no answer larger than it may hold.
 */
export function createEditorFetch(options: EditorFetchOptions) {
  return async (params: unknown, signal: AbortSignal): Promise<FetchResult> => {
    const request = decodeParams(params);
    if (request === undefined) {
      return refused('The request is not of the kind that Pinwatch sends.');
    }
    if (!isAllowed(request.url, options.services())) {
      return refused('The address belongs to no service that the settings name.');
    }
    try {
      return await answer(options.fetch, request, signal);
    } catch (error) {
      const code = errorCode(error);
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', reason: 'network', ...(code === undefined ? {} : { code }), message };
    }
  };
}

async function answer(
  fetch: EditorFetchOptions['fetch'],
  { method, url, body, headers, maxBytes, bodyAs }: FetchParams,
  signal: AbortSignal,
): Promise<FetchResult> {
  const response = await fetch(url, {
    method,
    // Chromium keeps a cache that knows nothing of what an answer is for.
    headers: { ...headers, 'cache-control': 'no-cache' },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
    credentials: 'omit',
    signal,
  });
  // A browser's fetch hides where a redirect leads to, and that it is one.
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  const isFine = status === 200;
  const limit = isFine ? Math.min(maxBytes, mostBytes) : errorTextBytes;
  const bytes = await readBody(response, limit, !isFine);
  const text = bytes && (isFine && bodyAs === 'base64' ? bytes.toString('base64') : textOf(bytes));
  if (text === undefined) {
    return { kind: 'failed', reason: 'tooLarge', message: `The answer has more than ${limit} bytes.` };
  }
  const retryAfter = response.headers.get('retry-after');
  const location = response.headers.get('location');
  return {
    kind: 'answer',
    status,
    ...(retryAfter === null ? {} : { retryAfter }),
    ...(location === null ? {} : { location }),
    text,
  };
}

/** `undefined` where there is more, unless the beginning will do. */
async function readBody(response: Response, maxBytes: number, isCut: boolean): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes && !isCut) {
      return undefined;
    }
    parts.push(chunk);
    if (bytes > maxBytes) {
      break;
    }
  }
  return Buffer.concat(parts);
}

/** UTF-8, without the mark that may begin it. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Https, or this machine; below the address of a service; without credentials. */
function isAllowed(text: string, services: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') {
    return false;
  }
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/iu.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return false;
  }
  return services.some((service) => {
    const base = URL.parse(service);
    return (
      base !== null &&
      base.origin === url.origin &&
      url.pathname.startsWith(`${base.pathname.replace(/\/+$/u, '')}/`) &&
      // What a server might read as a way up again.
      !/%2f|%5c|\\/iu.test(url.pathname)
    );
  });
}

function decodeParams(params: unknown): FetchParams | undefined {
  if (!isRecord(params)) {
    return undefined;
  }
  const { method, url, body, headers, maxBytes, bodyAs } = params;
  if (
    (method !== 'GET' && method !== 'POST') ||
    typeof url !== 'string' ||
    url.length > 2000 ||
    (body !== undefined && (typeof body !== 'string' || body.length > longestBody || method === 'GET')) ||
    !isRecord(headers) ||
    typeof maxBytes !== 'number' ||
    !(maxBytes > 0) ||
    (bodyAs !== undefined && bodyAs !== 'base64')
  ) {
    return undefined;
  }
  const kept = headerNames.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' && /^[\x20-\x7e]{1,200}$/u.test(value) ? [[name, value] as const] : [];
  });
  return {
    method,
    url,
    ...(body === undefined ? {} : { body }),
    headers: Object.fromEntries(kept),
    maxBytes,
    ...(bodyAs === undefined ? {} : { bodyAs }),
  };
}

function refused(message: string): FetchResult {
  return { kind: 'failed', reason: 'refused', message };
}

function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') {
      return at.code;
    }
  }
  // Chromium has its code in the message only.
  return error instanceof Error ? /\bnet::(ERR_[A-Z_]+)/u.exec(error.message)?.[1] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
