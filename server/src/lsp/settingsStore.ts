import type { Connection } from 'vscode-languageserver';
import { configurationSection } from '../../../protocol/ids.ts';
import { decodeSettings, defaultSettings, type Settings } from '../../../protocol/settings.ts';

/** Holds the settings as one frozen snapshot. Bad values are named once each, in the log. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #canPull: boolean;
  readonly #warned = new Set<string>();
  #current: Settings = defaultSettings;

  constructor(connection: Connection, canPull: boolean, initial: unknown) {
    this.#connection = connection;
    this.#canPull = canPull;
    this.#take(initial);
  }

  get current(): Settings {
    return this.#current;
  }

  /** Asks the client where it can be asked; else takes what the notification brought along. */
  async refresh(pushed: unknown): Promise<Settings> {
    if (this.#canPull) {
      const pulled: unknown = await this.#connection.workspace.getConfiguration(configurationSection);
      // A client that has no such section answers null or an empty one; what it handed over at the start stands then.
      if (typeof pulled === 'object' && pulled !== null && Object.keys(pulled).length > 0) {
        this.#take(pulled);
      }
    } else if (pushed !== undefined) {
      this.#take(pushed);
    }
    return this.#current;
  }

  #take(section: unknown): void {
    const { settings, warnings } = decodeSettings(section);
    this.#current = settings;
    for (const warning of warnings) {
      if (!this.#warned.has(warning)) {
        this.#warned.add(warning);
        this.#connection.console.warn(warning);
      }
    }
  }
}
