import { brokenConfig, type ProjectConfig } from '../../core/config/projectConfig.ts';
import { plainText } from '../../core/text/plainText.ts';
import { type FileId, nameOf } from '../../project/fileId.ts';
import { configuredMaxDataAgeDays, configuredSettings } from '../../project/workspace/configuredSettings.ts';
import type { SettingsSnapshot } from '../../project/workspace/settingsSnapshot.ts';
import type { ConfigReader, Environment } from '../environment.ts';

/** Reads what projects say about themselves, and puts it beneath the settings of their folders. */
export class ConfigReading {
  readonly #environment: Pick<Environment, 'createConfigReader'>;
  #reader: ConfigReader;
  #isTrusted: boolean;
  #found: ReadonlyMap<FileId, ProjectConfig> = new Map();
  #changed: () => Promise<void> = () => Promise.resolve();

  constructor(environment: Pick<Environment, 'createConfigReader'>, isTrusted: boolean) {
    this.#environment = environment;
    this.#reader = environment.createConfigReader();
    this.#isTrusted = isTrusted;
  }

  /** What was read for a workspace folder. */
  configOf(folder: FileId): ProjectConfig | undefined {
    return this.#found.get(folder);
  }

  /** `changed` is called when something else may hold than what was read before. */
  onChanged(changed: () => Promise<void>): void {
    this.#changed = changed;
  }

  async setTrusted(isTrusted: boolean): Promise<void> {
    if (isTrusted !== this.#isTrusted) {
      this.#isTrusted = isTrusted;
      await this.#changed();
    }
  }

  /** Reads them once more, where one of these places may be one. */
  async readAgain(places: readonly FileId[] | undefined): Promise<void> {
    if (places === undefined || places.some((place) => configNames.includes(nameOf(place)))) {
      this.#reader = this.#environment.createConfigReader();
      await this.#changed();
    }
  }

  /** The settings with what the configurations of these folders say. */
  async configured(settings: SettingsSnapshot, folders: readonly FileId[]): Promise<SettingsSnapshot> {
    const ids = [...new Set([...settings.folders.map(({ id }) => id), ...folders])];
    const found: { readonly id: FileId; readonly config: ProjectConfig | undefined }[] = [];
    for (const id of ids) {
      found.push({ id, config: await this.#reader.nearest(id).catch((error: unknown) => unknownConfig(id, error)) });
    }
    const configs = found.flatMap(({ config }) => config ?? []);
    this.#found = new Map(found.flatMap(({ id, config }) => (config === undefined ? [] : [[id, config] as const])));
    if (configs.length === 0) {
      return settings;
    }
    const days = configuredMaxDataAgeDays(settings.window, configs, this.#isTrusted);
    const window = Object.freeze({ ...settings.window, offlineMaxDataAgeDays: days });
    return Object.freeze({
      window,
      folders: found.map(({ id, config }) => {
        const own = settings.folders.find((folder) => folder.id === id)?.settings ?? window;
        return { id, settings: configuredSettings(own, config, this.#isTrusted) };
      }),
    });
  }
}

/** What could not be looked for may say which names are private. */
function unknownConfig(folder: FileId, error: unknown): ProjectConfig {
  const why = error instanceof Error ? error.message : String(error);
  return brokenConfig(
    nameOf(folder),
    `The configuration of ${nameOf(folder)} could not be read: ${plainText(why, 200)}.`,
  );
}

const configNames = ['pinwatch.toml', 'pyproject.toml'];
