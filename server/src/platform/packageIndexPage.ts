import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { LookupError } from '../scan/ports.ts';
import { HttpStatusError } from './httpStatusError.ts';

export interface PageOptions {
  /** For the whole page, from the connection to the last byte, redirects included. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

const mostConnections = 8;
const connectTimeoutMs = 5_000;
const maxBytes = 32 * 1024 * 1024;
// Read to its end, so that the connection can be used again.
const smallBody = { limit: 64 * 1024 };
const mostRedirects = 4;
const json = 'application/vnd.pypi.simple.v1+json';

export function createAgent(ca: string | undefined): Agent {
  const connect = { timeout: connectTimeoutMs, ...(ca === undefined ? {} : { ca }) };
  return new Agent({ connections: mostConnections, connect });
}

/**
 * The decoded JSON of a project's page (PEP 691); `undefined` where the index says that there is none. One attempt.
 * A name and password in the address are sent as such, and only to that address's origin.
 */
export async function fetchPage(
  agent: Agent,
  address: URL,
  options: PageOptions,
  signal: AbortSignal,
): Promise<{ readonly body: unknown } | undefined> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
  let at = address;
  for (let redirects = 0; ; redirects++) {
    const response = await request(agent, at, authorization(address, at), options, both);
    const location = header(response, 'location');
    if (/^30[12378]$/u.test(String(response.statusCode)) && location !== undefined) {
      await response.body.dump(smallBody);
      at = redirectTarget(at, location, redirects);
      continue;
    }
    if (response.statusCode === 404) {
      await response.body.dump(smallBody);
      return undefined;
    }
    return { body: await readJson(response) };
  }
}

function request(
  agent: Agent,
  at: URL,
  authorizationHeader: string | undefined,
  { timeoutMs, userAgent }: PageOptions,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: at.origin,
    path: at.pathname + at.search,
    method: 'GET',
    headers: {
      accept: json,
      'accept-encoding': 'gzip',
      'user-agent': userAgent,
      ...(authorizationHeader === undefined ? {} : { authorization: authorizationHeader }),
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal,
  });
}

function authorization(address: URL, at: URL): string | undefined {
  if (at.origin !== address.origin || address.username === '') {
    return undefined;
  }
  const pair = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Never from https to http: what is read there decides what gets installed. */
function redirectTarget(from: URL, location: string, redirects: number): URL {
  if (redirects >= mostRedirects) {
    throw new LookupError('badResponse', 'sends from one address to the next');
  }
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (target === undefined || !allowed.includes(target.protocol)) {
    throw new LookupError('badResponse', 'sends to an address that is not followed');
  }
  return target;
}

async function readJson(response: Dispatcher.ResponseData): Promise<unknown> {
  const type = (header(response, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (response.statusCode === 200 && type !== json) {
    await response.body.dump(smallBody);
    const hint = 'The package index must speak JSON (PEP 691)';
    throw new LookupError(
      'badResponse',
      `answered with ${/^[\w.+/-]{1,80}$/u.test(type) ? type : 'another format'}. ${hint}`,
    );
  }
  const text = await readText(response);
  if (response.statusCode !== 200) {
    throw new HttpStatusError(response.statusCode, header(response, 'retry-after'), text);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LookupError('badResponse', 'sent something that is not JSON', { cause: error });
  }
}

const unzip = promisify(gunzip);

async function readText(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw tooLarge(); // leaving the loop destroys the body
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (header(response, 'content-encoding') !== 'gzip') {
    return body.toString('utf8');
  }
  try {
    return (await unzip(body, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause: error });
  }
}

function tooLarge(): LookupError {
  return new LookupError('badResponse', `sent more than ${maxBytes / 1024 / 1024} MB`);
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
