import type { Span } from '../core/text/position.ts';
import { rangeOf } from '../core/manifests/pip/places.ts';
import type { DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import { plainText } from '../core/text/plainText.ts';
import type {
  EditableRequirement,
  Item,
  PathRequirement,
  RequirementsFile,
  Token,
  UrlRequirement,
} from '../core/manifests/pip/model.ts';
import { isSecretName } from '../core/manifests/pip/shownText.ts';
import { publicText } from './webAddress.ts';

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
      const detail = item.specifier ?? item.url;
      return {
        name: isSecretName(item.text, item.name.text) ? 'package' : item.name.text,
        detail: detail === undefined ? '' : publicText(item, detail),
        kind,
        span: item.name.span,
      };
    }
    case 'url':
      return namedEntry(item, item.url, '');
    case 'path':
      return namedEntry(item, item.path, '');
    case 'editable':
      return namedEntry(item, item.target, '-e');
    case 'include':
    case 'constraint': {
      const { target } = item;
      const detail = item.kind === 'include' ? '-r' : '-c';
      return { name: publicText(item, target), detail, kind: fileKind, span: target.span };
    }
    case 'error':
      return item.name && { name: item.name.text, detail: 'cannot be read', kind, span: item.name.span };
    case 'option':
      return undefined;
  }
}

/** By its name, with the place as detail; by the place alone where it has no name. */
function namedEntry(
  item: UrlRequirement | PathRequirement | EditableRequirement,
  place: Token,
  unnamedDetail: string,
): Entry {
  const kind = packageKind;
  const shown = publicText(item, place);
  return item.name === undefined
    ? { name: shown, detail: unnamedDetail, kind, span: place.span }
    : { name: item.name.text, detail: shown, kind, span: item.name.span };
}

/** The logical line with its comment, so that a cursor anywhere on it is inside. */
function wholeSpan({ span, comment }: Item): Span {
  return { start: span.start, end: Math.max(span.end, comment?.end ?? 0) };
}
