import { type Pin, pinKey } from '../core/assessment/pin.ts';
import type { TrackedFile } from './trackedFile.ts';

/** One scan under way, for one file or many. It is aborted when no file waits for it any more. */
export class Run {
  readonly #controller = new AbortController();
  readonly #files: Set<TrackedFile>;
  readonly #pinKeys: ReadonlySet<string>;
  readonly pins: readonly Pin[];
  #cancelled = false;

  constructor(files: readonly TrackedFile[]) {
    this.#files = new Set(files);
    this.pins = files.flatMap((file) => file.pins());
    this.#pinKeys = new Set(this.pins.map(pinKey));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Files that still wait for the answer. */
  get files(): readonly TrackedFile[] {
    return [...this.#files];
  }

  asksAbout(pin: Pin): boolean {
    return this.#pinKeys.has(pinKey(pin));
  }

  /** The user wants no answer. The files stay, so that they can say so. */
  cancel(): void {
    this.#cancelled = true;
    this.#controller.abort();
  }

  get isCancelled(): boolean {
    return this.#cancelled;
  }

  leave(file: TrackedFile): void {
    this.#files.delete(file);
    if (this.#files.size === 0) {
      this.#controller.abort();
    }
  }
}
