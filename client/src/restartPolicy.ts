const maxRestarts = 3;
const windowMs = 3 * 60_000;

export interface RestartPolicy {
  /** Whether a server that has just died may be started again; counts the restart if so. */
  mayRestart(): boolean;
}

/** At most three restarts in three minutes: a server that dies on a file would otherwise die for ever. */
export function createRestartPolicy(nowMs: () => number): RestartPolicy {
  let restartsMs: readonly number[] = [];
  return {
    mayRestart() {
      const now = nowMs();
      restartsMs = restartsMs.filter((restartMs) => now - restartMs < windowMs);
      if (restartsMs.length >= maxRestarts) {
        return false;
      }
      restartsMs = [...restartsMs, now];
      return true;
    },
  };
}
