import { constants } from 'node:os';

/** What asks a process to end; it may finish first. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** As a shell has it, so that nobody takes an interrupted run for one that found something, or nothing. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
