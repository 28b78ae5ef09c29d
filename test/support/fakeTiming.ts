import type { Timing } from '../../server/src/hosts/node/process/timing.ts';
import { noon } from './builders.ts';

/** Waits pass at once and are written down; the clock stands unless it is moved. */
export class FakeTiming implements Timing {
  nowMs = noon;
  randomValue = 0.5;
  readonly sleptMs: number[] = [];

  now(): number {
    return this.nowMs;
  }

  random(): number {
    return this.randomValue;
  }

  sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleptMs.push(delayMs);
    return Promise.resolve();
  }
}
