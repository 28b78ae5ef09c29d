import assert from 'node:assert/strict';
import { LookupError } from '../../../../../server/src/engine/ports.ts';
import { HttpStatusError } from '../../../../../server/src/hosts/node/http/httpStatusError.ts';
import {
  type Connection,
  ResilientClient,
  type ResilientOptions,
} from '../../../../../server/src/hosts/node/http/resilientClient.ts';
import type { ObserveAttempt } from '../../../../../server/src/hosts/node/http/requestObserver.ts';
import { FakeTiming } from '../../../../support/fakeTiming.ts';
import { lookupFailure } from '../../../../support/lookupFailure.ts';

class FakeConnection implements Connection {
  readonly name: string;
  preconnected = 0;
  resets = 0;
  closed = 0;
  constructor(name = 'first') {
    this.name = name;
  }
  preconnect(): void {
    this.preconnected++;
  }
  reset(): void {
    this.resets++;
  }
  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

const { signal } = new AbortController();
const refused = (): Error => Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
const lost = (): Error => Object.assign(new Error('gone'), { code: 'UND_ERR_SOCKET' });

describe('resilient client', () => {
  let timing: FakeTiming;
  let connection: FakeConnection;
  beforeEach(() => {
    timing = new FakeTiming();
    connection = new FakeConnection();
  });

  const clientOf = (more: Partial<ResilientOptions<FakeConnection>> = {}): ResilientClient<FakeConnection> =>
    new ResilientClient({
      client: connection,
      baseUrl: 'https://service.example/api',
      timeoutMs: 1000,
      tries: { mostRetries: 2, mostRetriesWhenLost: 3 },
      hasBreaker: true,
      timing,
      ...more,
    });
  /** An attempt that fails so many times; then it answers with how often it was made. */
  const failing = (times: number, why: () => Error): { made: number; attempt: () => Promise<number> } => {
    const calls = {
      made: 0,
      attempt: (): Promise<number> => (++calls.made > times ? Promise.resolve(calls.made) : Promise.reject(why())),
    };
    return calls;
  };

  it('tries again as often as its limits say, and waits longer each time', async () => {
    assert.equal(await clientOf().call('page', failing(2, refused).attempt, signal), 3);
    assert.deepEqual(timing.sleptMs, [225, 450]);
    const error = await lookupFailure(clientOf().call('page', failing(3, refused).attempt, signal));
    assert.match(error.message, /^service\.example could not be reached \(ECONNREFUSED\)/u);
    assert.equal(await clientOf().call('page', failing(3, lost).attempt, signal), 4);
    const one = { mostRetries: 1, mostRetriesWhenLost: 1 };
    await assert.rejects(clientOf({ tries: one }).call('page', failing(2, lost).attempt, signal), LookupError);
  });

  it('tries more often, and soon, while the service answers others', async () => {
    const client = clientOf({ tries: { mostRetries: 2, mostRetriesWhenLost: 2, mostByChance: 6 } });
    const broken = (): Error => new HttpStatusError(500, undefined, '');
    const calls = failing(8, broken);
    const alone = failing(3, broken);
    const among = async (): Promise<number> => {
      await client.call('page', () => Promise.resolve(1), signal);
      return calls.attempt();
    };
    assert.equal(await client.call('page', among, signal), 9);
    assert.deepEqual(timing.sleptMs, [75, 225, 225, 225, 225, 225, 225, 450]);
    await assert.rejects(client.call('page', alone.attempt, signal), LookupError);
    assert.equal(alone.made, 3);
  });

  it('is as patient as a service asks, though it answers others', async () => {
    const client = clientOf({ tries: { mostRetries: 2, mostRetriesWhenLost: 2, mostByChance: 6 } });
    for (const [status, retryAfter] of [
      [429, undefined],
      [503, '2'],
    ] as const) {
      const calls = failing(1, () => new HttpStatusError(status, retryAfter, ''));
      const among = async (): Promise<number> => {
        await client.call('page', () => Promise.resolve(1), signal);
        return calls.attempt();
      };
      await client.call('page', among, signal);
    }
    assert.deepEqual(timing.sleptMs, [225, 2_150]);
  });

  it('does not try again what another try does not change', async () => {
    for (const why of [new HttpStatusError(404, undefined, ''), new LookupError('badResponse', 'sent nonsense')]) {
      const calls = failing(1, () => why);
      assert.equal((await lookupFailure(clientOf().call('x', calls.attempt, signal))).reason, 'badResponse');
      assert.equal(calls.made, 1);
    }
  });

  it('throws what is not the service’s doing as it is, at once, and blames nobody for it', async () => {
    class DiskError extends Error {}
    const client = clientOf({ isOwn: (error) => error instanceof DiskError });
    const calls = failing(1, () => new DiskError('full'));
    await assert.rejects(client.call('x', calls.attempt, signal), DiskError);
    assert.equal(calls.made, 1);
    assert.deepEqual([client.counters.failures, client.health.lastError], [0, undefined]);
  });

  it('holds calls back after five in a row that failed, where it has a breaker', async () => {
    const [guarded, plain] = [clientOf(), clientOf({ hasBreaker: false })];
    const calls = failing(Infinity, refused);
    for (const client of [guarded, plain]) {
      for (let time = 0; time < 5; time++) await lookupFailure(client.call('x', calls.attempt, signal));
    }
    const before = calls.made;
    assert.match(
      (await lookupFailure(guarded.call('x', calls.attempt, signal))).message,
      /asked again not before \d+ s/u,
    );
    assert.deepEqual([guarded.circuit, plain.circuit, calls.made], ['open', 'closed', before]);
    await lookupFailure(plain.call('x', calls.attempt, signal));
    assert.ok(calls.made > before);
  });

  it('does not wait past the time for all tries; without one it waits for ever', async () => {
    const patient = { status: 503, retryAfter: '9' };
    const why = (): Error => new HttpStatusError(patient.status, patient.retryAfter, '');
    const limited = failing(1, why);
    await lookupFailure(clientOf({ wholeMs: 5_000 }).call('x', limited.attempt, signal));
    assert.equal(limited.made, 1);
    assert.equal(await clientOf().call('page', failing(1, why).attempt, signal), 2);
  });

  it('goes on over another connection, and closes the former', async () => {
    const other = new FakeConnection('other');
    const client = clientOf();
    let made = 0;
    const name = await client.call(
      'x',
      async (one) => {
        if (made++ === 0) {
          await client.useClient(other);
          throw lost();
        }
        return one.name;
      },
      signal,
    );
    assert.deepEqual([name, connection.closed, other.closed], ['other', 1, 0]);
  });

  it('has its client choose again only where something is wrong', async () => {
    const client = clientOf();
    await client.call('page', failing(0, refused).attempt, signal);
    client.reset();
    await lookupFailure(client.call('page', failing(9, refused).attempt, signal));
    client.reset();
    assert.equal(connection.resets, 1);
  });

  it('says that it tries again, to those who listen and to those who come later', async () => {
    const client = clientOf();
    const heard: string[] = [];
    client.onTrouble((why) => heard.push(`first ${why}`));
    await client.call(
      'x',
      () => {
        if (heard.length === 0) return Promise.reject(refused());
        client.onTrouble((why) => heard.push(`second ${why}`));
        return Promise.resolve();
      },
      signal,
    );
    assert.deepEqual(
      heard.map((words) => words.slice(0, 22)),
      ['first service.example ', 'second service.example'],
    );
  });

  it('rejects with the reason of the signal', async () => {
    const leaver = new AbortController();
    await assert.rejects(
      clientOf().call(
        'x',
        () => {
          leaver.abort(new Error('gone home'));
          return Promise.reject(refused());
        },
        leaver.signal,
      ),
      /gone home/u,
    );
  });

  it('shows each attempt to the observer: what was asked, how it went, and whether it is tried again', async () => {
    const seen: string[] = [];
    const observe: ObserveAttempt = ({ endpoint, attempt, failure }) => {
      const error = failure?.error;
      const how = error === undefined ? 'ok' : error === 'cancelled' ? error : error.reason;
      seen.push(`${endpoint} ${attempt} ${how}${failure?.isLast === false ? ', again' : ''}`);
    };
    await clientOf({ observe }).call('query', failing(1, refused).attempt, signal);
    await lookupFailure(
      clientOf({ observe }).call('page', failing(9, () => new HttpStatusError(404, undefined, '')).attempt, signal),
    );
    assert.deepEqual(seen.splice(0), ['query 1 offline, again', 'query 2 ok', 'page 1 badResponse']);

    const one = { mostRetries: 0, mostRetriesWhenLost: 0 };
    const guarded = clientOf({ observe, tries: one });
    for (let time = 0; time < 6; time++)
      await lookupFailure(guarded.call('query', failing(9, refused).attempt, signal));
    assert.deepEqual(seen.splice(0).slice(-2), ['query 1 offline', 'query 0 offline']);

    const stopped = new AbortController();
    const attempt = (): Promise<never> => {
      stopped.abort(new Error('enough'));
      return Promise.reject(refused());
    };
    await assert.rejects(clientOf({ observe }).call('query', attempt, stopped.signal), /enough/u);
    assert.deepEqual(seen, ['query 1 cancelled']);
  });
});
