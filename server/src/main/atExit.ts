/** Registers a call for the last moment of the process, when nothing can be waited for; returns what calls it off. */
export type AtExit = (call: () => void) => () => void;

/** However a process ends, but for a kill that asks nobody. */
export function atExitOf(running: Pick<NodeJS.Process, 'once'>): AtExit {
  const calls = new Set<() => void>();
  running.once('exit', () => calls.forEach((call) => call()));
  return (call) => {
    // Another object for each, so that the same call can be registered twice.
    const own = (): void => call();
    calls.add(own);
    return () => void calls.delete(own);
  };
}
