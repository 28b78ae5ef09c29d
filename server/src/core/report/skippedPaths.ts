import { counted } from '../text/counted.ts';
import { plainText } from '../text/plainText.ts';
import type { ScanReport, SkippedPath } from './scanReport.ts';

const mostNamed = 20;

/** "2 paths skipped: .venv (virtual environment), node_modules (…)"; `undefined` where nothing was skipped. */
export function skippedPathsText({ skippedPaths = [] }: Pick<ScanReport, 'skippedPaths'>): string | undefined {
  if (skippedPaths.length === 0) {
    return undefined;
  }
  const names = skippedPaths.slice(0, mostNamed).map(skippedPathText).join(', ');
  const rest = skippedPaths.length - mostNamed;
  return `${counted(skippedPaths.length, 'path')} skipped: ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** ".venv (virtual environment)", fit for one line. */
export function skippedPathText({ path, reason }: SkippedPath): string {
  return `${plainText(path, 300)} (${plainText(reason, 200)})`;
}
