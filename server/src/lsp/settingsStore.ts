import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';
import { configurationSection } from '../../../protocol/ids.ts';
import { decodeSettings, defaultSettings, redisPasswordWarning, type Settings } from '../../../protocol/settings.ts';
import { folderSettings, type SettingsSnapshot } from './settingsSnapshot.ts';

/** Holds the settings as one frozen snapshot. Bad values are named once each, in the log. */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #canPull: boolean;
  readonly #warned = new Set<string>();
  #current: SettingsSnapshot = { window: defaultSettings, folders: [] };
  #folders: readonly string[] = [];
  #askedAbout: ReadonlySet<string> = new Set();

  constructor(connection: Connection, canPull: boolean, initial: unknown) {
    this.#connection = connection;
    this.#canPull = canPull;
    this.#current = { window: this.#decode(initial), folders: [] };
  }

  get current(): SettingsSnapshot {
    return this.#current;
  }

  /** The workspace folders to ask about from the next `refresh` on. */
  setFolders(uris: readonly string[]): void {
    this.#folders = uris;
  }

  /** The current ones, but for folders not asked about yet: what these never send is not known, so nothing is asked. */
  get held(): SettingsSnapshot {
    const { window, folders } = this.#current;
    const unknown = this.#folders.filter((uri) => !this.#askedAbout.has(uri));
    const off = Object.freeze({ ...window, enable: false });
    return { window, folders: [...folders, ...unknown.map((uri) => ({ uri, settings: off }))] };
  }

  /** Asks the client where it can be asked, for each folder too; else takes what the notification brought along. */
  async refresh(pushed: unknown): Promise<SettingsSnapshot> {
    if (this.#canPull) {
      await this.#pull(this.#folders).catch((error: unknown) =>
        this.#connection.console.warn(`The editor does not say what the settings are: ${String(error)}`),
      );
    } else if (pushed !== undefined) {
      this.#current = { window: this.#decode(pushed), folders: [] };
    }
    return this.#current;
  }

  async #pull(uris: readonly string[]): Promise<void> {
    const scopes = [{}, ...uris.map((scopeUri) => ({ scopeUri }))];
    const sections: readonly unknown[] = await this.#connection.workspace.getConfiguration(
      scopes.map((scope) => ({ ...scope, section: configurationSection })),
    );
    const window = isFilled(sections[0]) ? this.#decode(sections[0]) : this.#current.window;
    const folders = uris.map((uri, index) => {
      const section = sections[index + 1];
      return { uri, settings: isFilled(section) ? folderSettings(window, this.#decode(section)) : window };
    });
    this.#askedAbout = new Set(uris);
    this.#current = Object.freeze({ window, folders });
  }

  #decode(section: unknown): Settings {
    const { settings, warnings } = decodeSettings(section);
    for (const warning of warnings) {
      if (!this.#warned.has(warning)) {
        this.#warned.add(warning);
        this.#connection.console.warn(warning);
        if (warning === redisPasswordWarning) {
          void this.#connection.sendNotification(ShowMessageNotification.type, {
            type: MessageType.Warning,
            message: warning,
          });
        }
      }
    }
    return settings;
  }
}

/** A client that has no such section answers null or an empty one; what it handed over at the start stands then. */
function isFilled(section: unknown): boolean {
  return typeof section === 'object' && section !== null && Object.keys(section).length > 0;
}
