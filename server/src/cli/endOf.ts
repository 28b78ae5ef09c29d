/** Aborted when the time is up or the user interrupts, with an error that says so in words. */
export function endOf(timeoutSeconds: number | undefined, interrupted: AbortSignal): AbortSignal {
  const end = new AbortController();
  endWith(interrupted, 'The scan was interrupted.');
  if (timeoutSeconds !== undefined) {
    endWith(AbortSignal.timeout(timeoutSeconds * 1000), `The scan took longer than ${timeoutSeconds} s.`);
  }
  return end.signal;

  function endWith(signal: AbortSignal, message: string): void {
    const abort = (): void => end.abort(new Error(message));
    if (signal.aborted) {
      abort();
    } else {
      signal.addEventListener('abort', abort, { once: true });
    }
  }
}
