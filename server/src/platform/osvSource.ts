import pLimit from 'p-limit';
import { type Pin, pinKey } from '../core/assessment/pin.ts';
import { parseVersion } from '../core/versions/version.ts';
import {
  type AdvisorySource,
  LookupError,
  type Match,
  type PinAnswer,
  type SourceCounters,
  type SourceHealth,
} from '../scan/ports.ts';
import { lookupErrorOf } from './lookupErrorOf.ts';
import { decodeBatch, type PagedMatches } from './osvAnswers.ts';
import { HttpStatusError } from './httpStatusError.ts';
import { OsvTransport } from './osvTransport.ts';

export interface OsvSourceOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly ca?: string;
}

export interface OsvSource extends AdvisorySource {
  readonly health: SourceHealth;
}

export function createOsvSource(options: OsvSourceOptions): OsvSource {
  return new HttpOsvSource(options);
}

// OSV refuses a batch of more.
const mostQueries = 1000;
// One query has at most a thousand matches a page; no package has that many advisories. More pages are a loop.
const mostPages = 50;
const maxBatchBytes = 64 * 1024 * 1024;
const maxRecordBytes = 4 * 1024 * 1024;

class HttpOsvSource implements OsvSource {
  readonly #transport: OsvTransport;
  readonly #options: { readonly baseUrl: string; readonly timeoutMs: number };
  /** The one limiter; HTTP/2 streams would let a burst of any size through. */
  readonly #limit: ReturnType<typeof pLimit>;

  constructor({ url, timeoutMs, concurrency, version, ca }: OsvSourceOptions) {
    this.#options = { baseUrl: url, timeoutMs };
    this.#limit = pLimit(concurrency);
    this.#transport = new OsvTransport({
      baseUrl: url,
      timeoutMs,
      userAgent: `pinwatch/${version}`,
      now: () => Date.now(),
      random: () => Math.random(),
      ...(ca === undefined ? {} : { ca }),
    });
  }

  get counters(): SourceCounters {
    return this.#transport.counters;
  }

  get health(): SourceHealth {
    return this.#transport.health;
  }

  async query(pins: readonly Pin[], signal: AbortSignal): Promise<readonly PinAnswer[]> {
    signal.throwIfAborted();
    const distinct = [...new Map(pins.map((pin) => [pinKey(pin), pin])).values()];
    const answers = new Map<string, PinAnswer>();
    const [valid, invalid] = partition(distinct, (pin) => parseVersion(pin.version) !== undefined);
    for (const pin of invalid) {
      // OSV would take it for the lowest version of all, and name the wrong advisories.
      const message = `"${pin.version}" is no PEP 440 version, so OSV was not asked about ${pin.name}.`;
      answers.set(pinKey(pin), { kind: 'failed', error: new LookupError('badResponse', message) });
    }
    await Promise.all(chunks(valid, mostQueries).map((batch) => this.#batch(batch, answers, signal)));
    return pins.map((pin) => answers.get(pinKey(pin)) ?? { kind: 'failed', error: leftOut(pin) });
  }

  async record(id: string, signal: AbortSignal): Promise<unknown> {
    const path = `/v1/vulns/${encodeURIComponent(id)}`;
    return this.#limited({ endpoint: 'vulns', path, maxBytes: maxRecordBytes }, signal);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Asks for one batch with all its pages. A failure concerns only the pins that have no complete answer yet. */
  async #batch(pins: readonly Pin[], answers: Map<string, PinAnswer>, signal: AbortSignal): Promise<void> {
    let open = pins.map((pin) => ({ pin, matches: new Map<string, Match>(), tokens: new Set<string>(), token: '' }));
    for (let page = 0; open.length > 0; page++) {
      let results: readonly PagedMatches[];
      try {
        results = await this.#page(
          open.map(({ pin, token }) => ({ pin, token })),
          signal,
        );
      } catch (error) {
        if (!(error instanceof LookupError)) {
          throw error;
        }
        if (page === 0 && open.length > 1 && isRefusal(error)) {
          // One query that OSV cannot read fails a whole batch; the halves tell which.
          const middle = Math.ceil(pins.length / 2);
          await this.#batch(pins.slice(0, middle), answers, signal);
          await this.#batch(pins.slice(middle), answers, signal);
          return;
        }
        open.forEach(({ pin }) => answers.set(pinKey(pin), { kind: 'failed', error }));
        return;
      }
      const unfinished: typeof open = [];
      open.forEach((query, index) => {
        const result = results[index];
        result?.matches.forEach((match) => query.matches.set(match.id, match));
        const token = result?.nextPageToken;
        if (token === undefined) {
          answers.set(pinKey(query.pin), { kind: 'matches', matches: [...query.matches.values()] });
        } else if (query.tokens.has(token) || page + 1 >= mostPages) {
          answers.set(pinKey(query.pin), { kind: 'failed', error: this.#endless(query.pin) });
        } else {
          query.tokens.add(token);
          unfinished.push({ ...query, token });
        }
      });
      open = unfinished;
    }
  }

  async #page(
    queries: readonly { readonly pin: Pin; readonly token: string }[],
    signal: AbortSignal,
  ): Promise<readonly PagedMatches[]> {
    const body = {
      queries: queries.map(({ pin, token }) => ({
        package: { name: pin.name, ecosystem: 'PyPI' },
        version: pin.version,
        ...(token === '' ? {} : { page_token: token }),
      })),
    };
    const request = { endpoint: 'querybatch', path: '/v1/querybatch', body, maxBytes: maxBatchBytes } as const;
    const json = await this.#limited(request, signal);
    try {
      return decodeBatch(json, queries.length);
    } catch (error) {
      throw lookupErrorOf(error, this.#options);
    }
  }

  #limited(request: Parameters<OsvTransport['json']>[0], signal: AbortSignal): Promise<unknown> {
    return this.#limit(() => {
      signal.throwIfAborted();
      return this.#transport.json(request, signal);
    });
  }

  #endless(pin: Pin): LookupError {
    const { host } = new URL(this.#options.baseUrl);
    return new LookupError('badResponse', `${host} never came to the end of its answer for ${pin.name}.`);
  }
}

function isRefusal(error: LookupError): boolean {
  return error.cause instanceof HttpStatusError && error.cause.status === 400;
}

function leftOut(pin: Pin): LookupError {
  return new LookupError('badResponse', `The advisory service left ${pin.name} out of its answer.`);
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): readonly [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
