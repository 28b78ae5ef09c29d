import type { PackageName } from '../../../core/packages/packageName.ts';
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { decodeProject } from '../../../core/packages/decodeProject.ts';
import { metadataFile } from '../../../core/packages/metadataFile.ts';
import type { Release } from '../../../core/packages/release.ts';
import type { MetadataIndex } from '../../../engine/index/licenceLibrary.ts';
import type { PackageIndex } from '../../../engine/index/packageIndex.ts';
import { type Clock, type Log, LookupError, silentLog, type SourceHealth } from '../../../engine/ports.ts';
import { SingleFlight } from '../../../engine/singleFlight.ts';
import { createHttpClient, type WayOptions } from '../http/createHttpClient.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { ResilientClient } from '../http/resilientClient.ts';
import { IndexPages } from './packageIndexPages.ts';

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

export interface NodePackageIndex extends PackageIndex, MetadataIndex {
  /** A live view. */
  readonly health: SourceHealth;
  /** The user's proxy or trust has changed; nothing that is known is lost. */
  useNetwork(network: NetworkSettings): void;
}

/** The package index at an address; `undefined` where it is switched off. */
export function createPackageIndex(options: PackageIndexOptions): NodePackageIndex | undefined {
  return options.url === 'none' ? undefined : new SimpleIndex(options);
}

const mostAtOnce = 8;
const usualWholeMs = 60_000;
const tries = { mostRetries: 1, mostRetriesWhenLost: 1 };
const keptMs = 10 * 60_000;
const mostKept = 200;

/** What the index answered; a failure is never kept. */
interface Kept {
  readonly releases: readonly Release[] | undefined;
  readonly at: number;
}

class SimpleIndex implements NodePackageIndex {
  readonly #options: PackageIndexOptions;
  readonly #calls: ResilientClient<IndexPages>;
  readonly #limit = pLimit(mostAtOnce);
  readonly #flights = new SingleFlight<PackageName, readonly Release[] | undefined>();
  readonly #kept = new LRUCache<PackageName, Kept>({ max: mostKept });

  constructor(options: PackageIndexOptions) {
    this.#options = options;
    const { url, timeoutMs } = options;
    this.#calls = new ResilientClient({
      client: pagesOver(options),
      baseUrl: url,
      timeoutMs,
      wholeMs: Math.max(usualWholeMs, timeoutMs),
      tries,
      hasBreaker: false, // `IndexBreaker` is one, for all that wait for it
    });
  }

  get health(): SourceHealth {
    return this.#calls.health;
  }

  useNetwork(network: NetworkSettings): void {
    void this.#calls.useClient(pagesOver({ ...this.#options, network }));
  }

  async releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    signal.throwIfAborted();
    const kept = this.#kept.get(name);
    const ageMs = this.#options.clock.now() - (kept?.at ?? 0);
    // A clock that was set back makes an answer old, not new.
    if (kept !== undefined && ageMs >= 0 && ageMs < keptMs) {
      return kept.releases;
    }
    return this.#flights.run(name, (shared) => this.#fetch(name, shared), signal);
  }

  async metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined> {
    const address = projectAddress(this.#options.url, name);
    return this.#limit(() =>
      this.#calls.call(async (pages, limited) => {
        const page = await pages.page(address, limited);
        const file = page && metadataFile(page.body, name, version);
        if (page === undefined || file === undefined) {
          return undefined;
        }
        // PEP 658: beside the file itself.
        const url = file.url.replace(/#.*$/u, '');
        const at = URL.parse(url, page.at.href)?.href ?? url;
        const text = await pages.file(address, `${at}.metadata`, limited);
        if (text !== undefined && file.sha256 !== undefined && hash('sha256', text) !== file.sha256) {
          throw new LookupError('badResponse', 'sent metadata that are not those it names');
        }
        return text;
      }, signal),
    );
  }

  async close(): Promise<void> {
    await this.#calls.close();
  }

  async #fetch(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const releases = await this.#limit(() => this.#ask(name, signal));
    this.#kept.set(name, { releases, at: this.#options.clock.now() });
    return releases;
  }

  async #ask(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const address = projectAddress(this.#options.url, name);
    return this.#calls.call(async (pages, limited) => {
      const page = await pages.page(address, limited);
      return page === undefined ? undefined : releasesOf(page.body, name);
    }, signal);
  }
}

function pagesOver({ timeoutMs, version, log = silentLog, ...way }: PackageIndexOptions): IndexPages {
  const userAgent = `pinwatch/${version}`;
  return new IndexPages((origin) =>
    createHttpClient({ ...way, baseUrl: origin, idleTimeoutMs: timeoutMs, userAgent, log }),
  );
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
