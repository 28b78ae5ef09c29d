import type { PackageName } from '../../server/src/core/packages/packageName.ts';
import { type AdvisorySource, type Answer, LookupError, type Match } from '../../server/src/engine/ports.ts';
import { type Question, questionKey } from '../../server/src/engine/question.ts';

/** An advisory service in memory: holds matches and records, records questions, fails and waits when told. */
export class FakeSource implements AdvisorySource {
  readonly matches = new Map<string, readonly Match[]>();
  readonly records = new Map<string, unknown>();
  readonly queried: string[][] = [];
  readonly fetched: string[] = [];
  /** Packages asked for as a whole. */
  readonly packages: string[] = [];
  /** Left out of the answers of `package`. */
  readonly lacksInPackages = new Set<string>();
  /** Thrown by `package` while it is set. */
  packageError: LookupError | undefined;
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

  async query(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
    this.queried.push(questions.map(questionKey));
    await this.#wait(signal);
    if (this.queryError !== undefined) {
      throw this.queryError;
    }
    return questions.map((question) => {
      const error = this.failingPins.get(questionKey(question));
      return error === undefined ? { kind: 'matches', matches: this.#matchesOf(question) } : { kind: 'failed', error };
    });
  }

  #matchesOf({ name, version }: Question): readonly Match[] {
    const prefix = `${name}==`;
    const pins = [...this.matches].filter(([pin]) =>
      version === undefined ? pin.startsWith(prefix) : pin === prefix + version,
    );
    return [...new Map(pins.flatMap(([, matches]) => matches.map((match) => [match.id, match]))).values()];
  }

  async package(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]> {
    this.packages.push(name);
    await this.#wait(signal);
    if (this.packageError !== undefined) {
      throw this.packageError;
    }
    const ids = this.#matchesOf({ name }).map(({ id }) => id);
    return ids.filter((id) => !this.lacksInPackages.has(id)).map((id) => this.records.get(id));
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
