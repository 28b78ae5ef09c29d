import type { Clock } from '../../engine/ports.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import type { Timers } from '../environment.ts';

export interface CompactorParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly scanner: () => Pick<Scanner, 'pack' | 'unpacked' | 'figures'>;
  /** Returns memory to the system; takes about a tenth of a second. */
  readonly giveBackMemory: () => void;
}

// Long enough that nobody is in the middle of a word.
const idleAfterMs = 5_000;
// A key pressed meanwhile waits for no more, but for a package with hundreds of advisories.
const packedForMs = 4;
const packedAtATime = 20;
// What fewer packages leave behind is not worth the time.
const fewestPackages = 20;
// Nor is what fewer keys do.
const fewestStirs = 1_000;

/** A large scan leaves much memory behind, and so do very many edits. Once nobody has typed or waited for a while, it is given back. */
export class IdleMemoryCompactor {
  readonly #parts: CompactorParts;
  #cancel: () => void = () => undefined;
  #isOwed = false;
  /** Since memory was given back. */
  #stirs = 0;

  constructor(parts: CompactorParts) {
    this.#parts = parts;
  }

  /** A scan has ended, or shown lines have changed. */
  stir(): void {
    this.#isOwed ||= this.#parts.scanner().unpacked >= fewestPackages;
    this.keyTyped();
  }

  /** Somebody types. */
  keyTyped(): void {
    this.#cancel();
    this.#isOwed ||= ++this.#stirs >= fewestStirs;
    if (this.#isOwed) {
      this.#cancel = this.#parts.timers.after(idleAfterMs, () => this.#begin());
    }
  }

  dispose(): void {
    this.#cancel();
  }

  #begin(): void {
    if (this.#parts.scanner().figures.running > 0) {
      this.stir(); // somebody waits for that scan
    } else {
      this.#pack();
    }
  }

  #pack(): void {
    const { timers, scanner, giveBackMemory } = this.#parts;
    const since = this.#elapsedMs();
    for (let packed = 0; packed < packedAtATime && this.#elapsedMs() - since < packedForMs; packed++) {
      scanner().pack(1);
    }
    if (scanner().unpacked > 0) {
      this.#cancel = timers.after(0, () => this.#pack());
    } else {
      this.#isOwed = false;
      this.#stirs = 0;
      giveBackMemory();
    }
  }

  #elapsedMs(): number {
    const { clock } = this.#parts;
    return clock.elapsedMs?.() ?? clock.now();
  }
}
