import { exitCodeOf, endSignals } from './exitCodes.ts';

export interface ServerEndParts {
  readonly process: Pick<NodeJS.Process, 'on' | 'exit' | 'kill'>;
  /** Writes what is known and lets go of everything; soon over, whatever happens. */
  readonly finish: () => Promise<void>;
  /** Whether the client has asked for an end in good order. */
  readonly isShutDown: () => boolean;
}

// The protocol's watch of the client, as the library has it.
const watchEveryMs = 3_000;
const finishLimitMs = 4_500;

/** Every way in which a server ends: what it knows is written first, within five seconds. */
export class ServerEnd {
  readonly #parts: ServerEndParts;
  #isEnding = false;

  constructor(parts: ServerEndParts) {
    this.#parts = parts;
    for (const signal of endSignals) {
      parts.process.on(signal, () => this.#end(exitCodeOf(signal)));
    }
  }

  /** The client said so, or is gone: 0 after a `shutdown`, 1 without one (LSP, "exit"). */
  clientLeft(): void {
    this.#end(this.#parts.isShutDown() ? 0 : 1);
  }

  /** Ends when that process does. One that cannot be seen from here, as in another container, is not watched. */
  watch(clientProcess: number): void {
    if (!this.#isAlive(clientProcess)) {
      return;
    }
    setInterval(() => {
      if (!this.#isAlive(clientProcess)) {
        this.clientLeft();
      }
    }, watchEveryMs).unref();
  }

  #isAlive(id: number): boolean {
    try {
      return this.#parts.process.kill(id, 0);
    } catch (error) {
      // Another user's process may not be sent anything, but is there.
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  }

  /** The one who asks a second time does not want to wait. */
  #end(code: number): void {
    const { process, finish, isShutDown } = this.#parts;
    if (this.#isEnding) {
      if (code > 1) {
        process.exit(code);
      }
      return;
    }
    this.#isEnding = true;
    const exit = (): void => process.exit(isShutDown() ? 0 : code);
    setTimeout(exit, finishLimitMs);
    void finish().then(exit, exit);
  }
}
