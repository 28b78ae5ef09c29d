import { Histogram } from '../../engine/operations/histogram.ts';
import type { Clock } from '../../engine/ports.ts';
import type { FileId } from '../../project/fileId.ts';

// From a keystroke in a small file to one in a flood that a slow client cannot take.
const boundsMs = [0.5, 1, 2, 4, 8, 16, 33, 50, 100, 250, 500, 1_000];

/** How long it took from an edit until its diagnostics were on their way. Where edits pile up, from the first of them. */
export class KeyTimes {
  readonly durations = new Histogram(boundsMs);
  readonly #clock: Clock;
  readonly #since = new Map<FileId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  edited(file: FileId): void {
    if (!this.#since.has(file)) {
      this.#since.set(file, this.#now());
    }
  }

  /** What is shown of a file that was not edited is no answer to a key. */
  shown(file: FileId): void {
    const since = this.#since.get(file);
    if (since !== undefined) {
      this.#since.delete(file);
      this.durations.add(this.#now() - since);
    }
  }

  /** Nothing more will be shown of it. */
  forget(file: FileId): void {
    this.#since.delete(file);
  }

  #now(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }
}
