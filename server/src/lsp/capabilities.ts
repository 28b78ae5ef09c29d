import {
  type ClientCapabilities,
  PositionEncodingKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { serverCommands } from '../../../protocol/ids.ts';
import type { InitializationOptions } from '../../../protocol/messages.ts';
import { fixAllKind } from '../features/codeActions.ts';
import type { ActionAbilities } from '../features/fixAction.ts';

/** What the client can do, read once. */
export interface ClientAbilities {
  readonly configuration: boolean;
  readonly dynamicConfiguration: boolean;
  readonly workspaceFolders: boolean;
  readonly watchedFiles: boolean;
  readonly refreshesHints: boolean;
  readonly refreshesLenses: boolean;
  readonly workDoneProgress: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly mostFoldingRanges: number | undefined;
  readonly codeActions: CodeActionAbilities;
  /** Whether it has the commands of our own extension. */
  readonly editorCommands: boolean;
}

export function clientAbilities(capabilities: ClientCapabilities, options?: InitializationOptions): ClientAbilities {
  const { workspace, window, textDocument } = capabilities;
  return {
    configuration: workspace?.configuration === true,
    dynamicConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    workDoneProgress: window?.workDoneProgress === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    mostFoldingRanges: textDocument?.foldingRange?.rangeLimit,
    codeActions: codeActionAbilities(capabilities),
    editorCommands: options?.editorCommands === true,
  };
}

/** What the client takes in answer to `textDocument/codeAction`. */
export interface CodeActionAbilities extends ActionAbilities {
  /** Code actions; without it only commands. */
  readonly literals: boolean;
  readonly resolvesEdits: boolean;
  readonly preferred: boolean;
  readonly applyEdit: boolean;
}

function codeActionAbilities({ workspace, textDocument }: ClientCapabilities): CodeActionAbilities {
  const { codeAction } = textDocument ?? {};
  return {
    literals: codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
    preferred: codeAction?.isPreferredSupport === true,
    disabledActions: codeAction?.disabledSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    applyEdit: workspace?.applyEdit === true,
  };
}

export function serverCapabilities(): ServerCapabilities {
  return {
    // The one encoding that every client has to know; VS Code offers no other.
    positionEncoding: PositionEncodingKind.UTF16,
    // Incremental: clients hold back full synchronisation by a quarter of a second.
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    documentLinkProvider: {},
    documentSymbolProvider: { label: 'Pinwatch' },
    foldingRangeProvider: true,
    completionProvider: { triggerCharacters: ['=', '<', '>', '.'] },
    inlayHintProvider: true,
    codeLensProvider: {},
    codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind], resolveProvider: true },
    executeCommandProvider: { commands: Object.values(serverCommands) },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
