import { lastAtOrBefore } from '../text/lineIndex.ts';
import type { Manifest } from '../manifests/manifest.ts';

/**
 * Why no version is offered for the lines of a file, in one sentence for people; `undefined` where nothing speaks against it. What
 * a public index has says nothing of what such a file can install.
 */
export function noIndexText(shown: string, file: Manifest): string | undefined {
  const at = file.noIndexAt;
  if (at === undefined) return undefined;
  const line = lastAtOrBefore(file.lineStarts, file.starts[at] ?? 0) + 1;
  return `${shown}:${line} turns the package index off, so Pinwatch does not know which versions can be installed.`;
}
