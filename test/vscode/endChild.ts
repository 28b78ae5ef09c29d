import type { ChildProcess } from 'node:child_process';

/** Ends a process and resolves when it is gone: TERM first, KILL where that is not obeyed in time. */
export async function endChild(child: ChildProcess, patienceMs = 2000): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
}
