import type { Clock } from '../../../engine/ports.ts';
import type { FileId } from '../../../project/fileId.ts';
import type { Opening } from '../../../project/workspace/changes/opening.ts';
import type { Timers } from '../../environment.ts';

// With what else happens in a turn, less than a frame of the editor.
const sliceMs = 6;

/**
 * Large documents that the client has opened and that are still being read, a slice a turn. What comes about one of them
 * meanwhile waits for it, or has it finished at once: to the client it is open.
 */
export class Openings {
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  /** In the order in which they were opened. */
  readonly #open = new Map<FileId, Entry>();
  #isReading = false;

  constructor(timers: Timers, clock: Clock, closing: AbortSignal) {
    this.#timers = timers;
    this.#clock = clock;
    this.#closing = closing;
  }

  /** Has `opened` called once all of it is read. */
  begin(file: FileId, opening: Opening, opened: () => void): void {
    let whole = (): void => undefined;
    const done = new Promise<void>((resolve) => (whole = resolve));
    this.#open.set(file, { opening, opened, whole, done });
    if (!this.#isReading) {
      this.#isReading = true;
      this.#timers.nextTurn(() => this.#goOn());
    }
  }

  /** Reads what is left of a document now; nothing where it is whole. */
  finish(file: FileId): void {
    const entry = this.#open.get(file);
    if (entry !== undefined) {
      this.#open.delete(file);
      try {
        entry.opening.finish();
        entry.opened();
      } finally {
        entry.whole();
      }
    }
  }

  /** Resolves when the document, or else every one, is whole; `undefined` where it is already. */
  whole(file?: FileId): Promise<unknown> | undefined {
    const waited = file === undefined ? [...this.#open.values()] : [this.#open.get(file) ?? []].flat();
    return waited.length === 0 ? undefined : Promise.all(waited.map(({ done }) => done));
  }

  #goOn(): void {
    const [next] = this.#open;
    this.#isReading = next !== undefined && !this.#closing.aborted;
    if (next === undefined || !this.#isReading) {
      return;
    }
    const [file, { opening }] = next;
    const since = this.#elapsedMs();
    do {
      opening.grow();
    } while (!opening.isWhole && this.#elapsedMs() - since < sliceMs);
    try {
      if (opening.isWhole) {
        this.finish(file);
      }
    } finally {
      this.#timers.nextTurn(() => this.#goOn());
    }
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }
}

interface Entry {
  readonly opening: Opening;
  readonly opened: () => void;
  readonly whole: () => void;
  readonly done: Promise<void>;
}
