import type { DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import type { Manifest, OutlineEntry } from '../core/manifests/manifest.ts';
import { plainText } from '../core/text/plainText.ts';
import { english, type Words } from '../core/words/words.ts';

/** What the outline, breadcrumbs and sticky scroll show: one entry for each requirement and each included file. */
export function documentSymbols({ outline }: Manifest, { part }: Words = english): DocumentSymbol[] {
  return outline.map(({ kind, name, detail, range, nameRange }) => ({
    name: plainText(name, longestName) || '?', // a client may refuse the whole list for one empty name
    detail: plainText(part(detail), longestDetail),
    kind: symbolKinds[kind],
    range,
    selectionRange: nameRange,
  }));
}

const longestName = 100;
const longestDetail = 100;

// Numbers of LSP's SymbolKind; only types are imported here.
const symbolKinds: Readonly<Record<OutlineEntry['kind'], SymbolKind>> = { file: 1, package: 4 };
