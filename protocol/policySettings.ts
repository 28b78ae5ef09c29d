import { type DiagnosticLevel, levels } from './diagnosticLevels.ts';
import {
  asStrings,
  isFilledText,
  isRecord,
  listOf,
  oneOf,
  type SettingSchema,
  type SettingValue,
} from './settingValue.ts';

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

/** What a project's own configuration says of its packages (`pinwatch.toml`); in no setting. */
export interface ProjectRules {
  readonly packages?: {
    readonly allow?: readonly PackageRuleSetting[];
    readonly deny?: readonly PackageRuleSetting[];
    readonly level?: DiagnosticLevel;
    readonly reason?: string;
  };
  readonly licences?: LicenceSetting;
  readonly yanked?: RuleStrictness;
  readonly archived?: RuleStrictness;
  readonly quarantined?: RuleStrictness;
  readonly minimumReleaseAgeDays?: number;
}

type RuleStrictness = 'off' | 'warning' | 'error';

const filled: SettingSchema = { type: 'string', minLength: 1 };
const filledList: SettingSchema = { type: 'array', items: filled };
const level: SettingSchema = { type: 'string', enum: levels };

export const packageRules: SettingValue<readonly PackageRuleSetting[]> = listOf(
  asPackageRule,
  'a list of { "package" }, with "versions" (a specifier such as <2), "level" and "reason" where wanted',
  {
    type: 'object',
    required: ['package'],
    additionalProperties: false,
    properties: { package: filled, versions: filled, level: { ...level, default: 'error' }, reason: filled },
  },
);

export const licenceRules: SettingValue<LicenceSetting> = {
  decode: asLicenceRules,
  expected: '{ "allow", "deny" } with lists of SPDX ids, and "except" and "level" where wanted',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      allow: filledList,
      deny: filledList,
      except: filledList,
      level: { ...level, default: 'warning' },
    },
  },
};

function asPackageRule(value: unknown): PackageRuleSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { package: name, versions, level, reason, ...others } = value;
  const decodedLevel = oneOf(levels).decode(level);
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

/** The outer form of a PEP 440 specifier; the code that matches versions reads it in full. */
const clauses = /^\s*(?:===|~=|[=!<>]=|[<>])\s*[^\s,;]+(?:\s*,\s*(?:===|~=|[=!<>]=|[<>])\s*[^\s,;]+)*\s*$/u;

function asLicenceRules(value: unknown): LicenceSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { allow, deny, except, level, ...others } = value;
  const decodedLevel = oneOf(levels).decode(level);
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
