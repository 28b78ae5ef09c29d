import type { NetworkParams } from '../../../../protocol/messages/network.ts';
import { engineKeys, type EngineSettings, type Settings } from '../../../../protocol/settings.ts';
import { countsOf, type EngineCounts, joinedCounts, noCounts } from './engineCounts.ts';
import type { ImportOptions, ImportSummary } from '../../engine/offline/advisoryDatabase.ts';
import type { Log } from '../../engine/ports.ts';
import type { ClientAccess, DatabaseWish, Engine, Environment } from '../environment.ts';
import { isEnabledAnywhere, type SettingsSnapshot } from '../../project/workspace/settingsSnapshot.ts';

/** The engine of a session, made from its settings. */
export class EngineHolder {
  readonly #environment: Environment;
  readonly #log: Log;
  #settings: Settings;
  #engine: Engine;
  #access: ClientAccess;
  /** Of engines that are out of use. */
  #former = noCounts;
  readonly #retired = new Set<Engine>();
  /** What the log was told last. */
  #announced = '';

  constructor(environment: Environment, log: Log, access: ClientAccess, settings: Settings) {
    this.#environment = environment;
    this.#log = log;
    this.#access = access;
    this.#settings = settings;
    this.#engine = this.#createEngine();
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** What this engine and those before it have counted: it never falls. */
  get counts(): EngineCounts {
    return [...this.#retired, this.#engine].map(countsOf).reduce(joinedCounts, this.#former);
  }

  /** To the service so far, by all of them. `counts` says so too, and looks at all storage for it. */
  get requestsSent(): number {
    const counters = [this.#former.osv, ...[...this.#retired, this.#engine].map((engine) => engine.counters)];
    return counters.reduce((sum, { querybatch, query, vulns }) => sum + querybatch + query + vulns, 0);
  }

  /** How long this process has waited for at least one request, milliseconds. */
  get requestMs(): number {
    return this.#environment.requests.busyMs;
  }

  /** What the process has waited for so far, milliseconds by part. */
  get partsMs(): Readonly<Record<string, number>> {
    return this.#environment.times.spentMs;
  }

  /** An engine that these settings put out of use is returned, for the caller to have closed once nobody asks it any more. */
  takeSettings(settings: Settings): Engine | undefined {
    const isOtherEngine = concernsEngine(this.#settings, settings);
    this.#settings = settings;
    return isOtherEngine ? this.renew() : undefined;
  }

  /** Makes the engine once more from the same settings; returns the one before, which the caller has closed. */
  renew(): Engine {
    const retired = this.#engine;
    this.#retired.add(retired);
    this.#engine = this.#createEngine();
    return retired;
  }

  /** Closes an engine that is out of use. */
  async close(retired: Engine): Promise<void> {
    try {
      await retired.close();
    } finally {
      this.#retired.delete(retired);
      this.#former = joinedCounts(this.#former, countsOf(retired));
    }
  }

  useNetwork(params: NetworkParams): void {
    this.#access = { ...this.#access, params };
    this.#engine.useNetwork(params);
  }

  changeDatabase(wish: DatabaseWish, options: ImportOptions): Promise<ImportSummary> {
    return this.#environment.changeDatabase(wish, this.#settings, this.#access, options);
  }

  /** Says in the log who answers, where that is news. */
  announce(settings: SettingsSnapshot): void {
    const { osvUrl, offlineMode, blocked } = settings.window;
    const who = {
      online: osvUrl,
      fallback: `${osvUrl}, and from the local database where that does not answer`,
      offline: 'the local database alone',
    }[offlineMode];
    const { version, nodeVersion } = this.#environment;
    const what = !isEnabledAnywhere(settings)
      ? 'It is switched off by its setting "enable".'
      : blocked === undefined
        ? `Advisories come from ${who}.`
        : `Nothing is checked: ${blocked}`;
    const line = `Pinwatch ${version} on Node ${nodeVersion}. ${what}`;
    if (line !== this.#announced) {
      this.#announced = line;
      this.#log.info(line);
    }
  }

  #createEngine(): Engine {
    return this.#environment.createEngine(engineSettings(this.#settings), this.#log, this.#access);
  }
}

function concernsEngine(before: Settings, after: Settings): boolean {
  const [one, other] = [engineSettings(before), engineSettings(after)];
  return engineKeys.some((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
}

/** While nothing may be asked, the engine has nobody to ask: not for what waits from an earlier session either. */
function engineSettings(settings: Settings): EngineSettings {
  return settings.blocked === undefined ? settings : { ...settings, offlineMode: 'offline' };
}
