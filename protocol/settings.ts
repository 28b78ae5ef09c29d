import { folderOrEmpty, redisAddress, serviceAddress, serviceAddressOrNone } from './addressSettings.ts';
import { defaultDiagnosticLevels, diagnosticLevels } from './diagnosticLevels.ts';
import { defineSettings, type NamesAffecting, type SettingDefinition, type ValuesOf } from './defineSettings.ts';
import { ignores } from './ignoreSettings.ts';
import { licenceRules, packageRules, type ProjectRules } from './policySettings.ts';
import { integerFrom, listOfStrings, numberFrom, oneOf, orUnset, trueOrFalse } from './settingValue.ts';

/** The settings, once. Types, decoder and engine follow from it; a test compares package.json, its texts and docs/settings.md. */
export const settingsTable = defineSettings({
  enable: {
    key: 'enable',
    value: trueOrFalse,
    default: true,
    scope: 'resource',
    affects: 'files',
    group: 'general',
  },
  filesInclude: {
    key: 'files.include',
    value: listOfStrings('a list of glob patterns'),
    default: [],
    scope: 'resource',
    affects: 'files',
    group: 'general',
  },
  filesExclude: {
    key: 'files.exclude',
    value: listOfStrings('a list of glob patterns'),
    default: [],
    scope: 'resource',
    affects: 'files',
    group: 'general',
  },

  /** Unset: the command line crosses majors and says so, the editor's *Fix All* leaves them for review. */
  fixAllowMajor: {
    key: 'fix.allowMajor',
    value: orUnset(trueOrFalse),
    default: null,
    scope: 'resource',
    affects: 'display',
    group: 'general',
  },
  /** Younger releases are proposed only where nothing else is safe. */
  fixMinimumReleaseAgeDays: {
    key: 'fix.minimumReleaseAgeDays',
    value: numberFrom(0, 3650, 'a number of days'),
    default: 0,
    scope: 'resource',
    affects: 'display',
    group: 'general',
  },

  minimumSeverity: {
    key: 'diagnostics.minimumSeverity',
    value: oneOf(['none', 'low', 'medium', 'high', 'critical']),
    default: 'none',
    scope: 'resource',
    affects: 'display',
    group: 'diagnostics',
  },
  diagnosticSeverity: {
    key: 'diagnostics.severity',
    value: diagnosticLevels,
    default: defaultDiagnosticLevels,
    scope: 'resource',
    affects: 'display',
    group: 'diagnostics',
  },
  /** One diagnostic for all findings of a requirement, or one for each. */
  diagnosticGrouping: {
    key: 'diagnostics.grouping',
    value: oneOf(['requirement', 'advisory']),
    default: 'requirement',
    scope: 'resource',
    affects: 'display',
    group: 'diagnostics',
  },
  /** Whether ranges that allow a vulnerable release are drawn. */
  diagnosticRanges: {
    key: 'diagnostics.ranges',
    value: trueOrFalse,
    default: true,
    scope: 'resource',
    affects: 'display',
    group: 'diagnostics',
  },
  codeLensEnabled: {
    key: 'codeLens.enabled',
    value: trueOrFalse,
    default: true,
    scope: 'window',
    affects: 'display',
    group: 'editor',
  },
  inlayHintsEnabled: {
    key: 'inlayHints.enabled',
    value: trueOrFalse,
    default: false,
    scope: 'window',
    affects: 'display',
    group: 'editor',
  },
  statusBarEnabled: {
    key: 'statusBar.enabled',
    value: trueOrFalse,
    default: true,
    scope: 'window',
    affects: 'client',
    group: 'editor',
  },
  ignore: {
    key: 'ignore',
    value: ignores,
    default: [],
    scope: 'resource',
    affects: 'display',
    group: 'policy',
  },
  /** Packages and versions that are not wanted. */
  policyPackages: {
    key: 'policy.packages',
    value: packageRules,
    default: [],
    scope: 'resource',
    affects: 'display',
    group: 'policy',
    unusable: { kind: 'fault' },
  },
  /** Which licences packages may have; where it says nothing, no index is asked about them. */
  policyLicenses: {
    key: 'policy.licenses',
    value: licenceRules,
    default: {},
    scope: 'resource',
    affects: 'display',
    group: 'policy',
    isOnline: true,
    unusable: { kind: 'fault' },
  },

  osvUrl: {
    key: 'osv.url',
    value: serviceAddress,
    default: 'https://api.osv.dev',
    scope: 'machine',
    affects: 'engine',
    group: 'advisories',
    isOnline: true,
    unusable: { kind: 'blocks', while: 'online', instead: 'nothing is asked until then' },
  },
  osvTimeoutSeconds: {
    key: 'osv.timeoutSeconds',
    value: numberFrom(1, 300),
    default: 30,
    scope: 'machine',
    affects: 'engine',
    group: 'privacy',
    isOnline: true,
  },
  osvConcurrency: {
    key: 'osv.concurrency',
    value: integerFrom(1, 250),
    default: 250,
    scope: 'machine',
    affects: 'engine',
    group: 'privacy',
    isOnline: true,
  },
  /** Delays the network only; what is known is shown at once. */
  debounceMilliseconds: {
    key: 'scan.debounceMilliseconds',
    value: numberFrom(0, 10_000),
    default: 300,
    scope: 'window',
    affects: 'server',
    group: 'privacy',
  },
  privatePackages: {
    key: 'privacy.privatePackages',
    value: listOfStrings('a list of name patterns'),
    default: [],
    scope: 'resource',
    affects: 'files',
    group: 'privacy',
    unusable: { kind: 'blocks', while: 'online', instead: 'nothing is asked until then' },
  },
  /** `direct`: the server's own connections. `editor`: the editor sends. `auto`: directly where that works. */
  networkTransport: {
    key: 'network.transport',
    value: oneOf(['auto', 'direct', 'editor']),
    default: 'auto',
    scope: 'machine',
    affects: 'engine',
    group: 'privacy',
  },
  /** Of the package index's simple API; `none` switches the checking of fixes off. */
  indexUrl: {
    key: 'index.url',
    value: serviceAddressOrNone,
    default: 'https://pypi.org/simple',
    scope: 'machine',
    affects: 'engine',
    group: 'advisories',
    isOnline: true,
    unusable: {
      kind: 'fault',
      while: 'online',
      instead: 'no package index is asked',
      effect: 'No package index is asked, so fixes are not verified',
      value: 'none',
    },
  },
  /** A cache for a team; empty where there is none. Never holds a password. */
  cacheRedisUrl: {
    key: 'cache.redisUrl',
    value: redisAddress,
    default: '',
    scope: 'machine',
    affects: 'engine',
    group: 'cache',
    isOnline: true,
  },
  /** `fallback`: the local advisory database answers what the service cannot. `offline`: it answers everything. */
  offlineMode: {
    key: 'offline.mode',
    value: oneOf(['online', 'fallback', 'offline']),
    default: 'online',
    scope: 'machine',
    affects: 'engine',
    group: 'advisories',
    unusable: { kind: 'blocks', instead: 'nothing is asked until then' },
  },
  /** A folder; empty for the one in the editor's storage. */
  offlineDatabasePath: {
    key: 'offline.databasePath',
    value: folderOrEmpty,
    default: '',
    scope: 'machine',
    affects: 'engine',
    group: 'advisories',
    unusable: { kind: 'blocks', while: 'database', instead: 'no local advisory database is read' },
  },
  /** Older advisory data are shown as old. */
  offlineMaxDataAgeDays: {
    key: 'offline.maxDataAgeDays',
    value: numberFrom(1, 3650, 'a number of days'),
    default: 7,
    scope: 'machine',
    affects: 'display',
    group: 'advisories',
  },
  /** 0: none. On this machine's loopback only. */
  metricsPort: {
    key: 'metrics.port',
    value: { ...integerFrom(0, 65_535), expected: 'a port, 0 for none' },
    default: 0,
    scope: 'machine',
    affects: 'server',
    group: 'log',
  },

  cacheMaxEntries: {
    key: 'cache.maxEntries',
    value: integerFrom(100, 1_000_000),
    default: 20_000,
    scope: 'machine',
    affects: 'engine',
    group: 'cache',
  },
  cacheMaxDiskMegabytes: {
    key: 'cache.maxDiskMegabytes',
    value: integerFrom(16, 65_536),
    default: 256,
    scope: 'machine',
    affects: 'engine',
    group: 'cache',
  },
  cacheTtlMinutes: {
    key: 'cache.ttlMinutes',
    value: numberFrom(1, 1_440),
    default: 60,
    scope: 'machine',
    affects: 'engine',
    group: 'cache',
  },
  cacheDetailsMaxAgeDays: {
    key: 'cache.detailsMaxAgeDays',
    value: numberFrom(1, 90),
    default: 7,
    scope: 'machine',
    affects: 'engine',
    group: 'cache',
  },
});

/** Settings that VS Code's half of the extension reads by itself, and the server never sees. */
export const clientSettingsTable = defineSettings({
  traceServer: {
    key: 'trace.server',
    value: oneOf(['off', 'messages', 'verbose']),
    default: 'off',
    scope: 'window',
    affects: 'client',
    group: 'log',
  },
});

export type SettingName = keyof typeof settingsTable;
export type SettingValues = ValuesOf<typeof settingsTable>;
/** As editors know it, below `pinwatch`. */
export type SettingKey = (typeof settingsTable)[SettingName]['key'];

export interface Settings extends SettingValues {
  /** Why nothing may be asked about files with these settings, for people; absent where all that decides it is known. */
  readonly blocked?: string;
  /** What is wrong with these settings besides, so that not all of what they ask for is done; for people. */
  readonly fault?: string;
  /** What the project's own configuration says of packages. */
  readonly rules?: ProjectRules;
}

/** All that an engine may know of the settings: what it reads of them has to be marked as affecting it. */
export type EngineSettings = Pick<Settings, NamesAffecting<typeof settingsTable, 'engine'>>;

export const settingNames = Object.keys(settingsTable) as readonly SettingName[];

/** The settings where nothing is set. */
export const defaultSettings: Settings = Object.freeze(
  Object.fromEntries(settingNames.map((name) => [name, Object.freeze(settingsTable[name].default)])),
) as SettingValues;

/** What each workspace folder decides for its own files; everything else holds for the whole window. */
export const resourceKeys: readonly SettingName[] = namesOf(({ scope }) => scope === 'resource');

/** A change of one of these makes the engine again. */
export const engineKeys = namesOf(({ affects }) => affects === 'engine') as readonly (keyof EngineSettings)[];

function namesOf(isMeant: (definition: SettingDefinition) => boolean): readonly SettingName[] {
  return settingNames.filter((name) => isMeant(settingsTable[name]));
}
