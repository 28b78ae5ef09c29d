import assert from 'node:assert/strict';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { type Lookup, lookupKey } from '../../../../server/src/core/assessment/lookup.ts';
import type { Assessed } from '../../../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { AdvisoryStore } from '../../../../server/src/engine/store/advisoryStore.ts';
import { type PackageKnowledge, packageKnowledge } from '../../../../server/src/engine/store/packageKnowledge.ts';
import { noon } from '../../../support/builders.ts';
import { osvRecord } from '../../../support/databaseFixture.ts';
import { FakeTier } from '../../../support/fakeTier.ts';

const hourMs = 3_600_000;
const name = normalizeName('demo');
const record = osvRecord('A-1');
const pin = (version: string): Lookup => ({ name, version });

describe('the store of what is known', () => {
  let now: number;
  let tier: FakeTier;
  beforeEach(() => {
    now = noon;
    tier = new FakeTier();
  });

  const storeOver = (more: { readonly sourceId?: string; readonly outcomesOnly?: { version: string } } = {}) =>
    new AdvisoryStore({
      sourceId: 'https://osv.test',
      tiers: [tier],
      clock: { now: () => now },
      limits: { maxEntries: 100, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
      ...more,
    });
  const knowledge = (at = noon): PackageKnowledge => {
    const { advisory } = decodeOsv(record);
    assert.ok(advisory);
    return packageKnowledge({ name, advisories: [advisory], checkedAt: at, fetchedAt: at });
  };
  const clean: Assessed = { kind: 'assessed', verdict: 'clean', findings: [], checkedAt: noon };
  const keepPackage = (store: AdvisoryStore): void => {
    store.keepKnowledge(knowledge());
    store.keepRecords(knowledge(), [record], now);
  };

  it('answers from memory, and says when its answers change and grow old', () => {
    const store = storeOver();
    const { revision } = store;
    assert.equal(store.outcome(pin('1.0')), undefined);
    store.keepOutcome(pin('1.0'), clean);
    assert.notEqual(store.revision, revision);
    assert.equal(store.outcome(pin('1.0'))?.fresh, true);
    assert.equal(store.freshUntil(clean), noon + hourMs / 2);
    now = store.freshUntil(clean);
    assert.equal(store.outcome(pin('1.0'))?.fresh, false);
    assert.deepEqual(store.figures, { entries: 1, capacity: 100, evictions: 0 });
  });

  it('keeps a package in memory and in the tiers, and recalls it in another run', async () => {
    keepPackage(storeOver());
    const later = storeOver();
    assert.equal(later.knowledge(name), undefined);
    await later.recall([pin('1.0')]);
    assert.deepEqual(
      later.knowledge(name)?.facts.advisories.entries.map(({ advisory }) => advisory.id),
      ['A-1'],
    );
    const other = storeOver({ sourceId: 'https://other.test' });
    await other.recall([pin('1.0')]);
    assert.equal(other.knowledge(name), undefined);
  });

  it('names what the tiers know to be vulnerable without details, and never takes it for an answer', async () => {
    storeOver().keepAnswer({ name, version: '1.0' }, [{ id: 'A-1', modified: 'x' }], noon);
    const later = storeOver();
    const { bare } = await later.recall([pin('1.0')]);
    assert.deepEqual(
      [...bare.values()].map(({ verdict }) => verdict),
      ['vulnerable'],
    );
    assert.equal(later.outcome(pin('1.0'))?.fresh, false);
  });

  it('believes nothing of the tiers that is of the future', async () => {
    now = noon + hourMs;
    storeOver().keepAnswer({ name, version: '1.0' }, [], now);
    now = noon;
    const store = storeOver();
    await store.recall([pin('1.0')]);
    assert.equal(store.outcome(pin('1.0')), undefined);
  });

  it('no longer says what a package is free of once records of it could not be had', async () => {
    const store = storeOver();
    keepPackage(store);
    store.doubtKnowledge(name, [{ id: 'A-2', modified: 'x' }]);
    assert.deepEqual(store.knowledge(name)?.unreadable, ['A-2']);
    assert.equal(store.outcome(pin('9.9')), undefined);
    const later = storeOver();
    await later.recall([pin('9.9')]);
    assert.equal(later.knowledge(name), undefined);
  });

  it('forgets everything at once, and keeps nothing of what was read before it', async () => {
    const store = storeOver();
    keepPackage(store);
    const isCurrent = store.mark();
    store.keepAnswer({ name, version: '2.0' }, [], noon);
    const recalling = storeOver();
    const recall = recalling.recall([pin('2.0')]);
    await recalling.clear();
    await recall;
    assert.equal(recalling.outcome(pin('2.0')), undefined);
    assert.equal(isCurrent(), true);
    await store.clear();
    assert.deepEqual([isCurrent(), store.knowledge(name), tier.texts.size], [false, undefined, 0]);
  });

  it('lets go of packages whose look-ups are answered only where nobody asks about packages', () => {
    for (const [outcomesOnly, left] of [
      [undefined, true],
      [{ version: '1' }, false],
    ] as const) {
      const store = storeOver(outcomesOnly === undefined ? {} : { outcomesOnly });
      keepPackage(store);
      store.settled(name);
      assert.equal(store.knowledge(name) !== undefined, left);
    }
  });

  it('holds what it recalls of a package only until its look-ups are answered, where nobody asks about packages', async () => {
    keepPackage(storeOver());
    const once = storeOver({ outcomesOnly: { version: '1' } });
    const { known } = await once.recall([pin('1.0')]);
    const whole = storeOver();
    await whole.recall([pin('1.0')]);
    assert.deepEqual(known.get(lookupKey(pin('1.0'))), whole.outcome(pin('1.0'))?.outcome);
    assert.equal(once.knowledge(name), undefined);
    now += 2 * hourMs;
    const old = storeOver({ outcomesOnly: { version: '1' } });
    assert.equal((await old.recall([pin('1.0')])).known.size, 0);
    assert.notEqual(old.knowledge(name), undefined, 'the service says what of it has changed');
  });

  it('takes things of the same name for different ones: a package, its release and a record', () => {
    const store = storeOver();
    keepPackage(store);
    const { advisory } = decodeOsv(osvRecord('demo'));
    assert.ok(advisory);
    store.keepAdvisory({ id: 'demo', modified: 'x' }, advisory, {});
    store.keepOutcome({ name, specifier: [], text: '' }, clean);
    assert.equal(store.figures.entries, 3);
    assert.equal(store.knowledge(name)?.name, name);
    assert.equal(store.advisory({ id: 'demo', modified: 'x' })?.id, 'demo');
  });
});
