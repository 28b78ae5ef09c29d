import type { Clock } from '../scan/ports.ts';

export const systemClock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now() };
