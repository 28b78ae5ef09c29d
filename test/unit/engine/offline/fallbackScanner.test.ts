import assert from 'node:assert/strict';
import type { Assessed, Failed } from '../../../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import type { Outcomes } from '../../../../server/src/engine/lookup/scanner.ts';
import { FallbackScanner } from '../../../../server/src/engine/offline/fallbackScanner.ts';
import { assessed, failed, finding, noon } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';

const hourSeconds = 3600;
const django = { name: normalizeName('django'), version: '3.2.0' };
const six = { name: normalizeName('six'), version: '1.0' };

describe('fallback scanner', () => {
  let online: FakeScanner;
  let local: FakeScanner;
  let dataAgeSeconds: number | undefined;
  let timers: FakeTimers;
  const after = (delayMs: number, call: () => void): (() => void) => timers.after(delayMs, call);

  beforeEach(() => {
    timers = new FakeTimers();
    online = new FakeScanner();
    local = new FakeScanner();
    dataAgeSeconds = 5 * hourSeconds;
  });

  const listeners = new Set<(why: string) => void>();
  const onTrouble = (listener: (why: string) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const scan = async (): Promise<readonly (Assessed | Failed | undefined)[]> => {
    const scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => dataAgeSeconds, onTrouble, after });
    const outcomes = await scanner.scan([django, six], { signal: new AbortController().signal });
    return ['django==3.2.0', 'six==1.0'].map((key) => outcomes.get(key));
  };

  it('leaves the database alone while the service answers', async () => {
    const outcomes = await scan();
    assert.deepEqual(outcomes, [assessed([]), assessed([])]);
    assert.deepEqual(local.questions, []);
  });

  it('asks the database about what failed and nothing else, and says so with the age of its data', async () => {
    online.truth.set('django==3.2.0', failed({ message: 'nobody there' }));
    local.truth.set('django==3.2.0', assessed([finding()]));
    const [first, second] = await scan();
    assert.deepEqual(first, { ...assessed([finding()]), local: { dataAgeSeconds, because: 'nobody there' } });
    assert.deepEqual(second, assessed([]));
    assert.deepEqual(
      local.questions.map(({ pins }) => pins),
      [['django==3.2.0']],
    );
  });

  it('fails with both reasons where the database cannot tell either', async () => {
    online.truth.set('six==1.0', failed({ reason: 'offline', message: 'Nobody there.' }));
    local.truth.set('six==1.0', failed({ message: 'There is no database.' }));
    const [, outcome] = await scan();
    assert.deepEqual(outcome, failed({ reason: 'offline', message: 'Nobody there. There is no database.' }));
  });

  for (const [what, age, answeredAgoSeconds, stays] of [
    ['younger than the data', 5 * hourSeconds, 2 * hourSeconds, true],
    ['older than the data', 5 * hourSeconds, 6 * hourSeconds, false],
    ['there, and nobody knows how old the data are', undefined, 6 * hourSeconds, true],
  ] as const) {
    it(`${stays ? 'keeps' : 'replaces'} the service's last answer where it is ${what}`, async () => {
      dataAgeSeconds = age;
      const lastKnown = assessed([finding()], noon - answeredAgoSeconds * 1000);
      online.truth.set('django==3.2.0', failed({ lastKnown }));
      const [outcome] = await scan();
      assert.deepEqual(
        outcome,
        stays ? failed({ lastKnown }) : { ...assessed([]), local: { dataAgeSeconds: age, because: failed().message } },
      );
    });
  }

  it('tells of a package what the service said, else what the database says', () => {
    const scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => undefined, onTrouble, after });
    assert.equal(scanner.peekPackage(six.name), undefined);
    assert.deepEqual(scanner.peek(six), { kind: 'unknown' });
  });

  it('keeps nothing of the database: the next scan asks the service again', async () => {
    online.truth.set('django==3.2.0', failed());
    await scan();
    online.truth.delete('django==3.2.0');
    const [outcome] = await scan();
    assert.deepEqual(outcome, assessed([]));
  });

  describe('while the service is asked again', () => {
    let scanner: FallbackScanner;
    let progressed: Promise<void>;
    let outcomes: ReturnType<FallbackScanner['scan']>;

    /** A scan whose service does not answer a first time. */
    async function begin(): Promise<void> {
      online.holds = true;
      scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => dataAgeSeconds, onTrouble, after });
      progressed = new Promise((resolve) => {
        outcomes = scanner.scan([django, six], { signal: new AbortController().signal, onProgress: resolve });
      });
      await online.question(1);
      listeners.forEach((tell) => tell('It failed (HTTP 503).'));
    }
    const end = async () => {
      online.questions[0]?.answer();
      return outcomes;
    };

    it('tells at once what the database says, as stale and with its age, and lets the service have the last word', async () => {
      local.truth.set('django==3.2.0', assessed([finding()]));
      await begin();
      const before = scanner.revision;
      await progressed;
      const basis = { dataAgeSeconds, because: 'It failed (HTTP 503).' };
      assert.deepEqual(scanner.peek(django), { kind: 'stale', outcome: { ...assessed([finding()]), local: basis } });
      assert.deepEqual(scanner.peek(six), { kind: 'stale', outcome: { ...assessed([]), local: basis } });
      assert.ok(scanner.revision > before, 'what is shown is brought up to date');
      assert.deepEqual((await end()).get('django==3.2.0'), assessed([]));
      assert.equal(scanner.peek(django).kind, 'fresh');
    });

    it('keeps nothing of it when the service has failed for good', async () => {
      online.truth.set('django==3.2.0', failed({ message: 'for good' }));
      await begin();
      await progressed;
      const outcome = (await end()).get('django==3.2.0');
      assert.ok(outcome?.kind === 'assessed' && outcome.local?.because === 'for good');
      assert.deepEqual(scanner.peek(django), { kind: 'unknown' });
      assert.equal(listeners.size, 0);
    });

    it('does not contradict a younger answer of the service', async () => {
      dataAgeSeconds = 5 * hourSeconds;
      await online.scan([django], { signal: new AbortController().signal });
      online.age();
      local.truth.set('django==3.2.0', assessed([finding()]));
      online.questions.length = 0;
      await begin();
      await progressed;
      assert.deepEqual(scanner.peek(django), { kind: 'stale', outcome: assessed([]) });
      await end();
    });

    it('does not mind a database that cannot tell', async () => {
      local.truth.set('django==3.2.0', failed());
      await begin();
      await progressed;
      assert.deepEqual(scanner.peek(django), { kind: 'unknown' });
      await end();
    });
  });

  describe('while the service is silent', () => {
    let scanner: FallbackScanner;
    let progressed: Promise<void>;
    let outcomes: ReturnType<FallbackScanner['scan']>;
    let own: AbortController;
    let abortedWith: Outcomes | undefined;

    async function begin(): Promise<void> {
      online.holds = true;
      own = new AbortController();
      scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => dataAgeSeconds, onTrouble, after });
      progressed = new Promise((resolve) => {
        outcomes = scanner.scan([django, six], {
          signal: own.signal,
          onProgress: resolve,
          onAborted: (known) => (abortedWith = known),
        });
      });
      await online.question(1);
    }

    it('leaves the database alone for two seconds, then tells what it says until the service has answered', async () => {
      local.truth.set('django==3.2.0', assessed([finding()]));
      await begin();
      timers.elapse(1_999);
      assert.deepEqual([local.questions.length, scanner.peek(django).kind], [0, 'unknown']);
      timers.elapse(2_000);
      await progressed;
      const basis = { dataAgeSeconds, because: 'No answer has come for 2 s.' };
      assert.deepEqual(scanner.peek(django), { kind: 'stale', outcome: { ...assessed([finding()]), local: basis } });
      online.questions[0]?.answer();
      assert.deepEqual((await outcomes).get('django==3.2.0'), assessed([]));
      assert.equal(scanner.peek(django).kind, 'fresh');
      assert.deepEqual(timers.delaysMs, []);
    });

    it('asks the database once, however the trouble goes on', async () => {
      await begin();
      timers.elapse(2_000);
      await progressed;
      listeners.forEach((tell) => tell('It failed (HTTP 503).'));
      online.truth.set('django==3.2.0', failed({ message: 'for good' }));
      online.truth.set('six==1.0', failed({ message: 'for good' }));
      assert.equal(local.questions.length, 1);
      online.questions[0]?.answer();
      const outcome = (await outcomes).get('six==1.0');
      assert.ok(outcome?.kind === 'assessed' && outcome.local?.because === 'for good');
    });

    it('counts the silence from the last answer that came in', async () => {
      const listened: number[] = [];
      const silent = { after: (delayMs: number) => (listened.push(delayMs), () => undefined) };
      online.scan = (_lookups, { onProgress }) => {
        onProgress?.();
        return Promise.resolve(new Map());
      };
      scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => dataAgeSeconds, onTrouble, ...silent });
      await scanner.scan([django], { signal: new AbortController().signal });
      assert.deepEqual(listened, [2_000, 2_000]);
    });

    it('fails with both reasons where there is no database', async () => {
      local.truth.set('django==3.2.0', failed({ message: 'There is no database.' }));
      online.truth.set('django==3.2.0', failed({ reason: 'timeout', message: 'Nobody answered.' }));
      await begin();
      timers.elapse(2_000);
      await progressed;
      assert.equal(scanner.peek(django).kind, 'unknown');
      online.questions[0]?.answer();
      const outcome = (await outcomes).get('django==3.2.0');
      assert.deepEqual(outcome, failed({ reason: 'timeout', message: 'Nobody answered. There is no database.' }));
    });

    it('hands over what the database said when it is aborted', async () => {
      local.truth.set('django==3.2.0', assessed([finding()]));
      online.scan = (_lookups, { signal, onAborted }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            onAborted?.(new Map([['six==1.0', assessed([])]]));
            reject(signal.reason as Error);
          });
        });
      own = new AbortController();
      scanner = new FallbackScanner({ online, local, dataAgeSeconds: () => dataAgeSeconds, onTrouble, after });
      progressed = new Promise((resolve) => {
        outcomes = scanner.scan([django, six], {
          signal: own.signal,
          onProgress: resolve,
          onAborted: (known) => (abortedWith = known),
        });
      });
      timers.elapse(2_000);
      await progressed;
      own.abort(new Error('left'));
      await assert.rejects(outcomes, /left/u);
      const told = abortedWith?.get('django==3.2.0');
      assert.ok(told?.kind === 'assessed' && told.local !== undefined && told.findings.length === 1);
      assert.deepEqual(abortedWith?.get('six==1.0'), assessed([]));
      assert.equal(scanner.peek(django).kind, 'unknown', 'nothing of it stays');
    });
  });
});
