import type { Range } from '../core/text/position.ts';
import { rangeOf } from '../core/manifests/pip/places.ts';
import type { DocumentLink } from 'vscode-languageserver-types';
import { plainText } from '../core/text/plainText.ts';
import type { Item, RequirementsFile, Token } from '../core/manifests/pip/model.ts';
import { webAddress } from './webAddress.ts';
import { fileName } from './workspaceEdit.ts';

/** An included file that may be opened: it lies where includes are followed. */
export interface FileLink {
  readonly range: Range;
  readonly uri: string;
}

/** Links to the included files and to the web addresses that the file names. What is no plain https is left alone. */
export function documentLinks(file: RequirementsFile, includes: readonly FileLink[]): DocumentLink[] {
  const addresses = file.items.flatMap((item, index) =>
    urlsOf(item).flatMap(({ text, span }) => {
      const target = webAddress(text);
      return target === undefined ? [] : [{ range: rangeOf(file, index, span), target, tooltip: tooltipFor(target) }];
    }),
  );
  const files = includes.map(({ range, uri }) => ({
    range,
    target: uri,
    tooltip: `Open ${plainText(fileName(uri), 100)}`,
  }));
  return [...files, ...addresses].sort(byPlace);
}

function urlsOf(item: Item): readonly Token[] {
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

function tooltipFor(target: string): string {
  return `Open ${plainText(target.replace(/^https:\/\//u, ''), 100)}`;
}

function byPlace(a: DocumentLink, b: DocumentLink): number {
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
