import type { Advisory } from './advisory.ts';
import { decodeOsv } from './decodeOsv.ts';
import { recordFaults } from './recordFaults.ts';

/** A record from outside with what of it cannot be told, for people. */
export interface ReadRecord {
  /** `undefined` where it is no advisory at all. */
  readonly advisory: Advisory | undefined;
  /**
   * Empty where all of it could be read. A record with faults still says of a release that OSV matched what it says; of
   * other releases it says nothing, since the part that is lost may be the one that matters.
   */
  readonly faults: readonly string[];
}

export function readRecord(json: unknown): ReadRecord {
  const { advisory, problem } = decodeOsv(json);
  return advisory === undefined ? { advisory, faults: [problem] } : { advisory, faults: recordFaults(json) };
}
