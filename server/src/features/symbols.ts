import type { DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import { plainText } from '../core/report/plainText.ts';
import { rangeOf } from '../core/requirements/lineIndex.ts';
import type { Item, RequirementsFile, Span } from '../core/requirements/model.ts';
import { publicUrl } from './webAddress.ts';

/** What the outline, breadcrumbs and sticky scroll show: one entry for each requirement and each included file. */
export function documentSymbols(file: RequirementsFile): DocumentSymbol[] {
  return file.items.flatMap((item, index) => {
    const entry = entryOf(item);
    if (entry === undefined) {
      return [];
    }
    const { name, detail, kind, span } = entry;
    return [
      {
        name: plainText(name, longestName) || '?', // a client may refuse the whole list for one empty name
        detail: plainText(detail, longestDetail),
        kind,
        range: rangeOf(file, index, wholeSpan(item)),
        selectionRange: rangeOf(file, index, span),
      },
    ];
  });
}

interface Entry {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly span: Span;
}

const longestName = 100;
const longestDetail = 100;

// Numbers of LSP's SymbolKind; only types are imported here.
const fileKind: SymbolKind = 1;
const packageKind: SymbolKind = 4;

function entryOf(item: Item): Entry | undefined {
  const kind = packageKind;
  switch (item.kind) {
    case 'requirement': {
      const { text, span } = item.name;
      return { name: text, detail: item.specifier?.text ?? publicUrl(item.url?.text ?? ''), kind, span };
    }
    case 'url': {
      const { text, span } = item.name ?? item.url;
      return { name: publicUrl(text), detail: item.name === undefined ? '' : publicUrl(item.url.text), kind, span };
    }
    case 'path': {
      const { text, span } = item.name ?? item.path;
      return { name: text, detail: item.name === undefined ? '' : item.path.text, kind, span };
    }
    case 'editable': {
      const { text, span } = item.name ?? item.target;
      return {
        name: publicUrl(text),
        detail: item.name === undefined ? '-e' : publicUrl(item.target.text),
        kind,
        span,
      };
    }
    case 'include':
    case 'constraint': {
      const { text, span } = item.target;
      return { name: publicUrl(text), detail: item.kind === 'include' ? '-r' : '-c', kind: fileKind, span };
    }
    case 'error':
      return item.name && { name: item.name.text, detail: 'cannot be read', kind, span: item.name.span };
    case 'option':
      return undefined;
  }
}

/** The logical line with its comment, so that a cursor anywhere on it is inside. */
function wholeSpan({ span, comment }: Item): Span {
  return { start: span.start, end: Math.max(span.end, comment?.end ?? 0) };
}
