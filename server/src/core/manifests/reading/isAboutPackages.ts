import type { Manifest } from '../manifest.ts';

/**
 * Whether a file that a search found by its name counts: it asks for something, or it is broken, so that nobody knows. A broken
 * one is of another program where its name says little and it lacks the word without which it can ask for nothing.
 */
export function isAboutPackages(file: Manifest, text: string): boolean {
  const { isByContent, word } = file.kind;
  if (isByContent !== true || file.entries.some((_, index) => file.contentOf(index) !== undefined)) return true;
  const isBroken = file.entries.some(({ problems }) => problems.length > 0);
  return isBroken && (word === undefined || text.includes(word));
}
