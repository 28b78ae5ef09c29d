import { LookupError } from '../../../engine/ports.ts';
import type { HttpAnswer, HttpClient } from '../http/httpClient.ts';
import { textOf } from '../http/httpStatusError.ts';
import type { Connection } from '../http/resilientClient.ts';

export interface Page {
  /** Decoded JSON. */
  readonly body: unknown;
  /** Where it was in the end. */
  readonly at: URL;
}

const json = 'application/vnd.pypi.simple.v1+json';
const maxBytes = 32 * 1024 * 1024;
// Metadata end in a description, which is a page of text as a rule.
const maxMetadataBytes = 2 * 1024 * 1024;
const mostRedirects = 4;
// The index and where it sends us; more than that is a mistake or worse.
const mostOrigins = 4;

/** Pages of a package index (PEP 691), JSON only; wherever it sends us to. */
export class IndexPages implements Connection {
  readonly #connect: (origin: string) => HttpClient;
  readonly #clients = new Map<string, HttpClient>();

  /** `connect` makes the way to one origin. */
  constructor(connect: (origin: string) => HttpClient) {
    this.#connect = connect;
  }

  /**
   * The page at an address; `undefined` where there is none. One try. A name and password in the address are sent as such,
   * and only to that address's origin.
   */
  async page(address: URL, signal: AbortSignal): Promise<Page | undefined> {
    const found = await this.#follow({ from: address, at: address, accept: json, maxBytes }, signal);
    return found && { body: readJson(found.answer), at: found.at };
  }

  /** The text of a file that the page at `from` names, in the same way. */
  async file(from: URL, address: string, signal: AbortSignal): Promise<string | undefined> {
    const at = fileAddress(from, address);
    const found = await this.#follow({ from, at, accept: '*/*', maxBytes: maxMetadataBytes }, signal);
    return found && textOf(found.answer);
  }

  preconnect(): void {
    // Fixes and licences are asked for when all else is known: nobody waits for the connection.
  }

  reset(): void {
    this.#clients.forEach((client) => client.reset());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  async #follow({ from, accept, maxBytes: most, ...wish }: Wish, signal: AbortSignal): Promise<Found | undefined> {
    let { at } = wish;
    for (let redirects = 0; ; redirects++) {
      const authorization = at.origin === from.origin ? authorizationOf(from) : undefined;
      const answer = await this.#client(at.origin).send(
        {
          method: 'GET',
          path: at.pathname + at.search,
          accept,
          maxBytes: most,
          ...(authorization === undefined ? {} : { authorization }),
        },
        signal,
      );
      const { status, location } = answer;
      if (!/^30[12378]$/u.test(String(status)) || location === undefined) {
        return status === 404 ? undefined : { answer, at };
      }
      at = redirectTarget(at, location, redirects);
    }
  }

  #client(origin: string): HttpClient {
    const known = this.#clients.get(origin);
    if (known !== undefined) {
      return known;
    }
    if (this.#clients.size >= mostOrigins) {
      throw new LookupError('badResponse', 'sends to too many other places');
    }
    const client = this.#connect(origin);
    this.#clients.set(origin, client);
    return client;
  }
}

interface Wish {
  /** Who is asked in the first place: only there a name and password are sent. */
  readonly from: URL;
  readonly at: URL;
  readonly accept: string;
  readonly maxBytes: number;
}

interface Found {
  readonly answer: HttpAnswer;
  readonly at: URL;
}

/** Never from https to http. What stands behind a number sign is a digest, and is not sent. */
function fileAddress(from: URL, address: string): URL {
  const at = URL.parse(address, from.href);
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (at === null || !allowed.includes(at.protocol)) {
    throw new LookupError('badResponse', 'names a file at an address that is not followed');
  }
  at.hash = '';
  return at;
}

function authorizationOf({ username, password }: URL): string | undefined {
  return username === ''
    ? undefined
    : `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')}`;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign
  }
}

/** Never from https to http: what is read there decides what gets installed. */
function redirectTarget(from: URL, location: string, redirects: number): URL {
  if (redirects >= mostRedirects) {
    throw new LookupError('badResponse', 'sends from one address to the next');
  }
  const target = URL.parse(location, from.href);
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (target === null || !allowed.includes(target.protocol)) {
    throw new LookupError('badResponse', 'sends to an address that is not followed');
  }
  return target;
}

function readJson(answer: HttpAnswer): unknown {
  const text = textOf(answer);
  const type = answer.contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== json) {
    const shown = /^[\w.+/-]{1,80}$/u.test(type) ? type : 'another format';
    throw new LookupError('badResponse', `answered with ${shown}. The package index must speak JSON (PEP 691)`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LookupError('badResponse', 'sent something that is not JSON (PEP 691)', { cause: error });
  }
}
