import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Advisory } from '../../../server/src/core/advisories/advisory.ts';
import { affectedVersions } from '../../../server/src/core/advisories/affectedVersions.ts';
import { affects } from '../../../server/src/core/advisories/affects.ts';
import { decodeOsv } from '../../../server/src/core/advisories/decodeOsv.ts';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import { parseVersion, type Version } from '../../../server/src/core/versions/version.ts';
import { setHas } from '../../../server/src/core/versions/versionSet.ts';
import { seededRandom } from '../../osv-service/seededRandom.ts';
import { DatabaseFixture } from '../../support/databaseFixture.ts';
import { sharedFolder, sharedRows } from '../core/versions/sharedRows.ts';
import { type NaiveEntry, NaiveMatching } from './naiveMatching.ts';

interface RawRecord {
  readonly id: string;
  readonly withdrawn?: string;
  readonly affected?: readonly (NaiveEntry & {
    readonly package?: { readonly ecosystem: string; readonly name: string };
  })[];
}

interface Told {
  readonly id: string;
  readonly entries: readonly NaiveEntry[];
  readonly advisory: Advisory;
}

// Of each record: every event, and so many of its listed versions, evenly spread, first and last among them.
const mostListed = 4;
// Of each version around a boundary, of packages with many advisories: the database is asked about every n-th.
const versionsAskedOfPackage = 60;
// `affects` reads all lists anew each time: every n-th version.
const affectsEvery = 10;

describe('which versions of made-up packages are affected', () => {
  const fixture = new DatabaseFixture();
  after(() => fixture.dispose());

  it('is read alike where events meet at one version, come in any order, or are no versions', async function () {
    this.timeout(20_000);
    const random = seededRandom(20_261_121);
    const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
    const several = <T>(most: number, make: () => T): readonly T[] =>
      Array.from({ length: Math.floor(random() * (most + 1)) }, make);
    const records = Array.from({ length: 3_000 }, (_, index) => ({
      id: `X-${String(index).padStart(5, '0')}`,
      modified: '2026-01-01T00:00:00Z',
      affected: [0, ...several(1, () => 0)].map(() => ({
        package: { ecosystem: 'PyPI', name: `made-up-${index % 100}` },
        versions: several(2, () => pick(pool) ?? ''),
        ranges: several(2, () => ({
          type: pick(['ECOSYSTEM', 'ECOSYSTEM', 'SEMVER', 'GIT']) ?? '',
          events: several(5, () => ({
            [pick(['introduced', 'last_affected', 'fixed', 'limit']) ?? '']: pick(pool) ?? '',
          })),
        })),
      })),
    }));
    await fixture.importRecords(...records);
    const database = fixture.open();
    const naive = new NaiveMatching(pool);
    let [asked, affected] = [0, 0];
    for (const [name, advisories] of byPackage(records)) {
      for (const version of pool) {
        const parsed = parseVersion(version);
        if (parsed === undefined) {
          continue;
        }
        const expected = advisories.filter(({ entries }) => naive.isAffected(entries, version)).map(({ id }) => id);
        const found = database.advisoriesAffecting(normalizeName(name), parsed).map(({ id }) => id);
        assert.deepEqual(found, expected, `${name} ${version} in the database`);
        const oneByOne = advisories.filter(({ advisory }) => affects(advisory, normalizeName(name), parsed));
        assert.deepEqual(
          oneByOne.map(({ id }) => id),
          expected,
          `${name} ${version}`,
        );
        asked += advisories.length;
        affected += expected.length;
      }
    }
    assert.ok(asked > 30_000 && affected > asked / 10 && affected < asked / 2, `${affected} of ${asked}`);
  });
});

/** Few, so that events meet: equal ones in other spellings, and some that are no versions. */
const pool = [
  ...['0', '0.0', '0.dev0', '1.0.dev1', '1.0a1', '1.0rc1', '1.0', '1', '1.0+x.1', '1.0+x', '1.0.post1', '1.0-1', '1.1'],
  ...[
    '1!0',
    '10',
    '2.9.0-NA',
    '2.6.0-cu124',
    '7.2.0-12.1',
    'junk',
    'x-1',
    'x.1',
    'x-rc',
    'x-dev',
    'x-0-z',
    '99999999999999999999',
  ],
];

describe('which versions of real packages are affected', () => {
  const fixture = new DatabaseFixture();
  let packages: ReadonlyMap<string, readonly Told[]> = new Map();

  before(async function () {
    this.timeout(60_000);
    const rows = sharedRows(this, 'osv-pypi/records.jsonl.gz') as readonly RawRecord[];
    packages = byPackage(rows.filter(({ withdrawn }) => withdrawn === undefined));
    const { written, problems } = await fixture.importRecords(...rows);
    assert.deepEqual([written, problems], [rows.length, []]);
  });
  after(() => fixture.dispose());

  it('is read alike by a naive reading of the rule, one by one, as sets, and by the database', function () {
    this.timeout(60_000);
    const database = fixture.open();
    const known = new Map<string, Version | undefined>();
    const parsedOf = (version: string): Version | undefined => {
      if (!known.has(version)) {
        known.set(version, parseVersion(version));
      }
      return known.get(version);
    };
    const counts = { packages: 0, versions: 0, sets: 0, affects: 0, database: 0, affected: 0, notVersions: 0 };
    for (const [name, advisories] of packages) {
      counts.packages++;
      const named = advisories.map(({ entries }) => namedVersions(entries));
      const around = named.map((versions) => versions.asked.flatMap(formsOf));
      const naive = new NaiveMatching([...named.flatMap(({ all }) => all), ...around.flat(), ...always].map(asSent));
      const isTold = (told: Told, version: string): boolean => naive.isAffected(told.entries, asSent(version));
      advisories.forEach((told, index) => {
        const set = affectedVersions(told.advisory, normalizeName(name));
        let nth = 0;
        for (const version of new Set([...(around[index] ?? []), ...always])) {
          const parsed = parsedOf(version);
          assert.equal(parsed === undefined, naive.isNoVersion(asSent(version)), `${version} is a version or not`);
          if (parsed === undefined) {
            counts.notVersions++;
            continue;
          }
          const expected = isTold(told, version);
          counts.versions++;
          counts.affected += expected ? 1 : 0;
          if (parsed.normal !== '0') {
            counts.sets++;
            assert.equal(setHas(set, parsed.key), expected, `the set of ${told.id}, ${name} ${version}`);
          }
          if (nth++ % affectsEvery === 0) {
            counts.affects++;
            const found = affects(told.advisory, normalizeName(name), parsed);
            assert.equal(found, expected, `${told.id}, ${name} ${version}`);
          }
        }
      });
      const all = [...new Set([...around.flat(), ...always])];
      const step = Math.max(1, Math.floor(all.length / versionsAskedOfPackage));
      for (let at = counts.packages % step; at < all.length; at += step) {
        const version = all[at] ?? '';
        const parsed = parsedOf(version);
        if (parsed === undefined) {
          continue;
        }
        counts.database++;
        const found = database.advisoriesAffecting(normalizeName(respelled(name)), parsed).map(({ id }) => id);
        const expected = advisories.filter((told) => isTold(told, version)).map(({ id }) => id);
        assert.deepEqual(found, expected.sort(), `${name} ${version} in the database`);
      }
    }
    console.log(`      ${JSON.stringify(counts)}`);
    assert.ok(counts.packages > 1_500 && counts.versions > 200_000 && counts.database > 50_000);
    assert.ok(counts.affected > counts.versions / 5 && counts.affected < (counts.versions * 4) / 5);
  });

  it('gives the PYSEC ids that the service gave, for every recorded query', () => {
    const recorded = JSON.parse(readFileSync(path.join(sharedFolder, 'osv-pypi/recorded-querybatch.json'), 'utf8')) as {
      readonly queries: readonly {
        readonly query: { readonly package: { readonly name: string }; readonly version: string };
        readonly result: { readonly vulns?: readonly { readonly id: string }[] };
      }[];
    };
    const database = fixture.open();
    let found = 0;
    for (const { query, result } of recorded.queries) {
      const version = parseVersion(query.version);
      assert.ok(version !== undefined);
      const name = normalizeName(query.package.name);
      const ours = database.advisoriesAffecting(name, version).map(({ id }) => id);
      const theirs = (result.vulns ?? []).map(({ id }) => id).filter((id) => id.startsWith('PYSEC-'));
      assert.deepEqual(
        ours.filter((id) => id.startsWith('PYSEC-')),
        theirs.sort(),
        `${name} ${query.version}`,
      );
      found += theirs.length;
    }
    assert.equal(recorded.queries.length, 31);
    assert.equal(found, 61);
  });
});

function byPackage(records: readonly RawRecord[]): ReadonlyMap<string, readonly Told[]> {
  const packages = new Map<string, Told[]>();
  for (const record of records) {
    const { advisory } = decodeOsv(record);
    assert.ok(advisory !== undefined, record.id);
    const entries = new Map<string, NaiveEntry[]>();
    for (const entry of record.affected ?? []) {
      if (entry.package?.ecosystem === 'PyPI') {
        const name = entry.package.name
          .toLowerCase()
          .split(/[-_.]+/u)
          .join('-');
        entries.set(name, [...(entries.get(name) ?? []), entry]);
      }
    }
    for (const [name, ofPackage] of entries) {
      packages.set(name, [...(packages.get(name) ?? []), { id: record.id, entries: ofPackage, advisory }]);
    }
  }
  return packages;
}

/** All versions that the entries name, and those whose surroundings are asked about. */
function namedVersions(entries: readonly NaiveEntry[]): {
  readonly all: readonly string[];
  readonly asked: readonly string[];
} {
  const listed = entries.flatMap(({ versions = [] }) => versions);
  const events = entries.flatMap(({ ranges = [] }) =>
    ranges.flatMap(({ type, events: ofRange = [] }) =>
      type === 'GIT' ? [] : ofRange.flatMap((event) => Object.values(event)),
    ),
  );
  const step = Math.max(1, Math.ceil((listed.length - 1) / (mostListed - 1)));
  const some = listed.filter((_, index) => index % step === 0 || index === listed.length - 1);
  return { all: [...listed, ...events], asked: [...new Set([...events, ...some])] };
}

const always = ['0', '0.0', '0.dev0', '0a0', '99999', '1!0', '12345678901234567890.1'];

/** The version, what is just below and just above it, and other spellings; some of them are no versions at all. */
function formsOf(version: string): readonly string[] {
  const below = version.replace(/\d+$/u, (digits) =>
    /^0*$/u.test(digits) ? '0.dev0' : `${BigInt(digits) - 1n}.99999`,
  );
  return [
    version,
    below,
    `${version}.dev0`,
    `${version}a1.dev2`,
    `${version}rc1`,
    `${version}.post0.dev0`,
    `${version}.post1`,
    `${version}+local.1`,
    `${version}.0.0.1`,
    `1!${version}`,
    ` V${version.toUpperCase()}.0 `,
    `00${version}`,
    `${version}-1`,
    version.replace(/\.?(?:rc|c|pre)\.?(\d+)$/iu, '-Preview_$1'),
  ];
}

/** The service is sent the normal form, where only `0` itself is the lowest of all. */
function asSent(version: string): string {
  return /^\s*v?0+\s*$/iu.test(version) ? '0' : version;
}

function respelled(name: string): string {
  return name.toUpperCase().replaceAll('-', '_.-');
}
