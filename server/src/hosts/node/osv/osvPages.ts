import { Deadline } from '../http/deadline.ts';
import { mostRecords } from './osvAnswers.ts';

// A service may serve small pages, and an empty one is not the end; so many in a row that bring nothing new are a loop.
const mostBarrenPages = 20;
const mostPages = 1_000;
// For all pages after the first. Each may take its time, and all together would take hours.
const furtherPagesMs = 5 * 60_000;

/** The time that pages after the first may take together. */
export class FurtherPages {
  /** Of the caller. */
  readonly signal: AbortSignal;
  #deadline: Deadline | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Aborted with the caller's, and when the time is over. */
  get current(): AbortSignal {
    return this.#deadline?.signal ?? this.signal;
  }

  begin(): void {
    this.#deadline ??= new Deadline(this.signal, 'whole', furtherPagesMs);
  }

  end(): void {
    this.#deadline?.end();
  }
}

/** The pages of one question so far, to tell that there is no end of them. */
export class Pages {
  readonly #tokens = new Set<string>();
  readonly #ids = new Set<unknown>();
  #barren = 0;

  /** After a page with these ids and the token of a next one. */
  isLoop(ids: readonly unknown[], token: string): boolean {
    const before = this.#ids.size;
    ids.forEach((id) => this.#ids.add(id));
    this.#barren = this.#ids.size > before ? 0 : this.#barren + 1;
    const isEndless = this.#tokens.size + 1 >= mostPages || this.#ids.size > mostRecords; // they must not fill memory
    const isLoop = this.#tokens.has(token) || this.#barren >= mostBarrenPages || isEndless;
    this.#tokens.add(token);
    return isLoop;
  }
}
