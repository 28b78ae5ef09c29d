/** Calls once after a delay; what it returns calls it off. */
export type After = (delayMs: number, call: () => void) => () => void;

/** Does not keep the process alive: what waits is written by `close`. */
export const afterReal: After = (delayMs, call) => {
  const timer = setTimeout(call, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
