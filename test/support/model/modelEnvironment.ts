import type { EngineSettings } from '../../../protocol/settings.ts';
import type { LockedVersions } from '../../../server/src/core/assessment/decided/decidedVersions.ts';
import { kindOf } from '../../../server/src/core/manifests/manifestKinds.ts';
import type { Clock } from '../../../server/src/engine/ports.ts';
import { createScanScope } from '../../../server/src/hosts/node/process/scanScope.ts';
import { lookUpParts, PartsClock } from '../../../server/src/engine/operations/partsClock.ts';
import { RequestRecord } from '../../../server/src/engine/operations/requestRecord.ts';
import type { PendingLookup, PendingLookups } from '../../../server/src/engine/offline/pendingLookups.ts';
import { createIgnoreFiles } from '../../../server/src/hosts/node/config/ignoreFiles.ts';
import type { Engine, Environment, Timers } from '../../../server/src/lsp/environment.ts';
import type { ModelScanner } from './modelScanner.ts';

/** What the servers of one model share: the disk, the time, and what is known of packages. */
export interface SharedWorld {
  readonly clock: Clock;
  readonly disk: ReadonlyMap<string, string>;
  readonly locks: ReadonlyMap<string, readonly LockedVersions[]>;
  /** Reading of locks waits for it. */
  readonly locksAreReadable: () => Promise<void>;
  readonly isServiceUp: () => boolean;
  /** Something was read. */
  readonly active: () => void;
}

/** The world as one server of a model sees it. */
export function modelEnvironment(
  shared: SharedWorld,
  timers: Timers,
  createScanner: () => ModelScanner,
  pending: PendingLookups | undefined,
): Environment {
  const { clock, disk } = shared;
  return {
    version: '1.2.3',
    nodeVersion: '24.0.0',
    languages: new Map(),
    clock,
    logFormat: 'text',
    scans: createScanScope(),
    newId: () => 'scan',
    timers,
    createEngine: (settings) => engineOf(settings, shared, createScanner(), pending),
    giveBackMemory: () => undefined,
    memoryFigures: () => ({ usedBytes: 1, limitBytes: 100 }),
    statisticsFile: () => undefined,
    processFigures: () => ({ rssBytes: 1, uptimeSeconds: 2, cpuSeconds: 3 }),
    requests: new RequestRecord(),
    times: new PartsClock(lookUpParts, () => clock.now()),
    serveMetrics: () => Promise.reject(new Error('no metrics here')),
    changeDatabase: () =>
      Promise.resolve({
        written: 0,
        older: 0,
        problems: [],
        setAside: undefined,
        status: {
          path: '/db',
          records: 0,
          withdrawn: 0,
          packages: 0,
          newestModified: '',
          importedAt: 0,
          currentAt: 0,
          ageSeconds: 0,
          bytes: 0,
        },
      }),
    createConfigReader: () => ({ nearest: () => Promise.resolve(undefined) }),
    createIgnoreReader: () => {
      const files = createIgnoreFiles({
        read: (file) => {
          shared.active();
          const text = disk.get(`file://${file}`);
          return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
        },
      });
      const pathOf = (uri: string): string => uri.replace(/^file:\/\//u, '');
      return {
        nearest: async (file, folders) =>
          (await files.nearest(pathOf(file), folders.map(pathOf))).map((list) => ({
            uri: `file://${list.path ?? ''}`,
            list,
          })),
      };
    },
    files: {
      read: (id) => {
        shared.active();
        const text = disk.get(id);
        return Promise.resolve(text === undefined ? { kind: 'missing', error: `${id} could not be read.` } : { text });
      },
      whereIs: (id, folders) => {
        shared.active();
        const isInside = folders.some((folder) => id.startsWith(`${folder}/`));
        return Promise.resolve(!disk.has(id) ? 'missing' : isInside ? 'inside' : 'outside');
      },
      discover: (folder, choice) => {
        shared.active();
        const ids = [...disk.keys()].filter((id) => id.startsWith(`${folder}/`));
        return Promise.resolve({ uris: ids.filter((id) => kindOf(id, choice) !== undefined), unread: [] } as never);
      },
      createLockReader: () => ({
        read: async (ids) => {
          shared.active();
          await shared.locksAreReadable();
          shared.active();
          return new Map(ids.map((id) => [id, shared.locks.get(id) ?? []]));
        },
        python: () => Promise.resolve(undefined),
      }),
    },
  };
}

function engineOf(
  settings: EngineSettings,
  { clock, isServiceUp }: SharedWorld,
  scanner: ModelScanner,
  pending: PendingLookups | undefined,
): Engine {
  return {
    scanner,
    index: undefined,
    licences: undefined,
    tiers: new Map(),
    pending,
    describe: () => ({ kind: 'osv', url: settings.osvUrl }),
    counters: { querybatch: 1, query: 0, vulns: 2, retries: 0, failures: 0, inFlight: 0 },
    get health() {
      return { lastAnswerAt: clock.now(), lastError: isServiceUp() ? undefined : 'Nobody answered.' };
    },
    circuit: 'closed',
    reset: () => undefined,
    preconnect: () => undefined,
    useNetwork: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** Look-ups that wait for a later session, in memory. */
export class ModelPending implements PendingLookups {
  readonly items = new Map<string, PendingLookup>();
  readonly dropped = 0;

  oldestAt(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  add(items: readonly PendingLookup[]): Promise<number> {
    items.forEach((item) => this.items.set(JSON.stringify(item), item));
    return Promise.resolve(items.length);
  }

  take(limit: number): Promise<readonly PendingLookup[]> {
    return Promise.resolve([...this.items.values()].slice(0, limit));
  }

  done(items: readonly PendingLookup[]): Promise<void> {
    items.forEach((item) => this.items.delete(JSON.stringify(item)));
    return Promise.resolve();
  }

  size(): Promise<number> {
    return Promise.resolve(this.items.size);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
