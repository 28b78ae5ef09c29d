import type { OsvSource } from '../../server/src/hosts/node/osv/osvSource.ts';
import { lookupFailure } from './lookupFailure.ts';
import type { LookupError } from '../../server/src/engine/ports.ts';

/** Of the records of `demoRecords`. */
export const demoId = 'PYSEC-2018-28';

/** Asks for a record that is there; its id as it was answered. */
export async function askDemoRecord(source: OsvSource): Promise<string> {
  return ((await source.record(demoId, new AbortController().signal)) as { id: string }).id;
}

/** Asks for the same record, which must fail. */
export function failToAsk(source: OsvSource): Promise<LookupError> {
  return lookupFailure(source.record(demoId, new AbortController().signal));
}
