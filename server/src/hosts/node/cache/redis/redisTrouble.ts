import type { Clock, Log } from '../../../../engine/ports.ts';

export type TroubleKind = 'address' | 'lost' | 'slow' | 'unread' | 'unwritten';

// A server that comes and goes is not worth a line each time.
const quietMs = 60_000;

/** What keeps Redis from being used: one line in the log when it begins, and one when it is over. */
export class RedisTrouble {
  readonly #shownAddress: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #present: { readonly kind: TroubleKind; readonly message: string; readonly logged: boolean } | undefined;
  #quietUntil = -Infinity;

  constructor(shownAddress: string, clock: Clock, log: Log) {
    this.#shownAddress = shownAddress;
    this.#clock = clock;
    this.#log = log;
  }

  /** For people; `undefined` where there is none. */
  get message(): string | undefined {
    return this.#present?.message;
  }

  begin(kind: TroubleKind, message: string): void {
    if (this.#present !== undefined) {
      // One line is enough. Of one kind the first word counts: a connection is closed after what was wrong with it.
      this.#present = this.#present.kind === kind ? this.#present : { kind, message, logged: this.#present.logged };
      return;
    }
    const now = this.#clock.now();
    const logged = now >= this.#quietUntil;
    this.#present = { kind, message, logged };
    if (logged) {
      this.#quietUntil = now + quietMs;
      this.#log.warn(message, { event: 'cache.unavailable', tier: 'redis' });
    }
  }

  /** It is over, if it is of this kind. */
  end(kind: TroubleKind): void {
    if (this.#present?.kind !== kind) {
      return;
    }
    if (this.#present.logged) {
      this.#log.info(`Redis at ${this.#shownAddress} is used again.`, { event: 'cache.available', tier: 'redis' });
    }
    this.#present = undefined;
  }
}
