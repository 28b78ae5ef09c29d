import type { PackageName } from '../../../core/packages/packageName.ts';
import { hash } from 'node:crypto';
import pLimit from 'p-limit';
import { decodeProject } from '../../../core/packages/decodeProject.ts';
import { metadataFile } from '../../../core/packages/metadataFile.ts';
import type { Release } from '../../../core/packages/release.ts';
import { Flight } from '../../../engine/lookup/flight.ts';
import type { MetadataIndex } from '../../../engine/index/licenceLibrary.ts';
import type { PackageIndex } from '../../../engine/index/packageIndex.ts';
import { type Clock, type Log, LookupError } from '../../../engine/ports.ts';
import { createHttpClient, type WayOptions } from '../http/createHttpClient.ts';
import { lookupErrorOf } from '../osv/lookupErrorOf.ts';
import { IndexPages } from './packageIndexPages.ts';
import { retryDelayMs, sleep } from '../http/retry.ts';

export interface PackageIndexOptions extends WayOptions {
  /** Of the simple API, as `https://pypi.org/simple`; `none` switches the index off. */
  readonly url: string;
  /** Without a byte. */
  readonly timeoutMs: number;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly clock: Clock;
  readonly log?: Log;
}

/** The package index at an address; `undefined` where it is switched off. */
export function createPackageIndex(options: PackageIndexOptions): (PackageIndex & MetadataIndex) | undefined {
  return options.url === 'none' ? undefined : new SimpleIndex(options);
}

const mostAtOnce = 8;
const usualWholeMs = 60_000;
const mostRetries = 1;
const keptMs = 10 * 60_000;
const mostKept = 200;

const silent: Log = Object.freeze({ error() {}, warn() {}, info() {}, debug() {} });

/** What the index answered; a failure is never kept. */
interface Kept {
  readonly releases: readonly Release[] | undefined;
  readonly at: number;
}

class SimpleIndex implements PackageIndex, MetadataIndex {
  readonly #options: PackageIndexOptions;
  readonly #pages: IndexPages;
  readonly #limit = pLimit(mostAtOnce);
  readonly #flights = new Map<PackageName, Flight<readonly Release[] | undefined>>();
  readonly #kept = new Map<PackageName, Kept>();

  constructor(options: PackageIndexOptions) {
    this.#options = options;
    const { timeoutMs, version, log = silent } = options;
    this.#pages = new IndexPages({
      connect: (origin) =>
        createHttpClient({
          ...options,
          baseUrl: origin,
          idleTimeoutMs: timeoutMs,
          userAgent: `pinwatch/${version}`,
          log,
        }),
      wholeMs: Math.max(usualWholeMs, timeoutMs),
    });
  }

  async releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    signal.throwIfAborted();
    const kept = this.#kept.get(name);
    const ageMs = this.#options.clock.now() - (kept?.at ?? 0);
    // A clock that was set back makes an answer old, not new.
    if (kept !== undefined && ageMs >= 0 && ageMs < keptMs) {
      return kept.releases;
    }
    return this.#flight(name).wait(signal);
  }

  async metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined> {
    const address = projectAddress(this.#options.url, name);
    return this.#limit(() =>
      this.#trying(address, signal, async () => {
        const page = await this.#pages.page(address, signal);
        const file = page && metadataFile(page.body, name, version);
        if (page === undefined || file === undefined) {
          return undefined;
        }
        // PEP 658: beside the file itself.
        const url = file.url.replace(/#.*$/u, '');
        const at = URL.parse(url, page.at.href)?.href ?? url;
        const text = await this.#pages.file(address, `${at}.metadata`, signal);
        if (text !== undefined && file.sha256 !== undefined && hash('sha256', text) !== file.sha256) {
          throw new LookupError('badResponse', 'sent metadata that are not those it names');
        }
        return text;
      }),
    );
  }

  async close(): Promise<void> {
    await this.#pages.close();
  }

  #flight(name: PackageName): Flight<readonly Release[] | undefined> {
    const flying = this.#flights.get(name);
    if (flying !== undefined) {
      return flying;
    }
    const forget = (): void => {
      if (this.#flights.get(name) === flight) {
        this.#flights.delete(name);
      }
    };
    const flight = new Flight<readonly Release[] | undefined>(async (signal) => {
      try {
        const releases = await this.#limit(() => this.#ask(name, signal));
        this.#keep(name, { releases, at: this.#options.clock.now() });
        return releases;
      } finally {
        forget();
      }
    }, forget);
    this.#flights.set(name, flight);
    return flight;
  }

  #keep(name: PackageName, kept: Kept): void {
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }

  async #ask(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const address = projectAddress(this.#options.url, name);
    return this.#trying(address, signal, async () => {
      const page = await this.#pages.page(address, signal);
      return page === undefined ? undefined : releasesOf(page.body, name);
    });
  }

  async #trying<T>(address: URL, signal: AbortSignal, attemptOnce: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await attemptOnce();
      } catch (error) {
        signal.throwIfAborted();
        const delayMs = attempt < mostRetries ? retryDelayMs(error, attempt, Math.random()) : undefined;
        if (delayMs === undefined) {
          throw lookupErrorOf(error, { baseUrl: address.origin, timeoutMs: this.#options.timeoutMs });
        }
        await sleep(delayMs, signal);
      }
    }
  }
}

/** PEP 503: the normalised name and a slash. */
function projectAddress(url: string, name: PackageName): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/u.test(address.protocol)) {
    const message =
      'The address of the package index is not one: it must begin with https:// or http://, or be "none".';
    throw new LookupError('badResponse', message);
  }
  address.pathname = `${address.pathname.replace(/\/+$/u, '')}/${encodeURIComponent(name)}/`;
  return address;
}

function releasesOf(body: unknown, name: PackageName): readonly Release[] {
  const decoded = decodeProject(body, name);
  switch (decoded.kind) {
    case 'project':
      return decoded.releases;
    case 'invalid':
      throw new LookupError('badResponse', decoded.message);
  }
}
