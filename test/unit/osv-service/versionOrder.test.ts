import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { VersionOrder } from '../../osv-service/versionOrder.ts';
import { sharedFile } from './sharedFile.ts';

describe('the order of versions in the OSV service', () => {
  const order = new VersionOrder();

  function assertAscending(...versions: readonly string[]): void {
    for (const [index, version] of versions.entries()) {
      for (const [otherIndex, other] of versions.entries()) {
        assert.equal(
          Math.sign(order.compare(version, other)),
          Math.sign(index - otherIndex),
          `${version} and ${other}`,
        );
        assert.equal(order.canonical(version) === order.canonical(other), index === otherIndex);
      }
    }
  }

  function assertEqual(...versions: readonly string[]): void {
    for (const version of versions) {
      assert.equal(order.compare(version, versions[0] ?? ''), 0, version);
      assert.equal(order.canonical(version), order.canonical(versions[0] ?? ''), version);
    }
  }

  it('has "0" alone below everything, then what PEP 440 does not read, then the versions', () => {
    assertAscending('0', 'dev', '2.9.0-NA', '0.0.dev0', '0.0', '0.1', '1!0');
  });

  it('orders the parts of one release as PEP 440 says', () => {
    assertAscending(
      '1.dev1',
      '1a1.dev1',
      '1a1',
      '1a1.post1',
      '1b1',
      '1rc1',
      '1',
      '1+abc',
      '1+5',
      '1+5.1',
      '1.post1.dev1',
    );
    assertAscending('1.post1.dev1', '1.post1', '1.0.1');
  });

  it('knows the spellings of one version', () => {
    assertEqual('1.0', '1', 'v1.0.0', ' 1.0\n');
    assertEqual('1rc1', '1.0-C1', '1.0_preview.1', '1.0pre1');
    assertEqual('1.post0', '1-0', '1.0.rev', '1.0r0');
    assertEqual('1+Ubuntu.1', '1+ubuntu-1', '1+ubuntu_01');
  });

  it('loses no digit of a long number', () => {
    assertAscending(
      '1.9007199254740992',
      '1.9007199254740993',
      '90071992547409931',
      '90071992547409931.post123456789012345678',
    );
  });

  it('takes a local label for a word where it is no plain number', () => {
    assertAscending('1+0x10', '1+1e5', '1+infinity', '1+2');
  });

  it('orders what PEP 440 does not read by the text key of setuptools', () => {
    assertAscending('1.0-alpha-x', '1.0-x', '1.0.0-y', '1.1-x', '12.0-x');
    assertEqual('1.0-x', '1-x', '1.0.0-X');
    assertEqual('1-alpha-x', '1alpha-x', '1--alpha-x');
  });

  it('agrees with packaging on every ordered pair of the shared data', function () {
    const pairs = ['order.jsonl.gz', 'order-real.jsonl.gz'].flatMap((name) => rows(sharedFile(this, `pep440/${name}`)));
    let compared = 0;
    for (const pair of pairs) {
      const [left, right, expected] = pairOf(pair);
      if (!isOrdinary(left) || !isOrdinary(right)) continue;
      compared++;
      assert.equal(Math.sign(order.compare(left, right)), expected, `${left} and ${right}`);
      assert.equal(order.canonical(left) === order.canonical(right), expected === 0, `${left} and ${right}`);
    }
    assert.ok(compared > 24_000, `only ${compared} pairs compared`);
  });

  it('agrees on what is a version at all', function () {
    let checked = 0;
    for (const row of rows(sharedFile(this, 'pep440/parse.jsonl.gz'))) {
      assert.ok(typeof row === 'object' && row !== null && 'v' in row && typeof row.v === 'string' && 'r' in row);
      if (!isOrdinary(row.v)) continue;
      checked++;
      assert.equal(order.canonical(row.v).startsWith('unparsed'), row.r === null, row.v);
    }
    assert.ok(checked > 6500, `only ${checked} checked`);
  });
});

/** "0" is special to OSV, and its server takes ASCII white space only. */
function isOrdinary(version: string): boolean {
  return version !== '0' && !/[^\x21-\x7e\t\n\f\r ]/.test(version);
}

/** The first two and the answer of a row of ordered pairs. */
function pairOf(row: unknown): readonly [string, string, unknown] {
  assert.ok(Array.isArray(row));
  const cells: readonly unknown[] = row;
  const [left, right] = cells;
  assert.ok(typeof left === 'string' && typeof right === 'string');
  return [left, right, cells[2]];
}

function rows(file: string): readonly unknown[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}
