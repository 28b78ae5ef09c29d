import type { Assessed } from '../../core/assessment/outcome.ts';

/** The version to go to, as the fix of the line has it; `undefined` where none is known, and for what is malicious. */
export function lineFix({ findings, fix }: Assessed): string | undefined {
  return findings.some(({ severity }) => severity === 'malicious') ? undefined : fix?.nearest;
}
