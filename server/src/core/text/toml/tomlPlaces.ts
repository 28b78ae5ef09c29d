import type { Span } from '../position.ts';
import type { TreeNode } from '../tree/tree.ts';
import { readToml } from './readToml.ts';

/**
 * Where the values of a TOML document stand, and the headers of its tables. Keys are dotted paths in lower case with the index of
 * list entries: `ignoredvulns.0.id`. A list of tables stands at its first header. Of a document that is not well formed there
 * are the places of what could be read.
 */
export function tomlPlaces(text: string): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  const visit = (path: string, node: TreeNode): void => {
    const isImplied = node.kind === 'table' && node.header === undefined && node.span.start === node.span.end;
    if (path !== '' && !isImplied) {
      places.set(path, (node.kind === 'table' ? node.header : undefined) ?? node.span);
    }
    const below = path === '' ? '' : `${path}.`;
    if (node.kind === 'table') {
      node.entries.forEach(({ value }, key) => visit(below + key.toLowerCase(), value));
    } else if (node.kind === 'list') {
      node.items.forEach((item, index) => visit(`${below}${index}`, item));
    }
  };
  const { root } = readToml(text);
  if (root !== undefined) {
    visit('', root);
  }
  return places;
}
