/** The settings, once: key, default and decoder. package.json shows the same keys and defaults; a test compares them. */
export interface Settings {
  readonly enable: boolean;
  readonly filesInclude: readonly string[];
  readonly filesExclude: readonly string[];
  /** Delays the network only; what is known is shown at once. */
  readonly debounceMilliseconds: number;
  readonly osvUrl: string;
  readonly osvTimeoutSeconds: number;
  readonly osvConcurrency: number;
  /** Of the package index's simple API; `none` switches the checking of fixes off. */
  readonly indexUrl: string;
  readonly networkTransport: NetworkTransport;
  readonly cacheMaxEntries: number;
  readonly cacheTtlMinutes: number;
  readonly cacheDetailsMaxAgeDays: number;
  /** A cache for a team; empty where there is none. Never holds a password. */
  readonly cacheRedisUrl: string;
  readonly offlineMode: OfflineMode;
  /** A folder; empty for the one in the editor's storage. */
  readonly offlineDatabasePath: string;
  /** Older advisory data are shown as old. */
  readonly offlineMaxDataAgeDays: number;
  readonly minimumSeverity: MinimumSeverity;
  readonly diagnosticSeverity: DiagnosticLevels;
  /** Whether ranges that admit a vulnerable release are drawn. */
  readonly diagnosticRanges: boolean;
  readonly ignore: readonly IgnoreSetting[];
  /** Packages and versions that are not wanted. */
  readonly policyPackages: readonly PackageRuleSetting[];
  /** Which licences packages may have; nobody is asked about them where it says nothing. */
  readonly policyLicenses: LicenceSetting;
  readonly privatePackages: readonly string[];
  readonly inlayHintsEnabled: boolean;
  readonly codeLensEnabled: boolean;
  readonly statusBarEnabled: boolean;
  /** 0: none. On this machine's loopback only. */
  readonly metricsPort: number;
  /** Why nothing may be asked about files with these settings, for people; absent where all that decides it is known. */
  readonly blocked?: string;
  /** What is wrong with these settings besides, so that not all of what they ask for is done; for people. */
  readonly fault?: string;
}

/** `direct`: the server's own connections. `editor`: the editor sends. `auto`: whichever comes about. */
export type NetworkTransport = 'auto' | 'direct' | 'editor';

/** A finding to live with; the server marks it, and does not hide it. */
export interface IgnoreSetting {
  /** Any id of the advisory; for a malicious package its own. */
  readonly id: string;
  readonly package?: string;
  readonly reason: string;
  /** A day, `2027-01-31`: the ignore ends when it begins (UTC). */
  readonly until?: string;
}

/** SPDX ids; `*` stands for any run of characters. */
export interface LicenceSetting {
  /** Where given, everything else is not allowed. */
  readonly allow?: readonly string[];
  /** Not allowed, whatever `allow` says. */
  readonly deny?: readonly string[];
  /** Names of packages that this is not about. */
  readonly except?: readonly string[];
  /** `warning` where absent. */
  readonly level?: DiagnosticLevel;
}

/** A package, or some versions of it, that is not wanted. */
export interface PackageRuleSetting {
  /** A name; `*` stands for any run of characters. */
  readonly package: string;
  /** A PEP 440 specifier; every version where absent. */
  readonly versions?: string;
  /** `error` where absent. */
  readonly level?: DiagnosticLevel;
  readonly reason?: string;
}

/** `fallback`: the local advisory database answers what the service cannot. `offline`: it answers everything. */
export type OfflineMode = 'online' | 'fallback' | 'offline';

export type MinimumSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical';
export type DiagnosticLevel = 'error' | 'warning' | 'information' | 'hint';
export type SeverityKey =
  'malicious' | 'critical' | 'high' | 'medium' | 'low' | 'none' | 'unknown' | 'possiblyVulnerable' | 'failed';

/** `notAssessed`: lines that are skipped, as those that ask for a URL. They are always told of in the hover and the counts. */
export type DiagnosticLevels = Readonly<Record<SeverityKey, DiagnosticLevel>> & {
  readonly notAssessed: DiagnosticLevel | 'off';
};

export const defaultSettings: Settings = Object.freeze({
  enable: true,
  filesInclude: Object.freeze([]),
  filesExclude: Object.freeze([]),
  debounceMilliseconds: 300,
  osvUrl: 'https://api.osv.dev',
  osvTimeoutSeconds: 30,
  osvConcurrency: 250,
  indexUrl: 'https://pypi.org/simple',
  networkTransport: 'auto',
  cacheMaxEntries: 20_000,
  cacheTtlMinutes: 60,
  cacheDetailsMaxAgeDays: 7,
  cacheRedisUrl: '',
  offlineMode: 'online',
  offlineDatabasePath: '',
  offlineMaxDataAgeDays: 7,
  minimumSeverity: 'none',
  diagnosticSeverity: Object.freeze({
    malicious: 'error',
    critical: 'error',
    high: 'error',
    medium: 'warning',
    low: 'information',
    none: 'information',
    unknown: 'warning',
    possiblyVulnerable: 'information',
    failed: 'information',
    notAssessed: 'off',
  }),
  diagnosticRanges: true,
  ignore: Object.freeze([]),
  policyPackages: Object.freeze([]),
  policyLicenses: Object.freeze({}),
  privatePackages: Object.freeze([]),
  inlayHintsEnabled: false,
  codeLensEnabled: true,
  statusBarEnabled: true,
  metricsPort: 0,
} as const);

/** What each workspace folder decides for its own files; everything else holds for the whole window. */
export const resourceKeys = [
  'enable',
  'filesInclude',
  'filesExclude',
  'minimumSeverity',
  'diagnosticSeverity',
  'diagnosticRanges',
  'ignore',
  'policyPackages',
  'policyLicenses',
  'privatePackages',
] as const satisfies readonly (keyof Settings)[];

export interface DecodedSettings {
  readonly settings: Settings;
  /** One sentence for each value that was not usable; the default stands in for it. */
  readonly warnings: readonly string[];
}

/**
 * Decodes the `pinwatch` section, nested as editors send it, and what it does not say from `beneath`. A bad value falls back
 * for its own key only. Where the default would send what the user may have wanted kept, or ask somebody else than the user
 * named, nothing is asked at all (`blocked`). A folder decides about its own files alone, so that only what is wrong with
 * that counts where the section is a folder's.
 */
export function decodeSettings(
  section: unknown,
  beneath?: unknown,
  scope: 'window' | 'folder' = 'window',
): DecodedSettings {
  const warnings: string[] = [];
  const unusable = new Map<string, string>();
  const read = <T>(
    key: string,
    decode: (value: unknown) => T | undefined,
    fallback: T,
    expected: string,
    instead = `using ${JSON.stringify(fallback)}`,
  ): T => {
    const value = valueAt(section, key) ?? valueAt(beneath, key);
    if (value === undefined || value === null) {
      return fallback;
    }
    const decoded = decode(value);
    if (decoded === undefined && key === redisKey && holdsPassword(value)) {
      warnings.push(redisPasswordWarning);
      return fallback;
    }
    if (decoded === undefined) {
      unusable.set(key, `pinwatch.${key} should be ${expected}`);
      warnings.push(`pinwatch.${key} should be ${expected}; ${instead}.`);
      return fallback;
    }
    return decoded;
  };
  const d = defaultSettings;
  const decoded: Settings = {
    enable: read('enable', asBoolean, d.enable, 'true or false'),
    filesInclude: read('files.include', asStrings, d.filesInclude, 'a list of glob patterns'),
    filesExclude: read('files.exclude', asStrings, d.filesExclude, 'a list of glob patterns'),
    debounceMilliseconds: read(
      'scan.debounceMilliseconds',
      asNumber(0, 10_000),
      d.debounceMilliseconds,
      'a number from 0 to 10000',
    ),
    osvUrl: read('osv.url', asHttpUrl, d.osvUrl, 'an https address (http only for this machine)', nobodyAsked),
    osvTimeoutSeconds: read('osv.timeoutSeconds', asNumber(1, 300), d.osvTimeoutSeconds, 'a number from 1 to 300'),
    osvConcurrency: read('osv.concurrency', asNumber(1, 250), d.osvConcurrency, 'a number from 1 to 250'),
    indexUrl: read(
      'index.url',
      asIndexUrl,
      d.indexUrl,
      'an https address (http only for this machine), or none',
      'no package index is asked',
    ),
    networkTransport: read(
      'network.transport',
      asOneOf(['auto', 'direct', 'editor']),
      d.networkTransport,
      'one of auto, direct, editor',
    ),
    cacheMaxEntries: read(
      'cache.maxEntries',
      asNumber(100, 1_000_000),
      d.cacheMaxEntries,
      'a number from 100 to 1000000',
    ),
    cacheTtlMinutes: read('cache.ttlMinutes', asNumber(1, 1_440), d.cacheTtlMinutes, 'a number from 1 to 1440'),
    cacheDetailsMaxAgeDays: read(
      'cache.detailsMaxAgeDays',
      asNumber(1, 90),
      d.cacheDetailsMaxAgeDays,
      'a number from 1 to 90',
    ),
    cacheRedisUrl: read(
      redisKey,
      asRedisUrl,
      d.cacheRedisUrl,
      'empty, or redis://host:port or rediss://host:port without a password',
    ),
    offlineMode: read(
      'offline.mode',
      asOneOf(['online', 'fallback', 'offline']),
      d.offlineMode,
      'one of online, fallback, offline',
      nobodyAsked,
    ),
    offlineDatabasePath: read(
      'offline.databasePath',
      asFolder,
      d.offlineDatabasePath,
      'empty, or an absolute path',
      'no local advisory database is read',
    ),
    offlineMaxDataAgeDays: read(
      'offline.maxDataAgeDays',
      asNumber(1, 3650),
      d.offlineMaxDataAgeDays,
      'a number of days from 1 to 3650',
    ),
    minimumSeverity: read(
      'diagnostics.minimumSeverity',
      asOneOf(['none', 'low', 'medium', 'high', 'critical']),
      d.minimumSeverity,
      'one of none, low, medium, high, critical',
    ),
    diagnosticSeverity: read(
      'diagnostics.severity',
      asSeverityMap,
      d.diagnosticSeverity,
      'a map from severity to error, warning, information or hint',
    ),
    diagnosticRanges: read('diagnostics.ranges', asBoolean, d.diagnosticRanges, 'true or false'),
    ignore: read(
      'ignore',
      asIgnores,
      d.ignore,
      'a list of { "id", "reason" }, with "package" and "until" (2027-01-31) where wanted',
    ),
    policyPackages: read(
      'policy.packages',
      asPackageRules,
      d.policyPackages,
      'a list of { "package" }, with "versions" (a specifier such as <2), "level" and "reason" where wanted',
    ),
    policyLicenses: read(
      'policy.licenses',
      asLicenceRules,
      d.policyLicenses,
      '{ "allow", "deny" } with lists of SPDX ids, and "except" and "level" where wanted',
    ),
    privatePackages: read(
      'privacy.privatePackages',
      asStrings,
      d.privatePackages,
      'a list of name patterns',
      nobodyAsked,
    ),
    inlayHintsEnabled: read('inlayHints.enabled', asBoolean, d.inlayHintsEnabled, 'true or false'),
    codeLensEnabled: read('codeLens.enabled', asBoolean, d.codeLensEnabled, 'true or false'),
    statusBarEnabled: read('statusBar.enabled', asBoolean, d.statusBarEnabled, 'true or false'),
    metricsPort: read('metrics.port', asPort, d.metricsPort, 'a port, 0 for none'),
  };
  if (isSaid(section) && !isRecord(section) && !isEmptyList(section)) {
    warnings.push(`${notASection}; ${nobodyAsked}.`);
    return { settings: blockedSettings(decoded, `${notASection}. ${untilPutRight}`), warnings };
  }
  return { settings: withFaults(decoded, unusable, scope), warnings };
}

/** The same settings, by which nothing is asked. */
export function blockedSettings(settings: Settings, why: string): Settings {
  return Object.freeze({ ...settings, blocked: why });
}

const nobodyAsked = 'nothing is asked until then';
const untilPutRight = 'Nothing is sent until you correct it.';
const notASection = 'The settings of pinwatch should be an object of settings';

/** What cannot be read must not be taken for "not said": who is asked, what is private and what is not allowed hang on it. */
function withFaults(settings: Settings, unusable: ReadonlyMap<string, string>, scope: 'window' | 'folder'): Settings {
  const isWindow = scope === 'window';
  const isOnline = settings.offlineMode !== 'offline';
  const usesDatabase = settings.offlineMode !== 'online';
  const blocking = [
    isWindow ? unusable.get('offline.mode') : undefined,
    isWindow && isOnline ? unusable.get('osv.url') : undefined,
    isOnline ? unusable.get('privacy.privatePackages') : undefined,
    isWindow && usesDatabase ? unusable.get('offline.databasePath') : undefined,
  ].filter((one) => one !== undefined);
  const index = isWindow && isOnline ? unusable.get('index.url') : undefined;
  const faults = [
    index && `${index}. No package index is asked, so fixes are not verified`,
    ...['policy.packages', 'policy.licenses'].map((key) => unusable.get(key)),
  ].filter((one) => one !== undefined);
  return Object.freeze({
    ...settings,
    ...(index === undefined ? {} : { indexUrl: 'none' }),
    ...(blocking.length === 0 ? {} : { blocked: `${blocking.join('. ')}. ${untilPutRight}` }),
    ...(faults.length === 0 ? {} : { fault: `${faults.join('. ')}.` }),
  });
}

/** Some clients have one notation for what is empty. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * The value under a dotted key, whether the section is nested or flat. What stands in the place of the group of a key is
 * the value of the key: no setting is read from it, and so each says that it is unusable.
 */
function valueAt(section: unknown, key: string): unknown {
  if (!isRecord(section)) {
    return undefined;
  }
  if (Object.hasOwn(section, key)) {
    return section[key];
  }
  let value: unknown = section;
  for (const part of key.split('.')) {
    if (!isRecord(value)) {
      return isSaid(value) && !isEmptyList(value) ? notAGroup : undefined;
    }
    if (!Object.hasOwn(value, part)) {
      return undefined;
    }
    value = value[part];
  }
  return value;
}

/** Of no type that a setting has. */
const notAGroup = Symbol('not a group of settings');

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function asStrings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? Object.freeze([...value])
    : undefined;
}

function asNumber(minimum: number, maximum: number): (value: unknown) => number | undefined {
  return (value) => (typeof value === 'number' && value >= minimum && value <= maximum ? value : undefined);
}

function asOneOf<const T extends string>(choices: readonly T[]): (value: unknown) => T | undefined {
  return (value) => choices.find((choice) => choice === value);
}

/** https anywhere; plain http only to this machine, since whoever answers decides what looks safe. */
function asHttpUrl(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const match = /^(https?):\/\/(\[[0-9a-f:]+\]|[^/:?#@\s]+)(:\d+)?(\/[^?#\s]*)?$/iu.exec(value);
  if (match === null) {
    return undefined;
  }
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/iu.test(match[2] ?? '');
  return match[1]?.toLowerCase() === 'https' || loopback ? value.replace(/\/+$/u, '') : undefined;
}

function asIndexUrl(value: unknown): string | undefined {
  return value === 'none' ? value : asHttpUrl(value);
}

/** A setting is no place for a password: it is synchronised, shown and copied. */
function asRedisUrl(value: unknown): string | undefined {
  return typeof value === 'string' && /^(rediss?:\/\/([^/?#@:\s]+@)?[^/?#@\s]+(\/\d*)?)?$/iu.test(value)
    ? value
    : undefined;
}

const redisKey = 'cache.redisUrl';

function holdsPassword(value: unknown): boolean {
  return typeof value === 'string' && /^rediss?:\/\/[^/?#@]*:.*@/iu.test(value);
}

/** Says nothing of the value. People should see it: the password is in the open, and the cache is off. */
export const redisPasswordWarning =
  'pinwatch.cache.redisUrl holds a password, so it is not used and there is no team cache: settings are synchronised and ' +
  'copied. Take the password out, change it, and run "Pinwatch: Set Redis Password…" or set PINWATCH_REDIS_PASSWORD.';

function asFolder(value: unknown): string | undefined {
  return typeof value === 'string' && /^(|\/.*|[A-Za-z]:[\\/].*|\\\\.+)$/u.test(value) ? value : undefined;
}

function asPort(value: unknown): number | undefined {
  const port = asNumber(0, 65_535)(value);
  return Number.isInteger(port) ? port : undefined;
}

/** One entry that cannot be read makes the list unusable: better nothing ignored than something else. */
function asIgnores(value: unknown): readonly IgnoreSetting[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const ignores = value.map(asIgnore);
  const usable = ignores.filter((ignore) => ignore !== undefined);
  return usable.length === ignores.length ? Object.freeze(usable) : undefined;
}

function asIgnore(value: unknown): IgnoreSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { id, package: name, reason, until, ...others } = value;
  const isUsable =
    typeof id === 'string' &&
    id.trim() !== '' &&
    typeof reason === 'string' &&
    reason.trim() !== '' &&
    (name === undefined || (typeof name === 'string' && name.trim() !== '')) &&
    (until === undefined || (typeof until === 'string' && isDay(until))) &&
    Object.keys(others).length === 0;
  return isUsable
    ? Object.freeze({
        id: id.trim(),
        reason,
        ...(name === undefined ? {} : { package: name.trim() }),
        ...(until === undefined ? {} : { until }),
      })
    : undefined;
}

/** One entry that cannot be read makes the list unusable, and the warning says so: half a policy would look like a whole one. */
function asPackageRules(value: unknown): readonly PackageRuleSetting[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const rules = value.map(asPackageRule);
  const usable = rules.filter((rule) => rule !== undefined);
  return usable.length === rules.length ? Object.freeze(usable) : undefined;
}

function asPackageRule(value: unknown): PackageRuleSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { package: name, versions, level, reason, ...others } = value;
  const decodedLevel = level === undefined ? undefined : asOneOf(levels)(level);
  const isUsable =
    isFilledText(name) &&
    (versions === undefined || (isFilledText(versions) && clauses.test(versions))) &&
    (level === undefined || decodedLevel !== undefined) &&
    (reason === undefined || isFilledText(reason)) &&
    Object.keys(others).length === 0;
  return isUsable
    ? Object.freeze({
        package: name.trim(),
        ...(versions === undefined ? {} : { versions: versions.trim() }),
        ...(decodedLevel === undefined ? {} : { level: decodedLevel }),
        ...(reason === undefined ? {} : { reason: reason.trim() }),
      })
    : undefined;
}

function asLicenceRules(value: unknown): LicenceSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { allow, deny, except, level, ...others } = value;
  const decodedLevel = level === undefined ? undefined : asOneOf(levels)(level);
  const lists = { allow: asLicenceIds(allow), deny: asLicenceIds(deny), except: asStrings(except) };
  const isUsable =
    (allow === undefined || lists.allow !== undefined) &&
    (deny === undefined || lists.deny !== undefined) &&
    (except === undefined || lists.except?.every(isFilledText) === true) &&
    (level === undefined || decodedLevel !== undefined) &&
    Object.keys(others).length === 0;
  return isUsable
    ? Object.freeze({
        ...(lists.allow === undefined ? {} : { allow: lists.allow }),
        ...(lists.deny === undefined ? {} : { deny: lists.deny }),
        ...(lists.except === undefined ? {} : { except: lists.except }),
        ...(decodedLevel === undefined ? {} : { level: decodedLevel }),
      })
    : undefined;
}

/** An id with or without an exception; no expression. */
function asLicenceIds(value: unknown): readonly string[] | undefined {
  const ids = asStrings(value);
  return ids?.every((id) => /^\s*[\w.*:-]+\+?(?:\s+with\s+[\w.*:-]+)?\s*$/iu.test(id)) === true ? ids : undefined;
}

/** The outer form of a PEP 440 specifier; whoever matches versions reads it in full. */
const clauses = /^\s*(?:===|~=|[=!<>]=|[<>])\s*[^\s,;]+(?:\s*,\s*(?:===|~=|[=!<>]=|[<>])\s*[^\s,;]+)*\s*$/u;

function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** A day that exists: a date takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

const levels = ['error', 'warning', 'information', 'hint'] as const;

function asSeverityMap(value: unknown): Settings['diagnosticSeverity'] | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { notAssessed: usual, ...defaults } = defaultSettings.diagnosticSeverity;
  const { notAssessed = usual, ...others } = value;
  const map: Record<SeverityKey, DiagnosticLevel> = { ...defaults };
  for (const [key, level] of Object.entries(others)) {
    const decoded = asOneOf(levels)(level);
    if (!Object.hasOwn(map, key) || decoded === undefined) {
      return undefined;
    }
    map[key as SeverityKey] = decoded;
  }
  const skippedLevel = asOneOf([...levels, 'off'] as const)(notAssessed);
  // Malicious packages are never drawn below an error.
  return skippedLevel && Object.freeze({ ...map, malicious: 'error', notAssessed: skippedLevel });
}
