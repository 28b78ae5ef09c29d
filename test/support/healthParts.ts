import type { HealthParts } from '../../server/src/project/health.ts';
import { noon } from './builders.ts';

/** Of an engine that works, and keeps nothing. */
export const workingParts: HealthParts = {
  health: { lastAnswerAt: noon, lastError: undefined },
  circuit: 'closed',
  tiers: new Map(),
  pending: undefined,
};
