import { configurationSection } from './ids.ts';
import type { SettingDefinition, UnusableSetting } from './defineSettings.ts';
import { settingNames, type Settings, settingsTable, type SettingName, type SettingValues } from './settings.ts';
import { isRecord } from './settingValue.ts';

export interface DecodedSettings {
  readonly settings: Settings;
  /** One sentence for each value that was not usable; the default stands in for it. */
  readonly warnings: readonly string[];
}

/**
 * Decodes the `pinwatch` section, nested as editors send it, and what it does not say from `beneath`; `null` says nothing. A
 * bad value falls back for its own key only, and does besides what the table has for it (`unusable`). Where the
 * section is a folder's, `window` holds for all that it does not decide: what is wrong with its own files' settings is all
 * that counts.
 */
export function decodeSettings(section: unknown, beneath?: unknown, window?: Settings): DecodedSettings {
  const warnings: string[] = [];
  const unusable = new Map<SettingName, string>();
  const read = (name: SettingName): unknown => {
    const { key, value, default: usual, unusable: rule }: SettingDefinition = settingsTable[name];
    const given = valueAt(section, key) ?? valueAt(beneath, key);
    if (given === undefined || given === null) {
      return usual;
    }
    const decoded = value.decode(given);
    if (decoded !== undefined) {
      return decoded;
    }
    const refusal = value.refusal?.(given);
    if (refusal !== undefined) {
      warnings.push(refusal);
      return usual;
    }
    const what = `${configurationSection}.${key} should be ${value.expected}`;
    unusable.set(name, what);
    warnings.push(`${what}; ${rule?.instead ?? `using ${JSON.stringify(usual)}`}.`);
    return usual;
  };
  const decoded = Object.fromEntries(settingNames.map((name) => [name, read(name)])) as SettingValues;
  if (isSaid(section) && !isRecord(section) && !isEmptyList(section)) {
    warnings.push(`${notASection}; nothing is asked until then.`);
    return { settings: blockedSettings(decoded, `${notASection}. ${untilCorrected}`), warnings };
  }
  return { settings: withFaults(decoded, unusable, window), warnings };
}

/** The same settings, by which nothing is asked. */
export function blockedSettings(settings: Settings, why: string): Settings {
  return Object.freeze({ ...settings, blocked: why });
}

const untilCorrected = 'Nothing is sent until you correct it.';
const notASection = `The settings of ${configurationSection} should be an object of settings`;

/** What cannot be read must not be taken for "not said": who is asked, what is private and what is not allowed hang on it. */
function withFaults(
  decoded: SettingValues,
  unusable: ReadonlyMap<SettingName, string>,
  window: Settings | undefined,
): Settings {
  const blocking: string[] = [];
  const faults: string[] = [];
  const replaced: Partial<Record<SettingName, unknown>> = {};
  for (const [name, what] of unusable) {
    const { scope, unusable: rule }: SettingDefinition = settingsTable[name];
    const isDecided = window === undefined || scope === 'resource';
    if (rule === undefined || !isDecided || !isInUse(rule, window ?? decoded)) {
      continue;
    }
    const said = rule.effect === undefined ? what : `${what}. ${rule.effect}`;
    (rule.kind === 'blocks' ? blocking : faults).push(said);
    if (rule.value !== undefined) {
      replaced[name] = rule.value;
    }
  }
  return Object.freeze({
    ...decoded,
    ...(replaced as Partial<SettingValues>),
    ...(blocking.length === 0 ? {} : { blocked: `${blocking.join('. ')}. ${untilCorrected}` }),
    ...(faults.length === 0 ? {} : { fault: `${faults.join('. ')}.` }),
  });
}

function isInUse({ while: use }: UnusableSetting, { offlineMode }: SettingValues): boolean {
  switch (use) {
    case 'online':
      return offlineMode !== 'offline';
    case 'database':
      return offlineMode !== 'online';
    case undefined:
      return true;
  }
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
