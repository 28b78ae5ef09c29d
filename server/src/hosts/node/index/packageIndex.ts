import type { PackageName } from '../../../core/packages/packageName.ts';
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { decodeProject, releasePartOf } from '../../../core/packages/decodeProject.ts';
import { metadataFile, metadataFilesOf } from '../../../core/packages/metadataFile.ts';
import { type ProjectFacts, projectFacts } from '../../../core/packages/projectFacts.ts';
import type { Release } from '../../../core/packages/release.ts';
import type { MetadataIndex } from '../../../engine/index/licenceLibrary.ts';
import type { ProjectIndex } from '../../../engine/index/projectLibrary.ts';
import { type PackageIndex, releasesKeptMs } from '../../../engine/index/packageIndex.ts';
import { type Clock, type Log, LookupError, silentLog, type SourceHealth } from '../../../engine/ports.ts';
import type { RequestRecord } from '../../../engine/operations/requestRecord.ts';
import { SingleFlight } from '../../../engine/singleFlight.ts';
import { createHttpClient, type WayOptions } from '../http/createHttpClient.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { keepYoungHeapSmall } from '../process/keepYoungHeapSmall.ts';
import { requestObserver } from '../http/requestObserver.ts';
import type { Timing } from '../process/timing.ts';
import { ResilientClient } from '../http/resilientClient.ts';
import { HostBreaker } from './hostBreaker.ts';
import { IndexPages, type Page } from './packageIndexPages.ts';

export interface PackageIndexOptions extends WayOptions {
  /** Of the simple API, as `https://pypi.org/simple`; `none` switches the index off. */
  readonly url: string;
  /** Without a byte. */
  readonly timeoutMs: number;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly clock: Clock;
  readonly log?: Log;
  readonly record?: RequestRecord | undefined;
  /** Of the waits between tries. */
  readonly timing?: Timing;
}

export interface NodePackageIndex extends PackageIndex, MetadataIndex, ProjectIndex {
  /** A live view. */
  readonly health: SourceHealth;
  /** The user's proxy or trust has changed; nothing that is known is lost. */
  useNetwork(network: NetworkSettings): void;
  /** A person asks: hosts that were given up are asked again. */
  reset(): void;
}

/** The package index at an address; `undefined` where it is switched off. */
export function createPackageIndex(options: PackageIndexOptions): NodePackageIndex | undefined {
  return options.url === 'none' ? undefined : new SimpleIndex(options);
}

const mostAtOnce = 8;
const mostPagesAtOnce = 32;
const mostMetadataAtOnce = 10;
const usualWholeMs = 60_000;
// Half of the requests may fail: that costs time and no result. The caller has a limit for all tries, and `HostBreaker` ends them.
const tries = { mostRetries: 5, mostRetriesWhenLost: 5, mostByChance: 10 };
const mostKept = 200;

/** What the index answered; a failure is never kept. */
interface Kept {
  readonly releases: readonly Release[] | undefined;
  readonly at: number;
}

const mostProjects = 1_000;

/** What is kept of a project page: of its files only those whose metadata can be had. */
interface KnownProject {
  readonly facts: ProjectFacts;
  readonly page: unknown;
  readonly at: URL;
}

/** A page that was read for rules, for who asks for its releases. `undefined` where the index does not know the project. */
interface RulesPage {
  readonly part: object | undefined;
  readonly at: number;
}

function knownProject({ body, at }: Page, name: PackageName): KnownProject {
  const facts = projectFacts(body, name);
  if (facts === undefined) {
    throw new LookupError('badResponse', 'sent a page without files');
  }
  return { facts, page: { files: metadataFilesOf(body) }, at };
}

class SimpleIndex implements NodePackageIndex {
  readonly #options: PackageIndexOptions;
  readonly #calls: ResilientClient<IndexPages>;
  readonly #limit = pLimit(mostAtOnce);
  readonly #pageLimit = pLimit(mostPagesAtOnce);
  readonly #metadataLimit = pLimit(mostMetadataAtOnce);
  readonly #pages = new SingleFlight<PackageName, KnownProject | undefined>();
  readonly #projects = new LRUCache<PackageName, { readonly project: KnownProject | undefined; readonly at: number }>({
    max: mostProjects,
  });
  readonly #flights = new SingleFlight<PackageName, readonly Release[] | undefined>();
  readonly #kept = new LRUCache<PackageName, Kept>({ max: mostKept });
  readonly #rulesPages = new LRUCache<PackageName, RulesPage>({ max: mostKept });
  /** Rules ask for the pages of all projects, so that a page serves both. */
  #asksForRules = false;

  constructor(options: PackageIndexOptions) {
    this.#options = options;
    const { url, timeoutMs, timing, record, log = silentLog } = options;
    const client = pagesOver(options);
    const wholeMs = Math.max(usualWholeMs, timeoutMs);
    const observe = requestObserver('index', record, log);
    const time = timing === undefined ? {} : { timing };
    // Each host of the index has a breaker of its own.
    const limits = { timeoutMs, wholeMs, hasBreaker: false, tries };
    this.#calls = new ResilientClient({ client, baseUrl: url, ...limits, observe, ...time });
  }

  get health(): SourceHealth {
    return this.#calls.health;
  }

  useNetwork(network: NetworkSettings): void {
    void this.#calls.useClient(pagesOver({ ...this.#options, network }));
  }

  reset(): void {
    this.#calls.reset();
  }

  async releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    signal.throwIfAborted();
    const kept = this.#kept.get(name);
    const ageMs = this.#options.clock.now() - (kept?.at ?? 0);
    // A clock that was set back makes an answer old, not new.
    if (kept !== undefined && ageMs >= 0 && ageMs < releasesKeptMs) {
      return kept.releases;
    }
    return this.#flights.run(name, (shared) => this.#fetch(name, shared), signal);
  }

  async metadata(name: PackageName, version: string, signal: AbortSignal): Promise<string | undefined> {
    const project = await this.#project(name, signal);
    const file = project && metadataFile(project.page, name, version);
    if (file === undefined) {
      return undefined;
    }
    const address = projectAddress(this.#options.url, name);
    // PEP 658: beside the file itself.
    const url = file.url.replace(/#.*$/u, '');
    const at = URL.parse(url, project?.at.href)?.href ?? url;
    return this.#metadataLimit(() =>
      this.#calls.call(
        'metadata',
        async (pages, limited) => {
          const text = await pages.file(address, `${at}.metadata`, limited);
          if (text !== undefined && file.sha256 !== undefined && hash('sha256', text) !== file.sha256) {
            throw new LookupError('badResponse', 'sent metadata that are not those it names');
          }
          return text;
        },
        signal,
      ),
    );
  }

  async project(name: PackageName, signal: AbortSignal): Promise<ProjectFacts | undefined> {
    return (await this.#project(name, signal))?.facts;
  }

  /** The page of a project, once for all that is asked about it at about the same time. */
  async #project(name: PackageName, signal: AbortSignal): Promise<KnownProject | undefined> {
    signal.throwIfAborted();
    if (!this.#asksForRules) {
      this.#asksForRules = true;
      keepYoungHeapSmall(); // dozens of pages are read at a time, and nothing of them stays
    }
    const kept = this.#projects.get(name);
    const ageMs = this.#options.clock.now() - (kept?.at ?? 0);
    if (kept !== undefined && ageMs >= 0 && ageMs < releasesKeptMs) {
      return kept.project;
    }
    return this.#pages.run(name, (shared) => this.#fetchProject(name, shared), signal);
  }

  async #fetchProject(name: PackageName, signal: AbortSignal): Promise<KnownProject | undefined> {
    const address = projectAddress(this.#options.url, name);
    const project = await this.#pageLimit(() =>
      this.#calls.call(
        'page',
        async (pages, limited) => {
          const page = await pages.page(address, limited);
          const known = page && knownProject(page, name);
          this.#rulesPages.set(name, { part: page && releasePartOf(page.body), at: this.#options.clock.now() });
          return known;
        },
        signal,
      ),
    );
    this.#projects.set(name, { project, at: this.#options.clock.now() });
    return project;
  }

  async close(): Promise<void> {
    await this.#calls.close();
  }

  async #fetch(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const kept = (await this.#fromRulesPage(name, signal)) ?? {
      releases: await this.#limit(() => this.#ask(name, signal)),
      at: this.#options.clock.now(),
    };
    this.#kept.set(name, kept);
    return kept.releases;
  }

  /** `undefined` where the page has to be asked for by itself. */
  async #fromRulesPage(name: PackageName, signal: AbortSignal): Promise<Kept | undefined> {
    if (!this.#asksForRules) {
      return undefined;
    }
    await this.#project(name, signal);
    const page = this.#rulesPages.get(name);
    this.#rulesPages.delete(name);
    if (page === undefined) {
      return undefined;
    }
    const decoded = page.part && decodeProject(page.part, name);
    return decoded?.kind === 'invalid' ? undefined : { releases: decoded?.releases, at: page.at };
  }

  async #ask(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined> {
    const address = projectAddress(this.#options.url, name);
    return this.#calls.call(
      'page',
      async (pages, limited) => {
        const page = await pages.page(address, limited);
        return page === undefined ? undefined : releasesOf(page.body, name);
      },
      signal,
    );
  }
}

function pagesOver({ timeoutMs, version, clock, log = silentLog, ...way }: PackageIndexOptions): IndexPages {
  const userAgent = `pinwatch/${version}`;
  return new IndexPages((origin) => {
    const common = { ...way, baseUrl: origin, idleTimeoutMs: timeoutMs, userAgent, log };
    const client = createHttpClient({ ...common, http1Connections: mostPagesAtOnce });
    return new HostBreaker(client, { origin, timeoutMs, clock });
  });
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
