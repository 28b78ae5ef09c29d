import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { FileId } from '../../project/fileId.ts';

/** One scan in progress, for one file or many. It is aborted when no file waits for it any more. */
export class Run {
  readonly #controller = new AbortController();
  readonly #files: Set<FileId>;
  readonly keys: ReadonlySet<string>;
  readonly lookups: readonly Lookup[];
  /** Set while what came in so far is about to be shown. */
  cancelShow: (() => void) | undefined;
  /** Whether something of it was shown while the rest was still being asked. */
  wasShown = false;
  #cancelled = false;

  constructor(files: readonly FileId[], lookups: readonly Lookup[]) {
    this.#files = new Set(files);
    this.lookups = lookups;
    this.keys = new Set(lookups.map(lookupKey));
  }

  /** How many different things are asked about. */
  get size(): number {
    return this.keys.size;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Files that still wait for the answer. */
  get files(): readonly FileId[] {
    return [...this.#files];
  }

  /** The user wants no answer. The files stay, so that they can say so. */
  cancel(): void {
    this.#cancelled = true;
    this.#controller.abort();
  }

  get isCancelled(): boolean {
    return this.#cancelled;
  }

  leave(file: FileId): void {
    this.#files.delete(file);
    if (this.#files.size === 0) {
      this.#controller.abort();
    }
  }
}
