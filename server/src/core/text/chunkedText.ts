/**
 * A text in chunks, so that a small edit copies a small part of it. V8 flattens a string joined from parts as soon as
 * one character of it is read, which costs more than all the rest of an edit in a large file.
 */
export class ChunkedText {
  readonly #chunks: readonly string[];
  /** Where each chunk begins, and behind the last one the length of the text. */
  readonly #offsets: readonly number[];
  #whole: string | undefined;

  private constructor(chunks: readonly string[], whole?: string) {
    this.#chunks = chunks;
    this.#offsets = toOffsets(chunks);
    this.#whole = whole;
  }

  static of(text: string): ChunkedText {
    return new ChunkedText(split(text), text);
  }

  get length(): number {
    return this.#offsets[this.#chunks.length] ?? 0;
  }

  toString(): string {
    this.#whole ??= this.#chunks.join('');
    return this.#whole;
  }

  slice(start: number, end: number): string {
    if (start <= 0 && end >= this.length) return this.toString();
    const first = this.#chunkAt(start);
    let text = '';
    for (let index = first; index < this.#chunks.length; index++) {
      const offset = this.#offsets[index] ?? 0;
      if (offset >= end) break;
      text += (this.#chunks[index] ?? '').slice(Math.max(0, start - offset), end - offset);
    }
    return text;
  }

  /** The text with what stands between `start` and `end` replaced; `this` stays as it is. */
  replace(start: number, end: number, text: string): ChunkedText {
    const first = this.#chunkAt(start);
    let last = this.#chunkAt(Math.max(start, end - 1));
    const before = this.slice(this.#offsets[first] ?? 0, start);
    let after = this.slice(end, this.#offsets[last + 1] ?? 0);
    // So that many deletions do not leave many small chunks.
    if (before.length + text.length + after.length < chunkLength / 2 && last + 1 < this.#chunks.length) {
      last++;
      after += this.#chunks[last] ?? '';
    }
    const middle = split(before + text + after);
    return new ChunkedText([...this.#chunks.slice(0, first), ...middle, ...this.#chunks.slice(last + 1)]);
  }

  #chunkAt(offset: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

const chunkLength = 4096;

/** Chunks of at most twice `chunkLength`; none for an empty text. */
function split(text: string): readonly string[] {
  if (text === '') return [];
  if (text.length <= 2 * chunkLength) return [text];
  const chunks: string[] = [];
  for (let at = 0; at < text.length; at += chunkLength) chunks.push(text.slice(at, at + chunkLength));
  return chunks;
}

function toOffsets(chunks: readonly string[]): readonly number[] {
  const offsets = [0];
  let offset = 0;
  for (const chunk of chunks) {
    offset += chunk.length;
    offsets.push(offset);
  }
  return offsets;
}
