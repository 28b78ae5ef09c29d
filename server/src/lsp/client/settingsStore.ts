import { type Connection, ConfigurationRequest, MessageType, ShowMessageNotification } from 'vscode-languageserver';
import { configurationSection } from '../../../../protocol/ids.ts';
import { redisPasswordWarning } from '../../../../protocol/addressSettings.ts';
import { blockedSettings, decodeSettings } from '../../../../protocol/decodeSettings.ts';
import type { Settings } from '../../../../protocol/settings.ts';
import { fileId } from '../../project/fileId.ts';
import { askClient } from './askClient.ts';
import type { Timers } from '../environment.ts';
import { folderSettings, type SettingsSnapshot } from '../../project/workspace/settingsSnapshot.ts';

// Editors answer within a few milliseconds, and within a second or two while they start.
const answerLimitMs = 5_000;

export interface SettingsOptions {
  readonly canPull: boolean;
  /** The section that the client handed over at the start; anything but an object counts as not handed over. */
  readonly initial: unknown;
  readonly timers: Timers;
  /** An answer came after `refresh` had given up on it. */
  readonly late: (settings: SettingsSnapshot) => void;
}

/**
 * Holds the settings as one frozen snapshot. Bad values are named once each, in the log. What the client has not said is
 * never taken for the defaults: where nothing was handed over either, nothing is asked, and the settings say why (`blocked`).
 */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #options: SettingsOptions;
  readonly #warned = new Set<string>();
  #current: SettingsSnapshot;
  #folders: readonly string[] = [];
  #askedAbout: ReadonlySet<string> = new Set();
  /** What the client gave without being asked. */
  #handedOver: unknown;
  /** What it answered, by folder; the window's under `undefined`. */
  #said: ReadonlyMap<string | undefined, unknown> = new Map();
  #pulls = 0;
  #lastAnswered = 0;

  constructor(connection: Connection, options: SettingsOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#handedOver = options.initial;
    this.#current = { window: this.#decode(options.initial), folders: [] };
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
    return { window, folders: [...folders, ...unknown.map((uri) => ({ id: fileId(uri), settings: off }))] };
  }

  /**
   * Asks the client where it can be asked, for each folder too; else takes what the notification brought along. Resolves
   * within seconds, whatever the client does.
   */
  async refresh(pushed: unknown): Promise<SettingsSnapshot> {
    if (isObject(pushed)) {
      this.#handedOver = pushed;
    }
    if (!this.#options.canPull) {
      if (isObject(pushed)) {
        this.#current = { window: this.#decode(pushed), folders: [] };
      }
      return this.#current;
    }
    const pull = ++this.#pulls;
    const uris = this.#folders;
    try {
      this.#take(pull, uris, await this.#pull(pull, uris));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#connection.console.warn(`The editor does not say what the settings are: ${why}`);
      // What was asked later may have been answered already.
      if (pull > this.#lastAnswered) {
        this.#askedAbout = new Set(this.#folders);
        this.#current = this.#snapshot(this.#folders);
      }
    }
    return this.#current;
  }

  #pull(pull: number, uris: readonly string[]): Promise<unknown> {
    const scopes = [{}, ...uris.map((scopeUri) => ({ scopeUri }))];
    const items = scopes.map((scope) => ({ ...scope, section: configurationSection }));
    return askClient<unknown>({
      what: 'what the settings are',
      limitMs: answerLimitMs,
      timers: this.#options.timers,
      send: () => this.#connection.sendRequest(ConfigurationRequest.type, { items }),
      late: (answer) => {
        if (this.#take(pull, uris, answer)) {
          this.#options.late(this.#current);
        }
      },
    });
  }

  /** Whether it was news: answers may come in another order than they were asked for. */
  #take(pull: number, uris: readonly string[], answer: unknown): boolean {
    if (pull < this.#lastAnswered) {
      return false;
    }
    this.#lastAnswered = pull;
    const keys = [undefined, ...uris];
    // `null` says nothing of any of them; what is missing in a list was not answered.
    const sections: readonly unknown[] = answer === null ? keys.map(() => null) : Array.isArray(answer) ? answer : [];
    if (sections.length < keys.length) {
      this.#connection.console.warn(
        `The editor answered ${sections.length} of ${keys.length} questions about the settings.`,
      );
    }
    this.#said = new Map(sections.slice(0, keys.length).map((section, at) => [keys[at], section]));
    this.#askedAbout = new Set(uris);
    this.#current = this.#snapshot(uris);
    return true;
  }

  #snapshot(uris: readonly string[]): SettingsSnapshot {
    const window = this.#window();
    return Object.freeze({
      window,
      folders: uris.map((uri) => ({ id: fileId(uri), settings: this.#folder(uri, window) })),
    });
  }

  #window(): Settings {
    const said = this.#said.has(undefined);
    const settings = this.#decode(said ? this.#said.get(undefined) : undefined, this.#handedOver);
    return said || isObject(this.#handedOver)
      ? settings
      : blockedSettings(settings, `The editor has not said what the settings of Pinwatch are. ${sentNothing}`);
  }

  #folder(uri: string, window: Settings): Settings {
    if (this.#said.has(uri)) {
      const section = this.#said.get(uri);
      return section === null || section === undefined || isEmpty(section)
        ? window
        : folderSettings(window, this.#decode(section, this.#handedOver, window));
    }
    // Who answers for the window and not for a folder may have more to say of it; who never answers has handed it over.
    return this.#said.has(undefined)
      ? blockedSettings(window, `The editor has not said what the settings of this folder are. ${sentNothing}`)
      : window;
  }

  #decode(section: unknown, beneath?: unknown, ofWindow?: Settings): Settings {
    const { settings, warnings } = decodeSettings(section, beneath, ofWindow);
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

const sentNothing = 'They say which names are private, so nothing is sent until it does.';

/** A client that has no such section answers null or an empty one; what it handed over at the start stands then. */
function isEmpty(section: unknown): boolean {
  return isObject(section) && Object.keys(section).length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
