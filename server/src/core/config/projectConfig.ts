import type { PlacedProblem, Range } from '../text/position.ts';
import type { Ignore, IgnoreList } from '../ignores/ignore.ts';
import { tomlDocument } from '../ignores/tomlDocument.ts';
import { isTable } from '../ignores/tomlValue.ts';
import { untilOf } from '../ignores/until.ts';
import { licenceRuleIds } from '../packages/licenceIds.ts';
import { normalizeName } from '../packages/packageName.ts';
import type { PolicyLevel } from '../assessment/policyFinding.ts';
import { plainText } from '../text/plainText.ts';
import type { ParsedToml } from '../text/toml/parseToml.ts';
import { configShape, type FailOn, ruleOfText, type Strictness } from './configShape.ts';
import { type ConfigPath, readShape } from './readShape.ts';

/** What a project says about itself in `pinwatch.toml` or `[tool.pinwatch]`. What it does not say is absent. */
export interface ProjectConfig {
  /** Of the file, for people. */
  readonly path: string;
  readonly failOn?: FailOn;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly maxDataAgeDays?: number;
  readonly ignores: IgnoreList;
  readonly privatePackages: readonly string[];
  readonly packages?: PackagePolicy;
  readonly licences?: LicencePolicySetting;
  readonly yanked?: Strictness;
  readonly archived?: Strictness;
  readonly quarantined?: Strictness;
  readonly minimumReleaseAgeDays?: number;
  readonly allowMajor?: boolean;
  /** Unknown keys and bad values, each at its place. */
  readonly problems: readonly PlacedProblem[];
  /** What is private cannot be read, so that nothing may be sent. */
  readonly hidesPrivacy: boolean;
}

export interface PackagePolicy {
  readonly allow?: readonly PackagePolicyRule[];
  readonly deny?: readonly PackagePolicyRule[];
  readonly level?: PolicyLevel;
  readonly reason?: string;
}

export interface PackagePolicyRule {
  readonly package: string;
  readonly versions?: string;
  readonly level?: PolicyLevel;
  readonly reason?: string;
}

export interface LicencePolicySetting {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly except?: readonly string[];
  readonly level?: PolicyLevel;
}

/** `[tool.pinwatch]` is looked for in a file of this name; every other one is about Pinwatch alone. */
export const pyprojectName = 'pyproject.toml';

/** The configuration in a file; `undefined` for a `pyproject.toml` that has none. */
export function decodeConfig(
  path: string,
  isPyproject: boolean,
  text: string,
  toml: ParsedToml,
): ProjectConfig | undefined {
  if (toml.kind === 'error') {
    // A file that says nothing to Pinwatch may be as broken as it likes.
    return isPyproject && !/\bpinwatch\b/u.test(text) ? undefined : brokenConfig(path, brokenText(path, toml), toml);
  }
  const prefix = isPyproject ? ['tool', 'pinwatch'] : [];
  const root = prefix.reduce<unknown>(
    (table, key) => (isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined),
    toml.value,
  );
  if (isPyproject && root === undefined) {
    return undefined;
  }
  const document = tomlDocument(text);
  const rangeOf = (at: ConfigPath): Range => document.rangeOf(...prefix, ...at);
  const problems: PlacedProblem[] = [];
  let hidesPrivacy = false;
  const raw = readShape(configShape, root, [], (kind, message, at) => {
    hidesPrivacy ||= at.length === 0 || at[0] === 'privacy' || (kind === 'unknown-key' && at.length === 1);
    problems.push(configProblem(kind, message, rangeOf(at)));
  });
  return configOf(path, raw ?? {}, { problems, hidesPrivacy, rangeOf });
}

/** A file that cannot be read, and why. */
export function brokenConfig(
  path: string,
  message: string,
  place: { readonly line: number; readonly column: number } = { line: 1, column: 1 },
): ProjectConfig {
  const at = { line: Math.max(0, place.line - 1), character: Math.max(0, place.column - 1) };
  const problems = [configProblem('unreadable', message, { start: at, end: at })];
  return configOf(path, {}, { problems, hidesPrivacy: true, rangeOf: () => ({ start: at, end: at }) });
}

function brokenText(path: string, { message, line }: Extract<ParsedToml, { kind: 'error' }>): string {
  return `${path} is not valid TOML (line ${line}: ${plainText(message, 200)}).`;
}

function configProblem(kind: string, message: string, range: Range): PlacedProblem {
  return { range, message, code: `config.${kind}`, incomplete: false };
}

/** As `configShape` lets it through. */
interface RawConfig {
  readonly 'fail-on'?: FailOn;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly 'max-data-age'?: number;
  readonly ignore?: readonly RawIgnore[];
  readonly privacy?: { readonly 'private-packages'?: readonly string[] };
  readonly policy?: {
    readonly yanked?: Strictness;
    readonly archived?: Strictness;
    readonly quarantined?: Strictness;
    readonly packages?: {
      readonly allow?: readonly (PackagePolicyRule | string)[];
      readonly deny?: readonly (PackagePolicyRule | string)[];
      readonly level?: PolicyLevel;
      readonly reason?: string;
    };
    readonly licenses?: LicencePolicySetting;
  };
  readonly fix?: { readonly 'minimum-release-age-days'?: number; readonly 'allow-major'?: boolean };
}

interface RawIgnore {
  readonly id?: string;
  readonly package?: string;
  readonly reason?: string;
  readonly until?: string;
}

interface Around {
  readonly problems: readonly PlacedProblem[];
  readonly hidesPrivacy: boolean;
  readonly rangeOf: (at: ConfigPath) => Range;
}

function configOf(path: string, raw: RawConfig, { problems, hidesPrivacy, rangeOf }: Around): ProjectConfig {
  const { ignore = [], privacy, policy = {}, fix = {} } = raw;
  const { packages, licenses, ...statuses } = policy;
  return {
    path,
    ...defined({ failOn: raw['fail-on'], include: raw.include, exclude: raw.exclude }),
    ...defined({ maxDataAgeDays: raw['max-data-age'] }),
    ignores: {
      path,
      ignores: ignore.map((one, at) => ignoreOf(one, rangeOf(['ignore', at, one.id === undefined ? 'package' : 'id']))),
      problems: [],
      isBroken: false,
    },
    privatePackages: privacy?.['private-packages'] ?? [],
    ...(packages === undefined ? {} : { packages: packagePolicyOf(packages) }),
    ...(licenses === undefined ? {} : { licences: licencesOf(licenses) }),
    ...statuses,
    ...defined({ minimumReleaseAgeDays: fix['minimum-release-age-days'], allowMajor: fix['allow-major'] }),
    problems,
    hidesPrivacy,
  };
}

function ignoreOf({ id, package: name, reason = '', until }: RawIgnore, range: Range): Ignore {
  return {
    id: id?.trim(),
    package: name === undefined ? undefined : normalizeName(name.trim()),
    version: undefined,
    reason: plainText(reason, 300),
    until: until === undefined ? undefined : untilOf(until),
    onlyWhileUnfixed: false,
    range,
  };
}

function packagePolicyOf({
  allow,
  deny,
  ...rest
}: NonNullable<NonNullable<RawConfig['policy']>['packages']>): PackagePolicy {
  const rules = (some: readonly (PackagePolicyRule | string)[]): readonly PackagePolicyRule[] =>
    some.flatMap((one) => (typeof one === 'string' ? (ruleOfText(one) ?? []) : [one]));
  return {
    ...(allow === undefined ? {} : { allow: rules(allow) }),
    ...(deny === undefined ? {} : { deny: rules(deny) }),
    ...rest,
  };
}

function licencesOf({ allow, deny, ...rest }: LicencePolicySetting): LicencePolicySetting {
  const ids = (some: readonly string[]): readonly string[] =>
    some.flatMap((one) => {
      const found = licenceRuleIds(one);
      return 'wrong' in found ? [] : found;
    });
  return {
    ...(allow === undefined ? {} : { allow: ids(allow) }),
    ...(deny === undefined ? {} : { deny: ids(deny) }),
    ...rest,
  };
}

/** Without the keys that have no value. */
function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
