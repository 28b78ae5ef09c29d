import type { Assessed } from '../../assessment/outcome.ts';
import { plainText } from '../../text/plainText.ts';

/** That more may be known of a requirement than is shown, and why; `undefined` where its answer is whole. */
export function brokenOffText(name: string, { brokenOff }: Assessed): string | undefined {
  return brokenOff === undefined
    ? undefined
    : `${plainText(name, 100)} may have more vulnerabilities: the answer broke off (${plainText(brokenOff)})`;
}
