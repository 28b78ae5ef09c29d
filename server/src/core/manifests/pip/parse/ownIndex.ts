import type { Item } from '../model.ts';
import type { OptionDestination } from './optionTable.ts';

/**
 * Whether a line that asks for a package names a package index, too. pip parses that there and ignores it; the one who writes it
 * means a package that is not on the public index.
 */
export function hasOwnIndex(item: Item): boolean {
  switch (item.kind) {
    case 'requirement':
    case 'url':
    case 'path':
      return item.ignoredOptions.some(({ destination }) => indexOptions.has(destination));
    case 'error':
      return /\s(?:-i|--(?:extra-)?index-url|--pypi-url)(?![\w-])/u.test(item.text);
    default:
      return false;
  }
}

const indexOptions: ReadonlySet<OptionDestination> = new Set(['index_url', 'extra_index_urls']);
