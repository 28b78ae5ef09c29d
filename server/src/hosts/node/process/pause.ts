import { setImmediate } from 'node:timers/promises';

/** Resolves when the system's events that are there by now have had their turn. */
export function pause(): Promise<void> {
  return setImmediate();
}
