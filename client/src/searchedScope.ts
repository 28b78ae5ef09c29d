import type { Translate } from './texts/translate.ts';

/** What a search of the workspace can reach: files are looked for in folders on disk alone. */
export type SearchedScope = 'everyFolder' | 'noFolder' | 'foldersOnDisk';

/** `schemes`: those of the workspace folders. */
export function searchedScope(schemes: readonly string[]): SearchedScope {
  if (schemes.length === 0) {
    return 'noFolder';
  }
  return schemes.every((scheme) => scheme === 'file') ? 'everyFolder' : 'foldersOnDisk';
}

/** The result of a search as one message, which says first what was left out. */
export function scopedText(text: string, scope: SearchedScope, t: Translate): string {
  switch (scope) {
    case 'everyFolder':
      return text;
    case 'noFolder':
      return t('no folder is open; of the open files: {0}', text);
    case 'foldersOnDisk':
      return t('a folder that is not on disk was not searched, only its open files: {0}', text);
  }
}
