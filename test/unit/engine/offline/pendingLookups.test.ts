import assert from 'node:assert/strict';
import { type Lookup, lookupKey, versionRange } from '../../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../../server/src/core/assessment/outcome.ts';
import { parseFile } from '../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import {
  drainPending,
  keepPending,
  type PendingLookup,
  type PendingLookups,
  settlePending,
} from '../../../../server/src/engine/offline/pendingLookups.ts';
import { assessed, failed } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';

describe('look-ups that wait', () => {
  let pending: FakePending;
  let scanner: FakeScanner;

  beforeEach(() => {
    pending = new FakePending();
    scanner = new FakeScanner();
  });

  const drain = (isPrivate: (name: string) => boolean = () => false): Promise<boolean> =>
    drainPending({ pending, scanner, isPrivate, signal: new AbortController().signal, onAsking: () => undefined });
  const settle = (outcomes: Readonly<Record<string, Assessed | Failed>>): Promise<void> =>
    settlePending(
      pending,
      Object.keys(outcomes).map(toLookup),
      new Map(Object.entries(outcomes).map(([text, outcome]) => [lookupKey(toLookup(text)), outcome])),
    );

  it('are kept once each; of a range its package alone', async () => {
    await keepPending(pending, ['a==1.0', 'a==1.0', 'b>=1', 'b<3'].map(toLookup));
    assert.deepEqual(pending.waiting, ['a==1.0', 'b']);
  });

  it('are done when they are answered, or no service will ever answer them', async () => {
    pending.waiting.push('a==1.0', 'b==1.0', 'c==1.0', 'd==1.0', 'e==1.0', 'f==1.0', 'g==1.0');
    await settle({
      'a==1.0': assessed([]),
      'b==1.0': failed({ reason: 'offline' }),
      'c==1.0': failed({ reason: 'timeout' }),
      'd==1.0': failed({ reason: 'rateLimited' }),
      'e==1.0': failed({ reason: 'badResponse' }),
      'f==1.0': failed({ reason: 'cancelled' }),
      'g==1.0': { ...assessed([]), local: { dataAgeSeconds: 1, because: 'nobody there' } },
    });
    assert.deepEqual(pending.waiting, ['b==1.0', 'c==1.0', 'd==1.0', 'g==1.0']);
  });

  it('wait while one of two ranges of a package does', async () => {
    pending.waiting.push('b');
    await settle({ 'b>=1': assessed([]), 'b<3': failed({ reason: 'offline' }) });
    assert.deepEqual(pending.waiting, ['b']);
  });

  it('are asked in batches until nothing waits', async () => {
    pending.waiting.push(...Array.from({ length: 2_500 }, (_, number) => `p${number}==1.0`), 'b');
    assert.equal(await drain(), true);
    assert.deepEqual(pending.waiting, []);
    assert.deepEqual(
      scanner.questions.map(({ pins }) => pins.length),
      [1000, 1000, 501],
    );
    assert.equal(scanner.questions[2]?.pins.at(-1), 'b ');
  });

  it('are none of them lost when the service fails again in between', async () => {
    pending.waiting.push('a==1.0', 'b==1.0', 'c==1.0');
    scanner.truth.set('b==1.0', failed({ reason: 'offline' }));
    assert.equal(await drain(), false);
    assert.deepEqual(pending.waiting, ['b==1.0']);
    assert.equal(scanner.questions.length, 1);
  });

  it('are forgotten unasked where their names are private by now', async () => {
    pending.waiting.push('acme-core==1.0', 'six==1.0');
    assert.equal(await drain((name) => name.startsWith('acme')), true);
    assert.deepEqual(
      scanner.questions.map(({ pins }) => pins),
      [['six==1.0']],
    );
    assert.deepEqual(pending.waiting, []);
  });
});

class FakePending implements PendingLookups {
  waiting: string[] = [];
  readonly dropped = 0;

  oldestAt(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  add(items: readonly PendingLookup[]): Promise<number> {
    this.waiting = [...new Set([...this.waiting, ...items.map(textOf)])];
    return Promise.resolve(items.length);
  }

  take(limit: number): Promise<readonly PendingLookup[]> {
    const items = this.waiting.slice(0, limit).map((text) => {
      const [name = '', version] = text.split('==');
      return version === undefined ? { name } : { name, version };
    });
    return Promise.resolve(items);
  }

  done(items: readonly PendingLookup[]): Promise<void> {
    const texts = new Set(items.map(textOf));
    this.waiting = this.waiting.filter((text) => !texts.has(text));
    return Promise.resolve();
  }

  size(): Promise<number> {
    return Promise.resolve(this.waiting.length);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function textOf({ name, version }: PendingLookup): string {
  return version === undefined ? name : `${name}==${version}`;
}

/** `name==version`, or a range. */
function toLookup(text: string): Lookup {
  const [item] = parseFile(text).items;
  assert.ok(item?.kind === 'requirement', text);
  const { normalized } = item.name;
  const [, version] = text.split('==');
  return version === undefined
    ? (versionRange(normalized, item.specifier?.clauses ?? []) ?? assert.fail(text))
    : { name: normalized, version };
}
