import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { AffectedPackage, RangeEvent } from '../../../../server/src/core/advisories/advisory.ts';
import { affectedVersions } from '../../../../server/src/core/advisories/affectedVersions.ts';
import { affects } from '../../../../server/src/core/advisories/affects.ts';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import type { Version } from '../../../../server/src/core/versions/version.ts';
import { setHas } from '../../../../server/src/core/versions/versionSet.ts';
import { sharedFolder, sharedRows } from '../versions/sharedRows.ts';
import { advisory } from './advisoryBuilder.ts';
import { createNaiveOrder } from './naiveVersions.ts';

const name = normalizeName('django');
const order = createNaiveOrder();

describe('affects', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['introduced 0, fixed 2.0', ['0', '0.dev0', '1.9', '2.0rc1', '2.0.dev0'], ['2.0', '2', '2.0+cu118', '2.0.post1']],
    ['introduced 0.0, fixed 2.0', ['1.0', '0.0'], ['0', '0.dev0']],
    ['fixed 2.0, introduced 1.0', ['1.0', '1.0+x'], ['0.9', '1.0rc1', '2.0']],
    ['introduced 1, last_affected 2', ['1', '1.5', '2.0'], ['2.0+cu118', '2.0.post1', '2.0.1', '0.9']],
    ['introduced 0, last_affected 1, last_affected 2, last_affected 3', ['0.5', '1', '2', '3'], ['1.5', '2.5', '3.1']],
    ['introduced 0, fixed 1, introduced 2, fixed 3, introduced 4', ['0.5', '2', '4', '99'], ['1', '1.5', '3.5']],
    ['introduced 1, fixed 1', [], ['1', '0.9', '2']],
    ['introduced 1, limit 2', ['1.5'], ['2', '3']],
    ['introduced 0', ['0', '0.dev0', '999!1'], []],
    ['fixed 1', [], ['0.5', '1']],
    ['introduced 0, last_affected 2.9.0-NA', [], ['1.0', '2.9.0', '3.0']],
    ['introduced 0, fixed 2.0-NA, introduced 1.0-NA', [], ['1.0']],
    ['introduced 0, fixed 1.0-NA, introduced 2.0-NA', ['0.1', '1.0', '3'], []],
    // Equal by the old order, which drops zeros before a word; at one version `fixed` has the last word.
    ['introduced 1.0.0-NA, fixed 1-NA', [], ['1.0']],
    ['introduced 1!0, fixed 1!2', ['1!1'], ['1', '3', '2!1']],
    ['', [], ['1.0']],
  ];
  for (const [events, inside, outside] of cases) {
    it(`${events || 'no event'}: ${inside.join(', ') || 'nothing'}, not ${outside.join(', ') || 'any other'}`, () => {
      const record = advisory({ id: 'A-1', affected: [entry({ ranges: [toEvents(events)] })] });
      for (const version of inside) {
        assert.equal(affects(record, name, mustParse(version)), true, version);
      }
      for (const version of outside) {
        assert.equal(affects(record, name, mustParse(version)), false, version);
      }
    });
  }

  it('compares listed versions as versions', () => {
    const record = advisory({
      id: 'A-1',
      affected: [entry({ versions: ['4.2.0', '1.0RC1', '1.0-1', 'v1.2', 'x==1.0'] })],
    });
    for (const version of ['4.2', '1.0rc1', '1.0.post1', '1.2.0']) {
      assert.equal(affects(record, name, mustParse(version)), true, version);
    }
    for (const version of ['4.2+x', '1!4.2', '1.0']) {
      assert.equal(affects(record, name, mustParse(version)), false, version);
    }
  });

  it('takes any list, range and entry of the package, and no other package', () => {
    const record = advisory({
      id: 'A-1',
      affected: [
        entry({ ranges: [toEvents('introduced 1, fixed 2'), toEvents('introduced 3, fixed 4')], versions: ['7'] }),
        entry({ ranges: [toEvents('introduced 5, fixed 6')] }),
        { ...entry({ versions: ['8'] }), name: normalizeName('other') },
      ],
    });
    const hit = ['1', '2', '3', '4', '5', '6', '7', '8'].filter((text) => affects(record, name, mustParse(text)));
    assert.deepEqual(hit, ['1', '3', '5', '7']);
  });

  it('agrees with the rule written another way, on random records', () => {
    const version = fc.constantFrom(
      ...['0', '0.0', '0.dev0', '1', '1.0', '1.0rc1', '1.0.dev1', '1.0.post1', '1.0+x', '1.1', '1.1a2', '2', '2.0.1'],
      ...['1!0.5', '10', '3.0-1', '1.0+1'],
    );
    const kind = fc.constantFrom('introduced', 'fixed', 'lastAffected', 'limit') satisfies fc.Arbitrary<
      RangeEvent['kind']
    >;
    const events = fc.array(fc.record({ kind, version }), { maxLength: 6 });
    const ranges = fc.array(events, { maxLength: 3 });
    const versions = fc.array(fc.oneof(version, fc.constantFrom('1.0-NA', '', '==1.0')), { maxLength: 3 });
    fc.assert(
      fc.property(ranges, versions, version, (someRanges, someVersions, candidate) => {
        const record = advisory({ id: 'A-1', affected: [entry({ ranges: someRanges, versions: someVersions })] });
        const expected =
          someVersions.some((listed) => order(listed, candidate) === 0) ||
          someRanges.some((range) => naiveInRange(range, candidate));
        assert.equal(affects(record, name, mustParse(candidate)), expected);
        if (candidate !== '0') {
          assert.equal(setHas(affectedVersions(record, name), mustParse(candidate).key), expected);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives the PYSEC ids of all recorded answers', function () {
    const records = sharedRows(this, 'osv-pypi/records.jsonl.gz').flatMap((json) => decodeOsv(json).advisory ?? []);
    const recorded = JSON.parse(readFileSync(path.join(sharedFolder, 'osv-pypi/recorded-querybatch.json'), 'utf8')) as {
      queries: { query: { package: { name: string }; version: string }; result: { vulns?: { id: string }[] } }[];
    };
    assert.equal(recorded.queries.length, 31);
    let ids = 0;
    for (const { query, result } of recorded.queries) {
      const packageName = normalizeName(query.package.name);
      const version = mustParse(query.version);
      const expected = (result.vulns ?? []).map(({ id }) => id).filter((id) => id.startsWith('PYSEC-'));
      const found = records.filter((record) => record.withdrawn === undefined && affects(record, packageName, version));
      assert.deepEqual(
        found.map(({ id }) => id).filter((id) => id.startsWith('PYSEC-')),
        expected,
        `${packageName} ${version.normal}`,
      );
      ids += expected.length;
    }
    assert.equal(ids, 61);
  });

  it('agrees with the rule written another way, on every fourth shared record and the versions next to its events', function () {
    this.timeout(60_000);
    let answers = 0;
    const rows = sharedRows(this, 'osv-pypi/records.jsonl.gz').filter((_, index) => index % 4 === 0);
    for (const record of rows.flatMap((json) => decodeOsv(json).advisory ?? [])) {
      for (const packageName of new Set(record.affected.map((one) => one.name))) {
        const entries = record.affected.filter((one) => one.name === packageName);
        const set = affectedVersions(record, packageName);
        for (const candidate of neighbours(entries)) {
          const expected = entries.some(
            (one) =>
              one.versions.some((listed) => order(listed, candidate.normal) === 0) ||
              one.ranges.some((range) => naiveInRange(range, candidate.normal)),
          );
          const message = `${record.id} ${packageName} ${candidate.normal}`;
          assert.equal(affects(record, packageName, candidate), expected, message);
          assert.equal(setHas(set, candidate.key), expected, message);
          answers += 1;
        }
      }
    }
    assert.ok(answers > 30_000, String(answers));
  });
});

/** At each event's version, a pre-release below it and a release above it. */
function neighbours(entries: readonly AffectedPackage[]): readonly Version[] {
  const texts = entries.flatMap(({ ranges }) => ranges.flat().map((event) => event.version));
  return [...new Set(texts)]
    .flatMap((text) => [text, `${text}rc1`, `${text}.dev1`, `${text}.post1`, `${text}.1`, `${text}+x`])
    .concat(entries.flatMap(({ versions }) => versions.slice(0, 2)))
    .flatMap((text) => parseVersion(text) ?? [])
    .filter(({ normal }) => normal !== '0');
}

/** Read from the top: the first event at or below the version decides. */
function naiveInRange(events: readonly RangeEvent[], candidate: string): boolean {
  const kinds = ['introduced', 'lastAffected', 'fixed', 'limit'];
  const descending = [...events].sort(
    (a, b) => order(b.version, a.version) || kinds.indexOf(b.kind) - kinds.indexOf(a.kind),
  );
  for (const event of descending) {
    const difference = order(candidate, event.version);
    if (difference < 0) {
      continue;
    }
    if (event.kind === 'introduced') {
      return true;
    }
    return event.kind === 'lastAffected' && difference === 0;
  }
  return false;
}

function entry(parts: Partial<AffectedPackage>): AffectedPackage {
  return { name, versions: [], ranges: [], ...parts };
}

function toEvents(text: string): readonly RangeEvent[] {
  return text === ''
    ? []
    : text.split(', ').map((event) => {
        const [key = '', version = ''] = event.split(' ');
        const kind = key === 'last_affected' ? 'lastAffected' : key;
        assert.ok(kind === 'introduced' || kind === 'fixed' || kind === 'lastAffected' || kind === 'limit', kind);
        return { kind, version };
      });
}

function mustParse(text: string): Version {
  const version = parseVersion(text);
  assert.ok(version, `${text} should be a version`);
  return version;
}
