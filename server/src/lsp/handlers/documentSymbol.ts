import type { DocumentSymbol, DocumentSymbolParams, SymbolInformation } from 'vscode-languageserver';
import type { Words } from '../../core/words/words.ts';
import { documentSymbols } from '../../features/symbols.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';

/** `textDocument/documentSymbol`. */
export function documentSymbol(
  workspace: Workspace,
  { hierarchicalSymbols }: Pick<ClientAbilities, 'hierarchicalSymbols'>,
  words: Words,
): (params: DocumentSymbolParams) => DocumentSymbol[] | SymbolInformation[] {
  return ({ textDocument: { uri } }) => {
    const file = workspace.snapshot(fileId(uri));
    const symbols = file === undefined ? [] : documentSymbols(file.file, words);
    return hierarchicalSymbols ? symbols : symbols.map((symbol) => flatSymbol(symbol, uri));
  };
}

function flatSymbol({ name, kind, range, detail }: DocumentSymbol, uri: string): SymbolInformation {
  return { name: `${name} ${detail ?? ''}`.trim(), kind, location: { uri, range } };
}
