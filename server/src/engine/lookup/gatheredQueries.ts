import type { AdvisorySource, Answer } from '../ports.ts';
import type { Question } from '../question.ts';
import type { Turns } from '../turns.ts';

// OSV's own limit for a batch.
const mostInBatch = 1000;
// Files that an editor opens together come as one message a turn; reading what storage knows of one takes a few.
const quietTurns = 4;
const mostTurns = 400;

/** Makes one batch of the questions of scans that begin together, as when an editor opens a window with many files. */
export class GatheredQueries {
  readonly #source: Pick<AdvisorySource, 'query'>;
  readonly #turns: Turns;
  #open: Gathering | undefined;

  constructor(source: Pick<AdvisorySource, 'query'>, turns: Turns) {
    this.#source = source;
    this.#turns = turns;
  }

  /** As `AdvisorySource.query`. Rejects with the signal's reason as soon as it is aborted, whatever others ask. */
  query(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
    if (!this.#turns.areTaken || questions.length >= mostInBatch) {
      return this.#source.query(questions, signal);
    }
    if (this.#open === undefined || this.#open.questions.length + questions.length > mostInBatch) {
      const gathering = new Gathering();
      this.#open = gathering;
      gathering.answers = this.#ask(gathering);
      gathering.answers.catch(() => undefined); // each asker hears of it
    }
    return this.#open.take(questions, signal);
  }

  async #ask(gathering: Gathering): Promise<readonly Answer[]> {
    let seen = 0;
    for (let [quiet, turn] = [0, 0]; quiet < quietTurns && turn < mostTurns && this.#open === gathering; turn++) {
      seen = gathering.questions.length;
      await this.#turns.pause();
      quiet = gathering.questions.length === seen ? quiet + 1 : 0;
    }
    if (this.#open === gathering) {
      this.#open = undefined;
    }
    return this.#source.query(gathering.questions, gathering.signal);
  }
}

/** One batch, and who waits for it: it is aborted when nobody does any more. */
class Gathering {
  readonly questions: Question[] = [];
  answers: Promise<readonly Answer[]> = Promise.resolve([]);
  readonly #controller = new AbortController();
  #waiting = 0;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async take(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]> {
    signal.throwIfAborted();
    const start = this.questions.length;
    this.questions.push(...questions);
    this.#waiting++;
    let stop = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      const answers = await Promise.race([this.answers, aborted]);
      return answers.slice(start, start + questions.length);
    } finally {
      signal.removeEventListener('abort', stop);
      if (--this.#waiting === 0) {
        this.#controller.abort(signal.aborted ? signal.reason : undefined);
      }
    }
  }
}
