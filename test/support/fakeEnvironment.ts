import { languages } from '../../server/src/main/languages.ts';
import type { ProjectPython, UsedEnvironment } from '../../server/src/engine/lockReader.ts';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import type { NetworkParams } from '../../protocol/messages/network.ts';
import { createConfigFiles } from '../../server/src/hosts/node/config/configFiles.ts';
import { createIgnoreFiles } from '../../server/src/hosts/node/config/ignoreFiles.ts';
import type {
  ClientAccess,
  ConfigReader,
  DatabaseWish,
  Environment,
  IgnoreReader,
  ProcessFigures,
} from '../../server/src/lsp/environment.ts';
import { createScanScope } from '../../server/src/hosts/node/process/scanScope.ts';
import { lookUpParts, PartsClock } from '../../server/src/engine/operations/partsClock.ts';
import { RequestRecord } from '../../server/src/engine/operations/requestRecord.ts';
import type { ImportOptions, ImportSummary } from '../../server/src/engine/offline/advisoryDatabase.ts';
import type { Clock, KeptText, Log, MonitoringPages, ServedPages } from '../../server/src/engine/ports.ts';
import type { LicenceLibrary } from '../../server/src/engine/index/licenceLibrary.ts';
import type { PackageIndex } from '../../server/src/engine/index/packageIndex.ts';
import type { PackageName } from '../../server/src/core/packages/packageName.ts';
import type { IgnoreList } from '../../server/src/core/ignores/ignore.ts';
import type { FileId } from '../../server/src/project/fileId.ts';
import type { Settings } from '../../protocol/settings.ts';
import { noon } from './builders.ts';
import { FakeScanner } from './fakeScanner.ts';
import { FakeTimers } from './fakeTimers.ts';

/** The world of one server under test: no network, no disk, no real time. */
export class FakeEnvironment implements Environment {
  readonly version = '1.2.3';
  readonly nodeVersion = '24.0.0';
  readonly languages = languages;
  clock: Clock = { now: () => noon };
  logFormat: 'text' | 'json' = 'text';
  readonly scans = createScanScope();
  readonly timers = new FakeTimers();
  readonly scanner = new FakeScanner();
  /** Settings that engines were built with, in order. */
  readonly engines: Settings[] = [];
  readonly disk = new Map<string, string>();
  /** What decides versions, by the file that it decides for. */
  readonly locks = new Map<string, readonly LockedVersions[]>();
  /** Reading that waits for this. */
  beforeLocksAreRead: Promise<void> = Promise.resolve();
  /** For which files that was read, in order. */
  readonly lockReads: (readonly string[])[] = [];
  /** The environments that were selected, in order. */
  readonly selected: (readonly UsedEnvironment[])[] = [];
  closedEngines = 0;
  /** Metrics offered this moment. */
  readonly metrics: { readonly port: number; readonly pages: MonitoringPages }[] = [];
  /** What was wanted of the local database; each waits for the test to end it. */
  readonly databaseChanges: {
    readonly wish: DatabaseWish;
    readonly settings: Settings;
    readonly options: ImportOptions;
    finish(summary: ImportSummary): void;
    fail(error: Error): void;
  }[] = [];
  /** Every port that metrics were offered on, in order. */
  readonly metricsOffered: number[] = [];
  readonly takenPorts = new Set<number>();
  /** What engines were told of the network, in order. */
  readonly networks: NetworkParams[] = [];
  /** The network of the engine built last. */
  access: ClientAccess = { params: {} };
  /** What the package index answers; absent: nobody is asked. */
  index: PackageIndex | undefined;
  /** What it says of licences; absent: nobody is asked. */
  licences: LicenceLibrary | undefined;
  resets = 0;
  /** How often memory was given back. */
  rests = 0;
  preconnects = 0;

  /** What the project of a file says of Python, by the file. */
  readonly pythons = new Map<string, ProjectPython>();
  /** By URI: what files beside it give a package index of their own. */
  readonly ownIndexes = new Map<string, ReadonlySet<PackageName>>();

  readonly files: Environment['files'] = {
    read: (uri) => {
      const text = this.disk.get(uri);
      return Promise.resolve(text === undefined ? { error: `${uri} could not be read.` } : { text });
    },
    whereIs: (uri, folders) => {
      const inside = folders.some((folder) => uri.startsWith(`${folder}/`));
      return Promise.resolve(!this.disk.has(uri) ? 'missing' : inside ? 'inside' : 'outside');
    },
    createLockReader: () => ({
      read: async (uris) => {
        this.lockReads.push(uris);
        await this.beforeLocksAreRead;
        return new Map(uris.map((uri) => [uri, this.locks.get(uri) ?? []]));
      },
      python: (uri) => Promise.resolve(this.pythons.get(uri)),
      ownIndex: (uri) => Promise.resolve(this.ownIndexes.get(uri) ?? new Set()),
      select: (environments) => void this.selected.push(environments),
    }),
    discover: (folder) =>
      Promise.resolve({
        uris: [...this.disk.keys()].filter((uri) => uri.startsWith(folder) && !uri.endsWith('.toml')),
        unread: [],
      }),
  };

  memoryFigures() {
    return { usedBytes: 1, limitBytes: 100 };
  }

  #ids = 0;

  newId(): string {
    return `scan-${++this.#ids}`;
  }

  giveBackMemory(): void {
    this.rests++;
  }

  createIgnoreReader(): IgnoreReader {
    const files = createIgnoreFiles({
      presentFolder: '/',
      read: (file) => {
        const text = this.disk.get(`file://${file}`);
        return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
      },
    });
    const pathOf = (uri: string): string => uri.replace(/^file:\/\//u, '');
    return {
      nearest: async (uri, folders) =>
        [...(await files.nearest(pathOf(uri), folders.map(pathOf))), ...(await this.#configLists(folders))].map(
          (list) => ({ uri: list.path?.startsWith('/') ? `file://${list.path}` : `file:///${list.path ?? ''}`, list }),
        ),
    };
  }

  async #configLists(folders: readonly FileId[]): Promise<readonly IgnoreList[]> {
    const [folder] = folders;
    const config = folder === undefined ? undefined : await this.createConfigReader().nearest(folder);
    return config === undefined ? [] : [{ ...config.ignores, problems: config.problems }];
  }

  createConfigReader(): ConfigReader {
    const files = createConfigFiles({
      isRepository: () => Promise.resolve(false),
      read: (file) => {
        const text = this.disk.get(`file://${file}`);
        return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
      },
    });
    return {
      nearest: (folder) => {
        const path = folder.replace(/^file:\/\//u, '');
        return files.nearest(path, [path]);
      },
    };
  }

  createEngine(settings: Settings, _log: Log, network: ClientAccess): ReturnType<Environment['createEngine']> {
    this.engines.push(settings);
    this.access = network;
    this.networks.push(network.params);
    return {
      scanner: this.scanner,
      index: this.index,
      licences: this.licences,
      tiers: new Map(),
      pending: undefined,
      describe: () => ({ kind: 'osv', url: settings.osvUrl }),
      counters: { querybatch: 1, query: 0, vulns: 2, retries: 0, failures: 0, inFlight: 0 },
      health: { lastAnswerAt: noon, lastError: undefined },
      circuit: 'closed',
      indexCircuit: 'closed',
      reset: () => {
        this.resets++;
        this.licences?.retry();
      },
      preconnect: () => void this.preconnects++,
      useNetwork: (params) => void this.networks.push(params),
      close: () => {
        this.closedEngines++;
        return Promise.resolve();
      },
    };
  }

  serveMetrics(port: number, pages: MonitoringPages): Promise<ServedPages> {
    if (this.takenPorts.has(port)) {
      return Promise.reject(new Error(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`));
    }
    this.metricsOffered.push(port);
    this.metrics.push({ port, pages });
    return Promise.resolve({ port: port === 0 ? 50_000 : port, close: () => Promise.resolve(void this.metrics.pop()) });
  }

  changeDatabase(
    wish: DatabaseWish,
    settings: Settings,
    _access: ClientAccess,
    options: ImportOptions,
  ): Promise<ImportSummary> {
    return new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason as Error), { once: true });
      this.databaseChanges.push({ wish, settings, options, finish: resolve, fail: reject });
    });
  }

  /** What the session before left. */
  statistics: string | undefined;

  statisticsFile(): KeptText {
    return {
      read: () => Promise.resolve(this.statistics),
      write: (text) => Promise.resolve(void (this.statistics = text)),
    };
  }

  readonly requests = new RequestRecord();
  readonly times = new PartsClock(lookUpParts, () => this.clock.now());

  processFigures(): ProcessFigures {
    return { rssBytes: 1, uptimeSeconds: 2, cpuSeconds: 3 };
  }
}
