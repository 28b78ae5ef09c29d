import { PositionEncodingKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import { serverCommands } from '../../../../protocol/ids.ts';
import type { BesideLimit, InitializationOptions } from '../../../../protocol/messages/initializationOptions.ts';
import type { ServerOffers } from '../../../../protocol/messages/serverOffers.ts';
import { editorFormatIds, reportFormat } from '../../core/report/formats.ts';
import { fixAllKind } from '../../features/actions/codeActions.ts';
import type { ActionAbilities } from '../../features/actions/fixAction.ts';

/** What the client can do, read once. */
export interface ClientAbilities {
  readonly configuration: boolean;
  readonly dynamicConfiguration: boolean;
  readonly workspaceFolders: boolean;
  /** Whether it watches files for us; no longer, once it has refused to. */
  readonly watchedFiles: boolean;
  readonly refreshesHints: boolean;
  readonly refreshesLenses: boolean;
  readonly workDoneProgress: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly mostFoldingRanges: number | undefined;
  readonly codeActions: CodeActionAbilities;
  /** Else plain text. */
  readonly markdownHovers: boolean;
  readonly linkTooltips: boolean;
  readonly completionLabelDetails: boolean;
  readonly diagnostics: DiagnosticAbilities;
  /** Whether it has the commands of our own extension. */
  readonly editorCommands: boolean;
}

/** Nothing that a client says of itself is relied on to be of the type that the protocol has for it. */
export function clientAbilities(given: unknown, options?: InitializationOptions): ClientAbilities {
  const capabilities = given as LooseCapabilities;
  const can = (path: string): boolean => at(capabilities, path) === true;
  const rangeLimit = at(capabilities, 'textDocument.foldingRange.rangeLimit');
  return {
    configuration: can('workspace.configuration'),
    dynamicConfiguration: can('workspace.didChangeConfiguration.dynamicRegistration'),
    workspaceFolders: can('workspace.workspaceFolders'),
    watchedFiles: can('workspace.didChangeWatchedFiles.dynamicRegistration'),
    refreshesHints: can('workspace.inlayHint.refreshSupport'),
    refreshesLenses: can('workspace.codeLens.refreshSupport'),
    workDoneProgress: can('window.workDoneProgress'),
    hierarchicalSymbols: can('textDocument.documentSymbol.hierarchicalDocumentSymbolSupport'),
    mostFoldingRanges: typeof rangeLimit === 'number' ? rangeLimit : undefined,
    codeActions: codeActionAbilities(capabilities),
    markdownHovers: prefersMarkdown(at(capabilities, 'textDocument.hover.contentFormat')),
    linkTooltips:
      isSilent(at(capabilities, 'textDocument.documentLink')) || can('textDocument.documentLink.tooltipSupport'),
    completionLabelDetails: can('textDocument.completion.completionItem.labelDetailsSupport'),
    diagnostics: {
      ...diagnosticAbilities(at(capabilities, 'textDocument.publishDiagnostics')),
      beside: besideLimit(options?.beside),
    },
    editorCommands: options?.editorCommands === true,
  };
}

/** What the client shows of a diagnostic, beside its message. */
export interface DiagnosticAbilities {
  readonly related: boolean;
  readonly codeDescriptions: boolean;
  readonly data: boolean;
  /** How much it shows beside the worst advisory of a requirement; `undefined` for all of it. */
  readonly beside?: BesideLimit | undefined;
}

/** A client that says nothing of diagnostics gets all there is, as ever; one that does gets what it names. */
function diagnosticAbilities(said: unknown): DiagnosticAbilities {
  const can = (key: string): boolean => isSilent(said) || at(said, key) === true;
  return {
    related: can('relatedInformation'),
    codeDescriptions: can('codeDescriptionSupport'),
    data: can('dataSupport'),
  };
}

function besideLimit(said: unknown): BesideLimit | undefined {
  const { most, more } = isRecord(said) ? said : {};
  return Number.isInteger(most) && Number(most) >= 0 && typeof more === 'string'
    ? { most: Number(most), more: more.slice(0, longestMore) }
    : undefined;
}

const longestMore = 300;

function isSilent(said: unknown): boolean {
  return !isRecord(said) || Object.keys(said).length === 0;
}

/** The formats are in the order of preference (LSP, "hover"). */
function prefersMarkdown(formats: unknown): boolean {
  return Array.isArray(formats) && formats.find((one) => one === 'markdown' || one === 'plaintext') === 'markdown';
}

type LooseCapabilities = Readonly<Record<string, unknown>> | null | undefined;

function at(capabilities: unknown, path: string): unknown {
  let value: unknown = capabilities;
  for (const key of path.split('.')) {
    value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the client takes in answer to `textDocument/codeAction`. */
export interface CodeActionAbilities extends ActionAbilities {
  /** Code actions; without it only commands. */
  readonly literals: boolean;
  readonly resolvesEdits: boolean;
  readonly preferred: boolean;
  readonly applyEdit: boolean;
}

function codeActionAbilities(capabilities: LooseCapabilities): CodeActionAbilities {
  const can = (path: string): boolean => at(capabilities, path) === true;
  const properties = at(capabilities, 'textDocument.codeAction.resolveSupport.properties');
  return {
    literals: isRecord(at(capabilities, 'textDocument.codeAction.codeActionLiteralSupport')),
    resolvesEdits:
      can('textDocument.codeAction.dataSupport') && Array.isArray(properties) && properties.includes('edit'),
    preferred: can('textDocument.codeAction.isPreferredSupport'),
    disabledActions: can('textDocument.codeAction.disabledSupport'),
    documentChanges: can('workspace.workspaceEdit.documentChanges'),
    changeAnnotations: isRecord(at(capabilities, 'workspace.workspaceEdit.changeAnnotationSupport')),
    applyEdit: can('workspace.applyEdit'),
  };
}

export function serverCapabilities(): ServerCapabilities {
  return {
    // The one encoding that every client has to know; VS Code offers no other.
    positionEncoding: PositionEncodingKind.UTF16,
    // Incremental: clients hold back full synchronisation by a quarter of a second.
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
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
    experimental: { pinwatch: serverOffers },
  };
}

const serverOffers: ServerOffers = {
  reportFormats: editorFormatIds.map((id) => {
    const { name, description, endings } = reportFormat(id);
    return { id, name, description, endings };
  }),
};
