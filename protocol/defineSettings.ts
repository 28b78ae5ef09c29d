import type { SettingValue } from './settingValue.ts';

/** One setting: everything that code, manifest and docs say of it follows from this. */
export interface SettingDefinition {
  /** Dotted, below `pinwatch`. */
  readonly key: string;
  readonly value: SettingValue<unknown>;
  readonly default: unknown;
  /** Who may set it: each workspace folder for its own files, each window, or the user alone. */
  readonly scope: 'resource' | 'window' | 'machine';
  readonly affects: SettingEffect;
  /** Where the settings page shows it; within a group in the order of the table. */
  readonly group: SettingGroup;
  /** Marked in the settings page as one that uses online services. */
  readonly isOnline?: true;
  /** What a value that cannot be read does beside its warning; where absent, the default takes its place and that is all. */
  readonly unusable?: UnusableSetting;
}

/**
 * `engine`: whom the engine asks and what it keeps, so that a change makes it again. `files`: which lines are asked about.
 * `display`: what is said of what is known. `server`: the server beside its files. `client`: VS Code's half alone.
 */
export type SettingEffect = 'engine' | 'files' | 'display' | 'server' | 'client';

export type SettingGroup = 'general' | 'diagnostics' | 'editor' | 'policy' | 'advisories' | 'privacy' | 'cache' | 'log';

export interface UnusableSetting {
  /**
   * `blocks`: nothing is asked, since the default would send what the user may have wanted kept, or ask somebody else than
   * the user named. `fault`: not all that was asked for is done, and what is shown says so.
   */
  readonly kind: 'blocks' | 'fault';
  /** Counts only while the setting is in use: while the service is asked, or the local database is. */
  readonly while?: 'online' | 'database';
  /** The end of the warning, in place of "using" and the default. */
  readonly instead?: string;
  /** What the user has to know besides. */
  readonly effect?: string;
  /** Takes the place of the default. */
  readonly value?: unknown;
}

export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>;

/** The table as it is; the compiler refuses a default that is not of the setting's values. */
export function defineSettings<const Table extends SettingDefinitions>(table: Table & WithFittingValues<Table>): Table {
  return table;
}

type WithFittingValues<Table extends SettingDefinitions> = {
  readonly [Name in keyof Table]: {
    readonly default: ValueOf<Table[Name]>;
    readonly unusable?: { readonly value?: ValueOf<Table[Name]> };
  };
};

/** What the settings of a table decode to. */
export type ValuesOf<Table extends SettingDefinitions> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

type ValueOf<Definition extends SettingDefinition> =
  Definition['value'] extends SettingValue<infer Value> ? Value : never;

/** The names of the settings with this effect. */
export type NamesAffecting<Table extends SettingDefinitions, Effect extends SettingEffect> = {
  readonly [Name in keyof Table]: Table[Name]['affects'] extends Effect ? Name : never;
}[keyof Table];
