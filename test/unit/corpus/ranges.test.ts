import type { PackageName } from '../../../server/src/core/packages/packageName.ts';
import assert from 'node:assert/strict';
import type { Advisory } from '../../../server/src/core/advisories/advisory.ts';
import { decodeOsv } from '../../../server/src/core/advisories/decodeOsv.ts';
import { packageAdvisories } from '../../../server/src/core/advisories/packageAdvisories.ts';
import { assessVersionRange } from '../../../server/src/core/assessment/assessVersionRange.ts';
import { nearestSafe } from '../../../server/src/core/assessment/advice/nearestSafe.ts';
import { contains, parseSpecifier } from '../../../server/src/core/versions/specifier.ts';
import { filterVersions } from '../../support/filterVersions.ts';
import { compareVersions, parseVersion, type Version } from '../../../server/src/core/versions/version.ts';
import { seededRandom } from '../../osv-service/seededRandom.ts';
import { sharedRows } from '../core/versions/sharedRows.ts';
import { type NaiveEntry, NaiveMatching } from './naiveMatching.ts';

interface RawRecord {
  readonly affected?: readonly (NaiveEntry & {
    readonly package?: { readonly ecosystem: string; readonly name: string };
  })[];
}

interface Package {
  readonly name: PackageName;
  readonly advisories: readonly Advisory[];
  readonly entries: readonly (readonly NaiveEntry[])[];
  /** Every version that the records list or name. */
  readonly versions: readonly string[];
  readonly isAffected: (version: string) => boolean;
}

// All of them, 40 each, take half a minute: every n-th is enough for every day.
const everyNth = Number(process.env['PINWATCH_EVERY_NTH_PACKAGE'] ?? 10);
const specifiersEach = 20;

/** By enumerating versions one by one, with a matcher that shares nothing with the engine's. */
describe('ranges and fixes of real packages', () => {
  let packages: readonly Package[] = [];
  const random = seededRandom(4_711);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] ?? assert.fail();

  before(function () {
    this.timeout(60_000);
    packages = readPackages(sharedRows(this, 'osv-pypi/records.jsonl.gz'));
  });

  it('have the verdict of all their known releases', function () {
    this.timeout(60_000);
    const verdicts = { clean: 0, possiblyVulnerable: 0, vulnerable: 0 };
    for (const one of packages) {
      const advisories = packageAdvisories(one.name, one.advisories);
      for (let round = 0; round < specifiersEach; round++) {
        const text = specifierNear(one.versions, pick);
        const specifier = parseSpecifier(text);
        if (specifier === undefined) {
          continue;
        }
        const { verdict, fix } = assessVersionRange(
          { name: one.name, specifier, text },
          { advisories, releases: undefined },
        );
        verdicts[verdict]++;
        const admitted = filterVersions(specifier, one.versions);
        const hit = admitted.filter(one.isAffected);
        const told = `${one.name} ${text}: ${verdict}, affected ${hit.length} of ${admitted.length}`;
        assert.ok(hit.length === 0 || verdict !== 'clean', told);
        assert.ok(hit.length === admitted.length || verdict !== 'vulnerable', told);
        if (fix?.change?.kind === 'floor') {
          const floor = parseVersion(fix.change.version) ?? assert.fail();
          assert.ok(
            contains(specifier, floor) && !one.isAffected(fix.change.version),
            `${told}, floor ${floor.normal}`,
          );
          const left = admitted.filter((version) => compareVersions(parseVersion(version) ?? floor, floor) >= 0);
          assert.deepEqual(left.filter(one.isAffected), [], `${told}, floor ${floor.normal}`);
        }
      }
    }
    assert.ok(
      Object.values(verdicts).every((count) => count > 100),
      JSON.stringify(verdicts),
    );
  });

  it('have the smallest fixed version that nothing affects for their nearest', function () {
    this.timeout(60_000);
    let found = 0;
    for (const one of packages) {
      const advisories = packageAdvisories(one.name, one.advisories);
      const affected = one.versions.filter(one.isAffected).map((text) => parseVersion(text) ?? assert.fail());
      const fixed = fixedVersions(one.entries);
      for (let round = 0; round < Math.min(10, affected.length); round++) {
        const version = pick(affected);
        const expected = fixed.find(
          (candidate) =>
            compareVersions(candidate, version) > 0 &&
            (!candidate.isPrerelease || version.isPrerelease) &&
            !one.isAffected(candidate.normal),
        );
        const { nearest } = nearestSafe(version, advisories, undefined);
        assert.equal(nearest?.key, expected?.key, `${one.name} ${version.normal}: ${nearest?.normal}`);
        found += nearest === undefined ? 0 : 1;
      }
    }
    assert.ok(found > 200, `${found}`);
  });
});

function readPackages(records: readonly unknown[]): readonly Package[] {
  const byName = new Map<PackageName, { advisories: Advisory[]; entries: (readonly NaiveEntry[])[] }>();
  for (const record of records) {
    const { advisory } = decodeOsv(record);
    if (advisory === undefined || advisory.withdrawn !== undefined) {
      continue;
    }
    for (const name of new Set(advisory.affected.map((entry) => entry.name))) {
      const known = byName.get(name) ?? { advisories: [], entries: [] };
      const raw = (record as RawRecord).affected ?? [];
      known.advisories.push(advisory);
      known.entries.push(raw.filter((entry) => isOf(name, entry.package)));
      byName.set(name, known);
    }
  }
  return [...byName]
    .map(([name, known]) => toPackage(name, known))
    .filter(({ versions }) => versions.length > 5)
    .filter((_package, index) => index % everyNth === 0);
}

function isOf(name: PackageName, named: { readonly ecosystem: string; readonly name: string } | undefined): boolean {
  return named?.ecosystem === 'PyPI' && named.name.toLowerCase().replace(/[-_.]+/gu, '-') === name;
}

function toPackage(name: PackageName, known: Pick<Package, 'advisories' | 'entries'>): Package {
  const entries = known.entries.flat();
  const events = entries.flatMap(({ ranges = [] }) => ranges.filter(({ type }) => type !== 'GIT')).flatMap(eventTexts);
  const named = new Set([...entries.flatMap((entry) => entry.versions ?? []), ...events]);
  const versions = [...named].filter((text) => text !== '0' && parseVersion(text) !== undefined);
  const normal = versions.map((text) => parseVersion(text)?.normal ?? text);
  const matching = new NaiveMatching([...named, ...normal, '0']);
  const isAffected = (version: string): boolean => known.entries.some((one) => matching.isAffected(one, version));
  return { name, ...known, versions: [...new Set(normal)], isAffected };
}

function eventTexts({ events = [] }: NonNullable<NaiveEntry['ranges']>[number]): readonly string[] {
  return events.flatMap((event) => Object.values(event));
}

function fixedVersions(entries: readonly (readonly NaiveEntry[])[]): readonly Version[] {
  const ranges = entries.flat().flatMap((entry) => (entry.ranges ?? []).filter(({ type }) => type !== 'GIT'));
  const texts = ranges.flatMap(({ events = [] }) => events.flatMap((event) => event['fixed'] ?? []));
  return texts.flatMap((text) => parseVersion(text) ?? []).sort(compareVersions);
}

function specifierNear(versions: readonly string[], pick: <T>(values: readonly T[]) => T): string {
  const a = pick(versions);
  const b = pick(versions);
  const series = a.replace(/^((?:\d+!)?\d+).*$/u, '$1');
  return pick([
    '',
    `>=${a}`,
    `>${a}`,
    `<${a}`,
    `<=${a}`,
    `>=${a},<${b}`,
    `>=${b},<=${a}`,
    `~=${a}`,
    `==${series}.*`,
    `!=${a}`,
    `>=${a},!=${b}`,
  ]);
}
