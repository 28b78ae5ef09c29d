import type { Token } from '../requirement.ts';
import type { Item } from './model.ts';

/** What a line names that may be an address: of a package, an index, another file. */
export function linksOf(item: Item): readonly Token[] {
  switch (item.kind) {
    case 'requirement':
      return item.url === undefined ? [] : [item.url];
    case 'url':
      return [item.url];
    case 'editable':
    case 'include':
    case 'constraint':
      return [item.target];
    case 'option':
      return item.options.flatMap(({ destination, value }) =>
        value !== undefined && linkedOptions.has(destination) ? [value] : [],
      );
    case 'path':
    case 'error':
      return [];
  }
}

const linkedOptions: ReadonlySet<string> = new Set(['index_url', 'extra_index_urls', 'find_links']);
