import type { Pin } from '../../server/src/core/assessment/pin.ts';
import { pinKey } from '../../server/src/core/assessment/pin.ts';
import { type AdvisorySource, LookupError, type Match, type PinAnswer } from '../../server/src/scan/ports.ts';

/** An advisory service in memory: holds matches and records, records questions, fails and waits when told. */
export class FakeSource implements AdvisorySource {
  readonly matches = new Map<string, readonly Match[]>();
  readonly records = new Map<string, unknown>();
  readonly queried: string[][] = [];
  readonly fetched: string[] = [];
  /** Thrown by the next `query` calls while it is set. */
  queryError: LookupError | undefined;
  /** Pins that fail for themselves. */
  readonly failingPins = new Map<string, LookupError>();
  /** Resolves when the test lets the answers through. */
  gate: Promise<void> = Promise.resolve();
  readonly signals: AbortSignal[] = [];

  readonly counters = { querybatch: 0, query: 0, vulns: 0, retries: 0, failures: 0, inFlight: 0 };

  /** One record that matches `name==version`. */
  add(pin: string, id: string, record: object = {}, modified = '2026-01-01T00:00:00.000000Z'): void {
    this.matches.set(pin, [...(this.matches.get(pin) ?? []), { id, modified }]);
    const name = pin.split('==')[0];
    this.records.set(id, { id, modified, affected: [{ package: { ecosystem: 'PyPI', name } }], ...record });
  }

  async query(pins: readonly Pin[], signal: AbortSignal): Promise<readonly PinAnswer[]> {
    this.queried.push(pins.map(pinKey));
    await this.#wait(signal);
    if (this.queryError !== undefined) {
      throw this.queryError;
    }
    return pins.map((pin) => {
      const error = this.failingPins.get(pinKey(pin));
      return error === undefined
        ? { kind: 'matches', matches: this.matches.get(pinKey(pin)) ?? [] }
        : { kind: 'failed', error };
    });
  }

  async record(id: string, signal: AbortSignal): Promise<unknown> {
    this.fetched.push(id);
    await this.#wait(signal);
    const record = this.records.get(id);
    if (record === undefined) {
      throw new LookupError('badResponse', `${id} was not found.`);
    }
    return record;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    this.signals.push(signal);
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    aborted.catch(() => undefined);
    await Promise.race([this.gate, aborted]);
    signal.throwIfAborted();
  }
}
