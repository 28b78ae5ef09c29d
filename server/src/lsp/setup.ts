import type { NetworkParams } from '../../../protocol/messages.ts';
import { defaultSettings, engineKeys, type EngineSettings, type Settings } from '../../../protocol/settings.ts';
import type { ImportOptions, ImportSummary } from '../engine/offline/advisoryDatabase.ts';
import type { FileId } from '../project/fileId.ts';
import type { Log } from '../engine/ports.ts';
import type { ClientAccess, DatabaseWish, Engine, Environment } from './environment.ts';
import { isEnabledAnywhere, settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';

/** The settings that hold for a session, and the engine made from them. */
export class Setup {
  readonly #environment: Environment;
  readonly #log: Log;
  readonly #whenReady: Promise<void>;
  #becomeReady: () => void = () => undefined;
  #isReady: boolean;
  #settings: SettingsSnapshot;
  #engine: Engine;
  #access: ClientAccess;
  /** What the log was told last. */
  #announced = '';

  /** `settings` undefined: they are still to come (`adopt`), and nothing is asked before. */
  constructor(environment: Environment, log: Log, access: ClientAccess, settings: SettingsSnapshot | undefined) {
    this.#environment = environment;
    this.#log = log;
    this.#access = access;
    this.#settings = settings ?? { window: defaultSettings, folders: [] };
    this.#isReady = settings !== undefined;
    this.#whenReady = this.#isReady ? Promise.resolve() : new Promise((resolve) => (this.#becomeReady = resolve));
    this.#engine = this.#createEngine();
    if (this.#isReady) {
      this.#announce();
    }
  }

  get engine(): Engine {
    return this.#engine;
  }

  get settings(): SettingsSnapshot {
    return this.#settings;
  }

  settingsFor(file: FileId): Settings {
    return settingsFor(this.#settings, file);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Resolves when the settings are known. */
  get whenReady(): Promise<void> {
    return this.#whenReady;
  }

  /**
   * Takes these settings; `undefined` where they are the ones that hold. An engine they have put out of use is returned,
   * for the caller to close once nobody asks it any more.
   */
  adopt(settings: SettingsSnapshot): { readonly retired: Engine | undefined } | undefined {
    if (this.#isReady && JSON.stringify(settings) === JSON.stringify(this.#settings)) {
      return undefined;
    }
    const isOtherEngine = concernsEngine(this.#settings.window, settings.window);
    this.#settings = settings;
    this.#isReady = true;
    this.#becomeReady();
    this.#announce();
    return { retired: isOtherEngine ? this.renewEngine() : undefined };
  }

  /** Makes the engine anew from the same settings; returns the one before, which the caller closes. */
  renewEngine(): Engine {
    const retired = this.#engine;
    this.#engine = this.#createEngine();
    return retired;
  }

  useNetwork(params: NetworkParams): void {
    this.#access = { ...this.#access, params };
    this.#engine.useNetwork(params);
  }

  changeDatabase(wish: DatabaseWish, options: ImportOptions): Promise<ImportSummary> {
    return this.#environment.changeDatabase(wish, this.#settings.window, this.#access, options);
  }

  #createEngine(): Engine {
    return this.#environment.createEngine(engineSettings(this.#settings.window), this.#log, this.#access);
  }

  /** Says in the log who answers, where that is news. */
  #announce(): void {
    const { osvUrl, offlineMode, blocked } = this.#settings.window;
    const who = {
      online: osvUrl,
      fallback: `${osvUrl}, and from the local database where that does not answer`,
      offline: 'the local database alone',
    }[offlineMode];
    const { version, nodeVersion } = this.#environment;
    const isEnabled = isEnabledAnywhere(this.#settings);
    const what = !isEnabled
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
}

function concernsEngine(before: Settings, after: Settings): boolean {
  const [one, other] = [engineSettings(before), engineSettings(after)];
  return engineKeys.some((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
}

/** While nothing may be asked, the engine has nobody to ask: not for what waits from an earlier session either. */
function engineSettings(settings: Settings): EngineSettings {
  return settings.blocked === undefined ? settings : { ...settings, offlineMode: 'offline' };
}
