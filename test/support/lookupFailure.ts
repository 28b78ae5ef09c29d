import assert from 'node:assert/strict';
import { LookupError } from '../../server/src/engine/ports.ts';

/** Why a look-up failed; fails itself where it did not, or in another way than look-ups may. */
export async function lookupFailure(asked: Promise<unknown>): Promise<LookupError> {
  const error: unknown = await asked.then(
    (answer) => assert.fail(`answered ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LookupError, String(error));
  return error;
}
