/** Counts the changes of something, so that what was worked out before one is not taken for current after it. */
export class Epoch {
  #count = 0;

  /** The same for as long as nothing has changed. */
  get count(): number {
    return this.#count;
  }

  /** Something has changed. */
  next(): void {
    this.#count++;
  }

  /** Tells, whenever it is called, whether nothing has changed since now. */
  mark(): () => boolean {
    const count = this.#count;
    return () => count === this.#count;
  }
}
