/** One line of a terminal that is written over until it goes. */
export interface ProgressLine {
  /** Shows what the function says, again and again; erases the line where there is none. */
  show(line: (() => string) | undefined): void;
  /** Takes the line away, for something that is to stay; it comes back by itself. */
  makeRoom(): void;
}

export interface ProgressTerminal {
  readonly write: (text: string) => void;
  /** How many characters a line has. */
  readonly columns: () => number;
  /** Calls again and again until the returned function is called. Does not keep the process alive. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

/** Work that is over within the first moment shows nothing. */
export function progressLine({ write, columns, every }: ProgressTerminal): ProgressLine {
  let line: (() => string) | undefined;
  let stop: (() => void) | undefined;
  let shown = 0;
  // Without an escape sequence: who wants no colours gets none of the others either.
  const erase = (): void => {
    if (shown > 0) {
      write(`\r${' '.repeat(shown)}\r`);
      shown = 0;
    }
  };
  const paint = (): void => {
    if (line !== undefined) {
      // A longer one would wrap, and only its last row could be erased.
      const characters = [...line()].slice(0, Math.max(1, columns() - 1));
      write(`\r${characters.join('')}${' '.repeat(Math.max(0, shown - characters.length))}`);
      shown = characters.length;
    }
  };
  return {
    show(next) {
      line = next;
      if (next === undefined) {
        stop?.();
        stop = undefined;
        erase();
      } else {
        stop ??= every(paintMs, paint);
      }
    },
    makeRoom: erase,
  };
}

const paintMs = 250;
