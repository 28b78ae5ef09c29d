import type { PlacedProblem, Range } from '../text/position.ts';
import { plainText } from '../text/plainText.ts';
import { normalizeName } from '../packages/packageName.ts';
import { parseVersion } from '../versions/version.ts';
import { simplePattern } from '../text/patterns/simplePattern.ts';
import type { Ignore, IgnoreList, LicenceOverride } from './ignore.ts';
import { type ParsedToml, TomlTime } from '../text/toml/parseToml.ts';
import { brokenToml, ignoreProblem, tomlDocument } from './tomlDocument.ts';
import { isTable, otherKeys, type TomlTable, valueOf } from './tomlValue.ts';
import { type Until, untilOf } from './until.ts';

/**
 * What an `osv-scanner.toml` ignores: `[[IgnoredVulns]]` by id, `[[PackageOverrides]]` by package. An entry that cannot
 * be read ignores nothing and is a problem at its line; so is a key that osv-scanner would refuse.
 */
export function decodeOsvScannerToml(path: string, text: string, toml: ParsedToml): IgnoreList {
  if (toml.kind === 'error') {
    return { path, ignores: [], problems: [brokenToml(path, toml)], isBroken: true };
  }
  const document = tomlDocument(text);
  const root = isTable(toml.value) ? toml.value : {};
  const ignores: Ignore[] = [];
  const problems: PlacedProblem[] = [];
  warnOfOtherKeys(root, Object.keys(readers), ['GoVersionOverride'], (key) => document.rangeOf(key), problems);
  if (valueOf(root, 'GoVersionOverride') !== undefined) {
    const message = 'GoVersionOverride is about Go; it does nothing here.';
    problems.push(ignoreProblem('ignore.unsupported', message, document.rangeOf('GoVersionOverride')));
  }
  const licences: LicenceOverride[] = [];
  let isBroken = false;
  for (const [key, read] of Object.entries(readers)) {
    const entries = valueOf(root, key) ?? [];
    if (!Array.isArray(entries)) {
      isBroken = true;
      const message = `${key} in ${path} should be a list of tables ([[${key}]]). Nothing is ignored by it.`;
      problems.push(ignoreProblem('ignore.unreadable', message, document.rangeOf(key)));
      continue;
    }
    for (const [index, entry] of entries.entries()) {
      const rangeOf = (...keys: readonly string[]): Range => document.rangeOf(key, index, ...keys);
      const found = isTable(entry)
        ? read({ table: entry, rangeOf, problems, licences })
        : invalid(`An entry of ${key} should be a table.`, rangeOf());
      if (found !== undefined && 'code' in found) {
        problems.push(found);
      } else if (found !== undefined) {
        ignores.push(found);
      }
    }
  }
  return {
    path,
    ignores: isBroken ? [] : ignores,
    problems,
    isBroken,
    ...(isBroken || licences.length === 0 ? {} : { licences }),
  };
}

interface Entry {
  readonly table: TomlTable;
  readonly rangeOf: (...keys: readonly string[]) => Range;
  /** Takes remarks that do not keep the entry from being used. */
  readonly problems: PlacedProblem[];
  /** Takes what is said of licences. */
  readonly licences: LicenceOverride[];
}

const readers: Readonly<Record<string, (entry: Entry) => Ignore | PlacedProblem | undefined>> = {
  IgnoredVulns: readIgnoredVuln,
  PackageOverrides: readPackageOverride,
};

function readIgnoredVuln({ table, rangeOf, problems }: Entry): Ignore | PlacedProblem {
  warnOfOtherKeys(table, ['id', 'ignoreUntil', 'reason'], [], rangeOf, problems);
  const id = valueOf(table, 'id');
  const until = untilIn(table, 'ignoreUntil');
  if (typeof id !== 'string' || id.trim() === '') {
    return invalid('This entry names no id, so it ignores nothing.', rangeOf('id'));
  }
  if (until === 'invalid') {
    return invalid(`ignoreUntil of ${plainText(id, 100)} is ${noDay}, so it ignores nothing.`, rangeOf('ignoreUntil'));
  }
  return {
    id: id.trim(),
    package: undefined,
    version: undefined,
    reason: reasonIn(table),
    until,
    onlyWhileUnfixed: false,
    range: rangeOf('id'),
  };
}

function readPackageOverride({ table, rangeOf, problems, licences }: Entry): Ignore | PlacedProblem | undefined {
  const known = [
    'name',
    'nameIsRegex',
    'version',
    'ecosystem',
    'group',
    'ignore',
    'vulnerability',
    'effectiveUntil',
    'reason',
  ];
  warnOfOtherKeys(table, known, ['license'], rangeOf, problems);
  const vulnerability = valueOf(table, 'vulnerability');
  const ignores =
    valueOf(table, 'ignore') === true || (isTable(vulnerability) && valueOf(vulnerability, 'ignore') === true);
  const ecosystem = valueOf(table, 'ecosystem') ?? 'PyPI';
  const license = valueOf(table, 'license');
  const isForPypi = typeof ecosystem === 'string' && ecosystem.toLowerCase() === 'pypi';
  if (!isForPypi || (!ignores && !isTable(license))) {
    return undefined;
  }
  const [name, version, group] = ['name', 'version', 'group'].map((key) => valueOf(table, key));
  const until = untilIn(table, 'effectiveUntil');
  if (group !== undefined && (typeof group !== 'string' || group.trim() === '')) {
    return invalid('The group of this override is no name, so it ignores nothing.', rangeOf('group'));
  }
  if (name === undefined ? group === undefined : typeof name !== 'string' || name.trim() === '') {
    return invalid('This override names no package. It would ignore everything, so it ignores nothing.', rangeOf());
  }
  const wanted = typeof name === 'string' ? name.trim() : undefined;
  const shown = plainText(wanted ?? `the group ${String(group)}`, 100);
  if (until === 'invalid') {
    return invalid(`effectiveUntil of ${shown} is ${noDay}, so it ignores nothing.`, rangeOf('effectiveUntil'));
  }
  if (version !== undefined && (typeof version !== 'string' || parseVersion(version) === undefined)) {
    return invalid(`The version of ${shown} is no PEP 440 version, so it ignores nothing.`, rangeOf('version'));
  }
  const isRegex = valueOf(table, 'nameIsRegex') === true && wanted !== undefined;
  const fits = isRegex ? simplePattern(wanted) : undefined;
  if (isRegex && fits === undefined) {
    const message = `The name of ${shown} is an expression that pinwatch does not read (characters, classes, ".", "*", "+", "?", "|"), so it ignores nothing.`;
    return invalid(message, rangeOf('name'));
  }
  const own = wanted === undefined ? undefined : normalizeName(wanted);
  const common = group === undefined ? {} : { group: group.trim() };
  if (isTable(license)) {
    const override = valueOf(license, 'override');
    const isOverride =
      Array.isArray(override) && override.length > 0 && override.every((one) => typeof one === 'string');
    if (isOverride || valueOf(license, 'ignore') === true) {
      licences.push({
        fits: (other, release) =>
          (fits === undefined ? own === undefined || other === own : fits(other)) &&
          (version === undefined || parseVersion(version)?.key === parseVersion(release)?.key),
        ...common,
        expression: isOverride ? override.join(' AND ') : undefined,
        until,
      });
    } else {
      problems.push(
        invalid(
          `The licence of ${shown} has neither "override" nor "ignore", so nothing is changed.`,
          rangeOf('license'),
        ),
      );
    }
  }
  if (!ignores) {
    return undefined;
  }
  return {
    id: undefined,
    package: isRegex ? undefined : own,
    ...(fits === undefined ? {} : { fitsPackage: fits }),
    ...common,
    version,
    reason: reasonIn(table),
    until,
    onlyWhileUnfixed: false,
    range: rangeOf(wanted === undefined ? 'group' : 'name'),
  };
}

const noDay = 'no day or time that pinwatch can read (2027-01-31)';

/** A TOML date or a text that has one. */
function untilIn(table: TomlTable, key: string): Until | undefined | 'invalid' {
  const value = valueOf(table, key);
  if (value === undefined) {
    return undefined;
  }
  const text = value instanceof TomlTime ? value.text : value;
  return (typeof text === 'string' ? untilOf(text) : undefined) ?? 'invalid';
}

function reasonIn(table: TomlTable): string {
  const reason = valueOf(table, 'reason');
  return typeof reason === 'string' ? plainText(reason, 300) : '';
}

function warnOfOtherKeys(
  table: TomlTable,
  known: readonly string[],
  unused: readonly string[],
  rangeOf: (key: string) => Range,
  problems: PlacedProblem[],
): void {
  for (const key of otherKeys(table, [...known, ...unused])) {
    const message = `osv-scanner.toml has no key "${plainText(key, 60)}" here (there are ${known.join(', ')}); it does nothing.`;
    problems.push(ignoreProblem('ignore.unknown-key', message, rangeOf(key)));
  }
}

function invalid(message: string, range: Range): PlacedProblem {
  return ignoreProblem('ignore.invalid', message, range);
}
