import type { PackageName } from '../../../core/packages/packageName.ts';
import pLimit from 'p-limit';
import { plainKey } from '../../../core/versions/orderKey.ts';
import { parseVersion } from '../../../core/versions/version.ts';
import {
  type AdvisorySource,
  type Answer,
  type Log,
  LookupError,
  type Match,
  type SourceCounters,
  type SourceHealth,
  silentLog,
} from '../../../engine/ports.ts';
import type { RequestRecord } from '../../../engine/operations/requestRecord.ts';
import type { Turns } from '../../../engine/turns.ts';
import { type Question, questionKey } from '../../../engine/question.ts';
import { lookupErrorOf } from '../http/lookupErrorOf.ts';
import { decodeBatch, decodePage, type PagedMatches } from './osvAnswers.ts';
import { HttpStatusError } from '../http/httpStatusError.ts';
import type { CircuitState } from '../http/circuitBreaker.ts';
import { createHttpClient, type WayOptions } from '../http/createHttpClient.ts';
import type { HttpClient } from '../http/httpClient.ts';
import { requestObserver } from '../http/requestObserver.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { FurtherPages, Pages } from './osvPages.ts';
import { OsvTransport } from './osvTransport.ts';
import { realTiming, type Timing } from '../process/timing.ts';

export interface OsvSourceOptions extends WayOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly log?: Log;
  readonly record?: RequestRecord | undefined;
  /** For one request with all its tries; a minute where absent. */
  readonly wholeMs?: number;
  /** How long a service that asks for it is waited for; some seconds where absent. */
  readonly patienceMs?: number | undefined;
  readonly timing?: Timing;
  /** Where others are served meanwhile: hundreds of answers that come at once are not read at once. */
  readonly turns?: Turns | undefined;
}

export interface OsvSource extends AdvisorySource {
  readonly health: SourceHealth;
  /** Whether requests are held back because the service does not work. */
  readonly circuit: CircuitState;
  /** A person asks to try at once, whatever went wrong before. */
  reset(): void;
  /** Tells why, when the service did not answer a first time and is asked again; at once where it is so already. */
  onTrouble(listener: (why: string) => void): () => void;
  /** Opens the connection that the next request will use, and sends nothing over it. */
  preconnect(): void;
  /** The user's proxy or trust has changed; nothing that is known is lost. */
  useNetwork(network: NetworkSettings): void;
}

export function createOsvSource(options: OsvSourceOptions): OsvSource {
  return new HttpOsvSource(options);
}

// OSV refuses a batch of more.
const mostQueries = 1000;
const maxBatchBytes = 64 * 1024 * 1024;
// The largest known package has 3 MB.
const maxPackageBytes = 16 * 1024 * 1024;
// The largest known record has 35 kB; one that lists every release of a large project would have some hundred.
const maxRecordBytes = 1024 * 1024;

class HttpOsvSource implements OsvSource {
  readonly #transport: OsvTransport;
  readonly #clientOver: (network: NetworkSettings) => HttpClient;
  readonly #options: { readonly baseUrl: string; readonly timeoutMs: number };
  /** The one limiter; HTTP/2 streams would let a burst of any size through. */
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(options: OsvSourceOptions) {
    const {
      url,
      timeoutMs,
      concurrency,
      version,
      log = silentLog,
      record,
      wholeMs,
      patienceMs,
      timing = realTiming,
      turns,
      ...way
    } = options;
    this.#options = { baseUrl: url, timeoutMs };
    this.#limit = pLimit(concurrency);
    const userAgent = `pinwatch/${version}`;
    this.#clientOver = (network) =>
      createHttpClient({ baseUrl: url, idleTimeoutMs: timeoutMs, userAgent, log, ...way, network });
    this.#transport = new OsvTransport({
      client: this.#clientOver(way.network ?? {}),
      baseUrl: url,
      timeoutMs,
      ...(wholeMs === undefined ? {} : { wholeMs }),
      patienceMs,
      observe: requestObserver('osv', record, log),
      queued: () => this.#limit.pendingCount,
      timing,
      turns,
    });
  }

  useNetwork(network: NetworkSettings): void {
    void this.#transport.useClient(this.#clientOver(network));
  }

  get circuit(): CircuitState {
    return this.#transport.circuit;
  }

  reset(): void {
    this.#transport.reset();
  }

  onTrouble(listener: (why: string) => void): () => void {
    return this.#transport.onTrouble(listener);
  }

  preconnect(): void {
    this.#transport.preconnect();
  }

  get counters(): SourceCounters {
    return this.#transport.counters;
  }

  get health(): SourceHealth {
    return this.#transport.health;
  }

  async query(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
    signal.throwIfAborted();
    const distinct = [...new Map(questions.map((question) => [questionKey(question), question])).values()];
    const answers = new Map<string, Answer>();
    const [valid, invalid] = partition(distinct, ({ version }) => version === undefined || isVersion(version));
    for (const question of invalid) {
      // OSV would take it for the lowest version of all, and name the wrong advisories.
      const message = `"${question.version}" is no PEP 440 version, so OSV was not asked about ${question.name}.`;
      answers.set(questionKey(question), { kind: 'failed', error: new LookupError('badResponse', message) });
    }
    await Promise.all(chunks(valid, mostQueries).map((batch) => this.#batch(batch, answers, signal)));
    return questions.map(
      (question) => answers.get(questionKey(question)) ?? { kind: 'failed', error: leftOut(question) },
    );
  }

  async package(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]> {
    try {
      return await this.#whole(name, signal);
    } catch (error) {
      if (error instanceof LookupError && isUnknownThere(error)) {
        return this.#oneByOne(name, signal);
      }
      throw error;
    }
  }

  /** Where the service has no `/v1/query`, as a mirror may. */
  async #oneByOne(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]> {
    const [answer] = await this.query([{ name }], signal);
    if (answer?.kind !== 'matches') {
      throw answer?.error ?? leftOut({ name });
    }
    return Promise.all(answer.matches.map(({ id }) => this.record(id, signal)));
  }

  async #whole(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]> {
    const records: unknown[] = [];
    const pages = new Pages();
    const further = new FurtherPages(signal);
    try {
      for (let token = ''; ;) {
        const query = { package: { name, ecosystem: 'PyPI' }, ...(token === '' ? {} : { page_token: token }) };
        const request = { endpoint: 'query', path: '/v1/query', body: query, maxBytes: maxPackageBytes } as const;
        const page = this.#decoded(await this.#limited(request, further), decodePage);
        page.records.forEach((record) => records.push(record)); // more than a call takes arguments
        token = page.nextPageToken ?? '';
        if (token === '') {
          return records;
        }
        if (pages.isLoop(page.records.map(idIn), token)) {
          throw this.#endless({ name });
        }
        further.begin();
      }
    } finally {
      further.end();
    }
  }

  async record(id: string, signal: AbortSignal): Promise<unknown> {
    const path = `/v1/vulns/${encodeURIComponent(id)}`;
    return this.#limited({ endpoint: 'vulns', path, maxBytes: maxRecordBytes }, new FurtherPages(signal));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Asks for one batch with all its pages. A failure concerns only the pins that have no complete answer yet. */
  async #batch(questions: readonly Question[], answers: Map<string, Answer>, signal: AbortSignal): Promise<void> {
    const further = new FurtherPages(signal);
    try {
      await this.#pages(questions, answers, further);
    } finally {
      further.end();
    }
  }

  async #pages(questions: readonly Question[], answers: Map<string, Answer>, further: FurtherPages): Promise<void> {
    const { signal } = further;
    let open = questions.map((question) => ({
      question,
      matches: new Map<string, Match>(),
      pages: new Pages(),
      token: '',
    }));
    for (let page = 0; open.length > 0; page++) {
      let results: readonly PagedMatches[];
      try {
        results = await this.#page(
          open.map(({ question, token }) => ({ question, token })),
          further,
        );
      } catch (error) {
        if (!(error instanceof LookupError)) {
          throw error;
        }
        if (page === 0 && open.length > 1 && isRefusal(error)) {
          // One query that OSV cannot read fails a whole batch; the halves tell which.
          const middle = Math.ceil(questions.length / 2);
          await this.#batch(questions.slice(0, middle), answers, signal);
          await this.#batch(questions.slice(middle), answers, signal);
          return;
        }
        open.forEach(({ question, matches }) => answers.set(questionKey(question), failedAfter(matches, error)));
        return;
      }
      const unfinished: typeof open = [];
      open.forEach((query, index) => {
        const result = results[index];
        const { matches = [], nextPageToken: token } = result ?? {};
        matches.forEach((match) => query.matches.set(match.id, match));
        if (token === undefined) {
          answers.set(questionKey(query.question), { kind: 'matches', matches: [...query.matches.values()] });
        } else if (
          query.pages.isLoop(
            matches.map(({ id }) => id),
            token,
          )
        ) {
          answers.set(questionKey(query.question), failedAfter(query.matches, this.#endless(query.question)));
        } else {
          unfinished.push({ ...query, token });
        }
      });
      open = unfinished;
      further.begin();
    }
  }

  async #page(
    queries: readonly { readonly question: Question; readonly token: string }[],
    further: FurtherPages,
  ): Promise<readonly PagedMatches[]> {
    const body = {
      queries: queries.map(({ question: { name, version }, token }) => ({
        package: { name, ecosystem: 'PyPI' },
        ...(version === undefined ? {} : { version }),
        ...(token === '' ? {} : { page_token: token }),
      })),
    };
    const request = { endpoint: 'querybatch', path: '/v1/querybatch', body, maxBytes: maxBatchBytes } as const;
    return this.#decoded(await this.#limited(request, further), (json) => decodeBatch(json, queries.length));
  }

  #decoded<T>(json: unknown, decode: (json: unknown) => T): T {
    try {
      return decode(json);
    } catch (error) {
      throw lookupErrorOf(error, this.#options);
    }
  }

  async #limited(request: Parameters<OsvTransport['json']>[0], further: FurtherPages): Promise<unknown> {
    try {
      return await this.#limit(() => {
        further.current.throwIfAborted();
        return this.#transport.json(request, further.current);
      });
    } catch (error) {
      further.signal.throwIfAborted();
      throw further.current.aborted ? lookupErrorOf(further.current.reason, this.#options) : error;
    }
  }

  #endless({ name }: Question): LookupError {
    const { host } = new URL(this.#options.baseUrl);
    return new LookupError('badResponse', `${host} never came to the end of its answer for ${name}.`);
  }
}

/** What earlier pages named still holds. */
function failedAfter(matches: ReadonlyMap<string, Match>, error: LookupError): Answer {
  return { kind: 'failed', error, ...(matches.size === 0 ? {} : { named: [...matches.values()] }) };
}

function idIn(record: unknown): unknown {
  return typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined;
}

function isRefusal(error: LookupError): boolean {
  return error.cause instanceof HttpStatusError && error.cause.status === 400;
}

/** Not there, not for this method, not implemented: the service has no such endpoint. */
function isUnknownThere(error: LookupError): boolean {
  return error.cause instanceof HttpStatusError && [404, 405, 501].includes(error.cause.status);
}

function leftOut({ name }: Question): LookupError {
  return new LookupError('badResponse', `The advisory service left ${name} out of its answer.`);
}

function isVersion(text: string): boolean {
  return plainKey(text) !== undefined || parseVersion(text) !== undefined;
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): readonly [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
