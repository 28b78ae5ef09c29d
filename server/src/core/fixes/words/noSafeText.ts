import type { FixAdvice, PassedOver } from '../../assessment/advice/fixAdvice.ts';
import { listText, plainText } from '../../text/plainText.ts';

/** Why there is no version to go to. */
export function noSafeText(name: string, { passedOver, barred }: FixAdvice): string {
  if (barred !== undefined) return barred;
  const lower = passedOver.map(passedOverText);
  const why = lower.length === 0 ? '' : ` ${listText(lower, 3)}.`;
  return `No safe version of ${name} is known.${why}`;
}

function passedOverText({ version, reason, affectedBy }: PassedOver): string {
  const text = plainText(version, 40);
  switch (reason) {
    case 'affected':
      return `${text} has ${plainText(listText(affectedBy, 2), 80)}`;
    case 'prerelease':
      return `${text} is a pre-release`;
    case 'yanked':
      return `${text} is yanked`;
    case 'missing':
      return `${text} is not on the index`;
  }
}

/** Why what is installed from a URL or path is not fixed, and what to do; `nearest` is the nearest safe version. */
export function fromFileText(nearest: string | undefined): string {
  const what = nearest === undefined ? 'a safe version' : `version ${nearest}`;
  return `It is installed from a file: name a file of ${what}, or require it by version.`;
}
