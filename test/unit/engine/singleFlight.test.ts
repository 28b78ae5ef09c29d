import assert from 'node:assert/strict';
import { SingleFlight } from '../../../server/src/engine/singleFlight.ts';

describe('single flight', () => {
  let flights: SingleFlight<string, string>;
  let begun: {
    readonly signal: AbortSignal;
    readonly end: (text: string) => void;
    readonly fail: (error: Error) => void;
  }[];
  beforeEach(() => {
    flights = new SingleFlight();
    begun = [];
  });

  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((end, fail) => {
      begun.push({ signal, end, fail });
    });
  const run = (key: string, signal = new AbortController().signal): Promise<string> => flights.run(key, work, signal);
  const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('does the work once for all who ask meanwhile, and again afterwards', async () => {
    const answers = [run('a'), run('a'), run('b')];
    await soon();
    assert.equal(begun.length, 2);
    begun.forEach(({ end }, index) => end(`answer ${index}`));
    assert.deepEqual(await Promise.all(answers), ['answer 0', 'answer 0', 'answer 1']);
    const later = run('a');
    await soon();
    begun[2]?.end('again');
    assert.equal(await later, 'again');
  });

  it('begins when it is registered, so that work may ask for its own key', async () => {
    let seen: unknown;
    const shared = flights.begin(['a'], () => Promise.resolve(String((seen = flights.get('a')) === shared)));
    assert.equal(seen, undefined);
    assert.equal(await shared.wait(new AbortController().signal), 'true');
  });

  it('keeps no failure', async () => {
    const [first, other] = [run('a'), run('a')];
    await soon();
    begun[0]?.fail(new Error('no luck'));
    await assert.rejects(first, /no luck/u);
    await assert.rejects(other, /no luck/u);
    const second = run('a');
    await soon();
    begun[1]?.end('luck');
    assert.equal(await second, 'luck');
  });

  it('lets one who leaves go, and ends the work when the last one does', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const [left, stayed] = [run('a', one.signal), run('a', other.signal)];
    await soon();
    one.abort(new Error('gone'));
    await assert.rejects(left, /gone/u);
    assert.equal(begun[0]?.signal.aborted, false);
    other.abort(new Error('gone too'));
    await assert.rejects(stayed, /gone too/u);
    assert.equal(begun[0].signal.aborted, true);
    // Nobody joins what was left, though it has not ended yet.
    const second = run('a');
    await soon();
    begun[0].end('late');
    begun[1]?.end('again');
    assert.equal(await second, 'again');
  });

  it('serves several keys at once, and gives way to what is begun in its place', async () => {
    const { signal } = new AbortController();
    const both = flights.begin(['a', 'b'], work);
    const waits = both.wait(signal);
    assert.equal(flights.get('b'), both);
    const again = flights.begin(['a'], work);
    await soon();
    begun[0]?.end('first');
    assert.equal(await waits, 'first');
    assert.deepEqual([flights.get('a'), flights.get('b')], [again, undefined]);
    begun[1]?.end('second');
    assert.equal(await again.wait(signal), 'second');
  });
});
