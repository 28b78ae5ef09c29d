import { createHash } from 'node:crypto';
import type { Pin } from '../core/assessment/pin.ts';

// Raise it when what is stored under a key changes its meaning.
const schema = 'pinwatch/1';

/** SHA-256 of the canonical form of a pin; name and version are in normal form already. */
export function answerKey(pin: Pin): string {
  return digest(`${schema}\nanswer\nPyPI\n${pin.name}\n${pin.version}`);
}

/** SHA-256 of the canonical form of an advisory id. Ids are case-sensitive. */
export function advisoryKey(id: string): string {
  return digest(`${schema}\nadvisory\n${id}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
