import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Lookup } from '../../../../server/src/core/assessment/lookup.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { parseClause } from '../../../../server/src/core/versions/specifier.ts';
import type { Scanner } from '../../../../server/src/engine/lookup/scanner.ts';
import { silentLog } from '../../../../server/src/engine/ports.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';
import { FakeTier } from '../../../support/fakeTier.ts';
import { scannerOver } from '../../../support/scannerOver.ts';

const hourMs = 3_600_000;
const { signal } = new AbortController();

/** Of everything in this process. */
function countHashes(): { readonly count: () => number; readonly stop: () => void } {
  const { hash, createHash } = crypto;
  let count = 0;
  crypto.hash = ((...parameters: Parameters<typeof hash>) => (count++, hash(...parameters))) as typeof hash;
  crypto.createHash = (...parameters) => (count++, createHash(...parameters));
  syncBuiltinESMExports();
  return {
    count: () => count,
    stop: () => {
      Object.assign(crypto, { hash, createHash });
      syncBuiltinESMExports();
    },
  };
}

describe('a keystroke', () => {
  let scanner: Scanner;
  let hashes: ReturnType<typeof countHashes>;
  before(() => (hashes = countHashes()));
  after(() => hashes.stop());

  beforeEach(async () => {
    const source = new FakeSource();
    source.add('bad==1', 'PYSEC-1');
    scanner = scannerOver({
      source,
      sourceId: 'https://osv.test',
      tiers: [new FakeTier()],
      clock: { now: () => noon },
      log: silentLog,
      limits: { maxEntries: 100, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: hourMs },
    });
    const before = hashes.count();
    await scanner.scan(lookupsOf('bad==1', 'fine==1', 'fine>=0.5'), { signal });
    assert.ok(hashes.count() > before, 'nothing went to storage: the counter proves nothing');
  });

  /** Look-ups as the parser makes them with every keystroke: other objects each time. */
  const type = (...lines: readonly string[]): readonly string[] => {
    const before = hashes.count();
    const answers = lookupsOf(...lines).map((lookup) => {
      const known = scanner.peek(lookup);
      scanner.peekPackage(lookup.name);
      return known.kind === 'unknown' ? known.kind : `${known.kind} ${known.outcome.verdict}`;
    });
    assert.equal(hashes.count(), before);
    return answers;
  };

  it('in a comment hashes nothing', () => {
    assert.deepEqual(type('bad==1', 'fine==1', 'fine>=0.5'), ['fresh vulnerable', 'fresh clean', 'fresh clean']);
  });

  it('that makes another version of a package that is known hashes nothing, and is answered', () => {
    assert.deepEqual(type('bad==2', 'fine==1', 'fine>=1.5'), ['fresh clean', 'fresh clean', 'fresh clean']);
  });

  it('that makes something that nobody has asked about hashes nothing either', () => {
    assert.deepEqual(type('other==1', 'another==2'), ['unknown', 'unknown']);
  });

  it('is answered by a scan without a hash, where memory knows the answer', async () => {
    const before = hashes.count();
    const outcomes = await scanner.scan(lookupsOf('bad==2', 'fine==1'), { signal });
    assert.equal(outcomes.size, 2);
    assert.equal(hashes.count(), before);
  });
});

function lookupsOf(...lines: readonly string[]): readonly Lookup[] {
  return lines.map((line) => {
    const [, name = '', operator = '', version = ''] = /^(\w+)(==|>=)(.*)$/u.exec(line) ?? assert.fail(line);
    const own = normalizeName(name);
    return operator === '=='
      ? { name: own, version }
      : { name: own, specifier: [parseClause('>=', version) ?? assert.fail(line)], text: `>=${version}` };
  });
}
