import { entriesToKeep, isShort, isUrgent, type MemoryFigures } from '../../engine/store/memoryPressure.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';

export interface MemoryGuardParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly scanner: () => Pick<Scanner, 'pack' | 'limitTo' | 'figures'>;
  /** As it is now, garbage included. */
  readonly memory: () => MemoryFigures;
  /** Collects garbage; takes about a tenth of a second. */
  readonly giveBackMemory: () => void;
}

// Collecting again and again would leave no time for anything else, least of all where it does not help.
const pauseMs = 1_000;
const helplessPauseMs = 10_000;
// For so long only what is urgent counts.
const calmMs = 30_000;

/**
 * Keeps the process from ending for want of memory: lets go of what can be had again, the memory cache first, then of
 * warm-ups. What lines show is not touched. Says so once.
 */
export class MemoryGuard {
  readonly #parts: MemoryGuardParts;
  #isShort = false;
  #quietUntil = -Infinity;
  #calmUntil = -Infinity;

  constructor(parts: MemoryGuardParts) {
    this.#parts = parts;
  }

  /** Whether nothing is to be taken into memory that nobody has asked for. Once it was short it may be so again. */
  get isShort(): boolean {
    return this.#isShort;
  }

  /** For people; `undefined` while there is enough. */
  get trouble(): string | undefined {
    return this.#isShort ? trouble : undefined;
  }

  /** Looks, and lets go where it must. Cheap while there is enough. */
  check(): void {
    const { clock, memory } = this.#parts;
    const figures = memory();
    if (!isShort(figures)) {
      return;
    }
    const now = clock.now();
    if (now >= this.#quietUntil && (now >= this.#calmUntil || isUrgent(figures))) {
      this.#shed();
      this.#calmUntil = clock.now() + calmMs;
      this.#quietUntil = clock.now() + (isShort(memory()) ? helplessPauseMs : pauseMs);
    }
  }

  #shed(): void {
    const { scanner, memory, giveBackMemory, log } = this.#parts;
    giveBackMemory(); // what was in use may have been garbage
    if (!isShort(memory())) {
      return;
    }
    scanner().pack(Infinity);
    giveBackMemory();
    let keep = entriesToKeep(scanner().figures.entries);
    while (isShort(memory()) && keep !== undefined) {
      scanner().limitTo(keep);
      giveBackMemory();
      keep = entriesToKeep(keep);
    }
    if (!this.#isShort) {
      this.#isShort = true;
      log.warn(trouble, { event: 'memory.short', entries: scanner().figures.entries });
    }
  }
}

const trouble =
  'Memory is short: fewer answers are kept in memory, and stored ones are read when they are needed. Findings stay visible.';
