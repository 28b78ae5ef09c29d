import assert from 'node:assert/strict';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import {
  LicenceLibrary,
  licenceRetryMs,
  type MetadataIndex,
} from '../../../../server/src/engine/index/licenceLibrary.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import { noon } from '../../../support/builders.ts';
import { FakeTier } from '../../../support/fakeTier.ts';

const pin = { name: normalizeName('x'), version: '1.0' };

describe('licence library', () => {
  const asked: string[] = [];
  let answer: () => string | undefined;
  let now: number;
  let tier: FakeTier;
  const { signal } = new AbortController();
  const index: MetadataIndex = {
    metadata: async (name, version) => {
      asked.push(`${name}==${version}`);
      await Promise.resolve();
      return answer();
    },
  };
  const library = (indexId = 'https://index'): LicenceLibrary =>
    new LicenceLibrary({ index, indexId, tiers: [tier], clock: { now: () => now } });

  beforeEach(() => {
    asked.length = 0;
    answer = () => 'License-Expression: MIT\n';
    now = noon;
    tier = new FakeTier();
  });

  it('asks once, says so by its revision, and keeps the answer for the next session', async () => {
    const first = library();
    assert.equal(first.peek(pin).kind, 'pending');
    const before = first.revision;
    await first.ask([pin, { ...pin }], signal);
    assert.deepEqual(first.peek(pin), { kind: 'known', licence: { expression: 'MIT', classifiers: [] } });
    assert.ok(first.revision > before);
    await first.ask([pin], signal);
    const next = library();
    await next.ask([pin], signal);
    assert.equal(next.peek(pin).kind, 'known');
    assert.deepEqual(asked, ['x==1.0']);
    const elsewhere = library('https://other');
    await elsewhere.ask([pin], signal);
    assert.equal(asked.length, 2, 'another index is another source');
  });

  it('says why it does not know, keeps no failure, and asks again when it is time or someone wants it', async () => {
    answer = () => {
      throw new LookupError('offline', 'index could not be reached.');
    };
    const one = library();
    await one.ask([pin], signal);
    assert.deepEqual(one.peek(pin), { kind: 'unknown', why: 'index could not be reached', failed: true });
    assert.equal(tier.texts.size, 0);
    await one.ask([pin], signal);
    assert.equal(asked.length, 1);
    now += licenceRetryMs;
    assert.equal(one.isOpen(pin), true);
    await one.ask([pin], signal);
    one.retry();
    answer = () => 'License-Expression: MIT\n';
    await one.ask([pin], signal);
    assert.equal(one.peek(pin).kind, 'known');
    assert.equal(asked.length, 3);
  });

  it('asks again about all that failed, however many those are', async () => {
    const pins = ['a', 'b', 'c'].map((name) => ({ name: normalizeName(name), version: '1.0' }));
    answer = () => {
      throw new LookupError('offline', 'index could not be reached.');
    };
    const one = library();
    await one.ask(pins, signal);
    one.retry();
    assert.deepEqual(
      pins.map((each) => one.isOpen(each)),
      [true, true, true],
    );
  });

  it('says that the index has no metadata, and forgets all when told to', async () => {
    answer = () => undefined;
    const one = library();
    await one.ask([pin], signal);
    assert.deepEqual(one.peek(pin), { kind: 'unknown', why: 'the package index has no metadata of it', failed: false });
    assert.equal(one.isOpen(pin), false);
    one.clear();
    assert.equal(one.peek(pin).kind, 'pending');
  });

  it('does not take for an answer what storage has of something else', async () => {
    const one = library();
    await one.ask([pin], signal);
    tier.texts.forEach((value, key) => tier.texts.set(key, { ...value, text: '{"forgotten":true}' }));
    const next = library();
    await next.ask([pin], signal);
    assert.equal(asked.length, 2);
  });
});
