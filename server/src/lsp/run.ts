import { type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import type { TrackedFile } from './trackedFile.ts';

/** One scan under way, for one file or many. It is aborted when no file waits for it any more. */
export class Run {
  readonly #controller = new AbortController();
  readonly #files: Set<TrackedFile>;
  readonly #keys: ReadonlySet<string>;
  readonly lookups: readonly Lookup[];
  /** Set while what came in so far is about to be shown. */
  cancelShow: (() => void) | undefined;
  #cancelled = false;

  constructor(files: readonly TrackedFile[]) {
    this.#files = new Set(files);
    this.lookups = files.flatMap((file) => file.lookups());
    this.#keys = new Set(this.lookups.map(lookupKey));
  }

  /** How many different things are asked about. */
  get size(): number {
    return this.#keys.size;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Files that still wait for the answer. */
  get files(): readonly TrackedFile[] {
    return [...this.#files];
  }

  asksAbout(lookup: Lookup): boolean {
    return this.#keys.has(lookupKey(lookup));
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
