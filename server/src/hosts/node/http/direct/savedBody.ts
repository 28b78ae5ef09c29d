import { LookupError } from '../../../../engine/ports.ts';
import { tooLarge, type AnswerBody } from './body.ts';

export interface SavedBodyOptions {
  /** The answer says that it is packed, which nobody asked for. */
  readonly isPacked: boolean;
  readonly maxBytes: number;
  /** Has dealt with the chunk when it returns, so that nothing waits in memory; what it throws ends the exchange. */
  readonly save: (chunk: Uint8Array) => void;
}

/** A body that is handed on piece by piece and not kept; its text is empty. */
export class SavedBody implements AnswerBody {
  readonly text: Promise<string>;
  readonly #options: SavedBodyOptions;
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #length = 0;
  #isOver = false;

  constructor(options: SavedBodyOptions) {
    this.#options = options;
    this.text = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (options.isPacked) {
      this.fail(new LookupError('badResponse', 'sent a packed body that was not asked for'));
    }
  }

  take(chunk: Uint8Array): void {
    if (this.#isOver) {
      return;
    }
    const { maxBytes, save } = this.#options;
    this.#length += chunk.length;
    if (this.#length > maxBytes) {
      this.fail(tooLarge(maxBytes));
      return;
    }
    try {
      save(chunk);
    } catch (error) {
      this.fail(error);
    }
  }

  end(): void {
    this.#isOver = true;
    this.#resolve('');
  }

  fail(error: unknown): void {
    this.#isOver = true;
    this.#reject(error);
  }
}
