import type { Clock } from '../../../engine/ports.ts';
import type { FileId } from '../../../project/fileId.ts';
import type { Timers } from '../../environment.ts';

// The next message of the client is handled a turn after the one before it.
const quietTurns = 2;
// Who floods sees something at least this often.
const longestHeldMs = 50;

/**
 * Edits that follow each other turn by turn: what they come to together is worked out once no other one follows at once, and
 * in a longer flood now and then. An edit that is alone is worked out in its own turn.
 */
export class EditFloods {
  readonly #timers: Pick<Timers, 'nextTurn'>;
  readonly #clock: Clock;
  readonly #held = new Map<FileId, () => void>();
  #heldSinceMs = 0;
  #turnsLeft = 0;
  #waitsForTurn = false;
  /** Whether an edit that comes now follows another one at once. */
  isOn = false;

  constructor(timers: Pick<Timers, 'nextTurn'>, clock: Clock) {
    this.#timers = timers;
    this.#clock = clock;
  }

  /** An edit has been worked out. */
  workedOut(): void {
    this.#turnsLeft = quietTurns;
    this.isOn = true;
    this.#awaitTurn();
  }

  /** An edit has been taken and is still to be worked out, which is what `workOut` does; the same call for all of a file. */
  hold(file: FileId, workOut: () => void): void {
    if (this.#held.size === 0) {
      this.#heldSinceMs = this.#elapsedMs();
    }
    this.#held.set(file, workOut);
    this.workedOut();
  }

  #awaitTurn(): void {
    if (!this.#waitsForTurn) {
      this.#waitsForTurn = true;
      this.#timers.nextTurn(() => this.#turn());
    }
  }

  #turn(): void {
    this.#waitsForTurn = false;
    this.#turnsLeft--;
    this.isOn = this.#turnsLeft > 0;
    const isOver = !this.isOn || this.#elapsedMs() - this.#heldSinceMs >= longestHeldMs;
    if (this.#held.size > 0 && isOver) {
      const held = [...this.#held.values()];
      this.#held.clear();
      this.workedOut();
      held.forEach((workOut) => workOut());
    } else if (this.isOn) {
      this.#awaitTurn();
    }
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }
}
