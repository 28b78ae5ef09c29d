const parentCheckMs = 500;

/** Calls back once: at the first signal that asks us to end, or when the npm that runs us has gone. */
export function onInterrupt(end: (exitCode: number) => void): void {
  let interrupted = false;
  const interrupt = (exitCode: number) => {
    if (interrupted) return;
    interrupted = true;
    end(exitCode);
  };
  // Not `once`: a terminal's Ctrl+C may arrive twice, and the second would end us in the middle of tidying up.
  process.on('SIGINT', () => interrupt(130));
  process.on('SIGTERM', () => interrupt(143));
  process.on('SIGHUP', () => interrupt(129));
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // Where a shell stands between npm and us, npm passes a signal to it and does not wait for more; the shell tells us nothing.
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupt(143);
  }, parentCheckMs);
  timer.unref();
}
