import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { Words } from '../../core/words/words.ts';
import { askClient } from './askClient.ts';
import type { Timers } from '../environment.ts';

// A scan that is over sooner would only flash.
const showAfterMs = 1_000;
// What has no room after that long is done without; the status says that something is in progress.
const roomLimitMs = 30_000;

export interface LongWork {
  /** What is going on, for people: "Checking 120 requirements". */
  readonly title: string;
  /** Called once, when the user wants it to stop. */
  cancel(): void;
}

export interface ShownWork {
  /** What it has come to. */
  report(message: string): void;
  end(): void;
}

/** Shows work that takes longer than a moment, in the client's own progress display, where it can be cancelled. */
export class Progress {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #words: Words;

  constructor(connection: Connection, timers: Timers, words: Words) {
    this.#connection = connection;
    this.#timers = timers;
    this.#words = words;
  }

  /** Call `end` when the work is over, however it ended. */
  begin(work: LongWork): ShownWork {
    const { said } = this.#words;
    let message = said(work.title);
    let ended = false;
    let shown: WorkDoneProgressServerReporter | undefined;
    const cancelTimer = this.#timers.after(showAfterMs, () => {
      askClient({
        what: 'whether it shows progress',
        limitMs: roomLimitMs,
        timers: this.#timers,
        send: () => this.#connection.window.createWorkDoneProgress(),
        late: (reporter) => reporter.done(),
      }).then(
        (reporter) => {
          if (ended) {
            reporter.done(); // over while the client made room for it
            return;
          }
          shown = reporter;
          reporter.token.onCancellationRequested(() => {
            if (!ended) {
              work.cancel();
            }
          });
          reporter.begin('Pinwatch', undefined, message, true);
        },
        (error: unknown) => this.#connection.console.log(`The client shows no progress: ${String(error)}`),
      );
    });
    return {
      report: (news) => {
        message = said(news);
        shown?.report(message);
      },
      end: () => {
        ended = true;
        cancelTimer();
        shown?.done();
        shown = undefined;
      },
    };
  }
}

/** For a client that cannot show it. */
export const noProgress: Pick<Progress, 'begin'> = Object.freeze({
  begin: () => ({ report: () => undefined, end: () => undefined }),
});
