import type { PackageName } from '../../../core/packages/packageName.ts';
import { parseVersion } from '../../../core/versions/version.ts';
import { type AdvisoryDatabase, DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import {
  type AdvisorySource,
  type Answer,
  type Clock,
  LookupError,
  type Match,
  type SourceCounters,
  type SourceHealth,
} from '../../../engine/ports.ts';
import { type Question, questionKey } from '../../../engine/question.ts';

export interface DatabaseSource extends AdvisorySource {
  readonly health: SourceHealth;
  /** How old the data are, in whole seconds; `undefined` where there are none. */
  dataAgeSeconds(): number | undefined;
}

/**
 * Advisories from the local database. Where there is none, or it cannot be used, every question fails and says so; it is
 * opened by the first question, and again by the next one while it cannot be.
 */
export function createDatabaseSource(open: () => AdvisoryDatabase, clock: Clock): DatabaseSource {
  return new SqliteSource(open, clock);
}

class SqliteSource implements DatabaseSource {
  readonly #open: () => AdvisoryDatabase;
  readonly #clock: Clock;
  #database: AdvisoryDatabase | undefined;
  #failures = 0;
  #lastAnswerAt: number | undefined;
  #lastError: string | undefined;

  constructor(open: () => AdvisoryDatabase, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  /** Nothing leaves the machine. */
  get counters(): SourceCounters {
    return { querybatch: 0, query: 0, vulns: 0, retries: 0, failures: this.#failures, inFlight: 0 };
  }

  get health(): SourceHealth {
    return { lastAnswerAt: this.#lastAnswerAt, lastError: this.#lastError };
  }

  dataAgeSeconds(): number | undefined {
    try {
      return this.#opened().ageSeconds();
    } catch (error) {
      if (error instanceof DatabaseError) {
        return undefined; // the caller of a look-up gets the reason
      }
      throw error;
    }
  }

  query(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
    return this.#answer(signal, (database) => {
      const answers = new Map<string, Answer>();
      for (const question of questions) {
        const key = questionKey(question);
        answers.set(key, answers.get(key) ?? answerOf(database, question));
      }
      return questions.map((question) => answers.get(questionKey(question)) ?? answerOf(database, question));
    });
  }

  package(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]> {
    return this.#answer(signal, (database) => {
      return database.advisoriesOf(name).map(({ id }) => database.record(id));
    });
  }

  record(id: string, signal: AbortSignal): Promise<unknown> {
    return this.#answer(signal, (database) => {
      const record = database.record(id);
      if (record === undefined) {
        throw new LookupError('badResponse', `${id} is not in the advisory database.`);
      }
      return record;
    });
  }

  close(): Promise<void> {
    this.#forget();
    return Promise.resolve();
  }

  // Promised all the same: the port is asynchronous.
  // eslint-disable-next-line @typescript-eslint/require-await
  async #answer<T>(signal: AbortSignal, ask: (database: AdvisoryDatabase) => T): Promise<T> {
    signal.throwIfAborted();
    try {
      const answer = ask(this.#current());
      this.#lastAnswerAt = this.#clock.now();
      this.#lastError = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof DatabaseError)) {
        throw error;
      }
      // It may have been set aside and built again by the time of the next question.
      this.#forget();
      this.#failures++;
      this.#lastError = error.message;
      const isThere = error.reason === 'unusable' || error.reason === 'exposed';
      throw new LookupError(isThere ? 'badResponse' : 'offline', error.message, { cause: error });
    }
  }

  /** With what other processes have written since. */
  #current(): AdvisoryDatabase {
    if (!this.#opened().refresh()) {
      this.#forget();
    }
    return this.#opened();
  }

  #forget(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #opened(): AdvisoryDatabase {
    this.#database ??= this.#open();
    return this.#database;
  }
}

function answerOf(database: AdvisoryDatabase, { name, version }: Question): Answer {
  if (version === undefined) {
    return toAnswer(database.advisoriesOf(name));
  }
  const parsed = parseVersion(version);
  if (parsed === undefined) {
    const message = `"${version}" is no PEP 440 version, so ${name} was not looked up.`;
    return { kind: 'failed', error: new LookupError('badResponse', message) };
  }
  return toAnswer(database.advisoriesAffecting(name, parsed));
}

function toAnswer(matches: readonly Match[]): Answer {
  return { kind: 'matches', matches: matches.map(({ id, modified }) => ({ id, modified })) };
}
