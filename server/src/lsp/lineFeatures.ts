import {
  type CancellationToken,
  type CodeLensParams,
  CodeLensRefreshRequest,
  type Command,
  type CompletionParams,
  type Connection,
  type DocumentLink,
  type DocumentLinkParams,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type FoldingRangeParams,
  type HoverParams,
  type InlayHintParams,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  ResponseError,
  type SymbolInformation,
} from 'vscode-languageserver';
import { editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type { RescanParams } from '../../../protocol/messages.ts';
import { filesOfRelease } from '../core/packages/filesOfRelease.ts';
import { versionTokenAt } from '../core/manifests/pip/edit/versionToken.ts';
import { codeLenses } from '../features/codeLens.ts';
import { versionCompletions } from '../features/completion.ts';
import { documentLinks } from '../features/documentLinks.ts';
import { foldingRanges } from '../features/foldingRanges.ts';
import { hoverFor } from '../features/hover.ts';
import { plainHover } from '../features/plainHover.ts';
import { inlayHints } from '../features/inlayHints.ts';
import type { AgeContext } from '../features/lineCoverage.ts';
import { documentSymbols } from '../features/symbols.ts';
import { editedDocument } from './actionContext.ts';
import { askClient } from './askClient.ts';
import type { ClientAbilities } from './capabilities.ts';
import type { CompletionLookups } from './completionLookups.ts';
import type { Timers } from './environment.ts';
import { includeLines } from './includeLines.ts';
import type { Serving } from './serving.ts';
import type { Session } from './session.ts';

/**
 * Answers what an editor asks around the lines: hover, links, outline, folding, versions, hints, the lens. Nobody is asked
 * for it but about a package whose versions are to be completed and of which nothing is known.
 */
export function serveLineFeatures(
  connection: Connection,
  { session, abilities, guard }: Serving,
  lookups: CompletionLookups,
): void {
  connection.onHover(
    guard.request('textDocument/hover', ({ textDocument, position }: HoverParams) => {
      const served = session();
      const tracked = served?.fileOf(textDocument.uri);
      const hover =
        served === undefined || tracked === undefined
          ? undefined
          : hoverFor(tracked.lines, position, ageContext(served));
      return hover === undefined || abilities().markdownHovers ? (hover ?? null) : plainHover(hover);
    }),
  );

  connection.onDocumentLinks(
    guard.request('textDocument/documentLink', async ({ textDocument }: DocumentLinkParams) => {
      const links = await linksOf(session(), textDocument.uri);
      return abilities().linkTooltips || links instanceof ResponseError ? links : links.map(withoutTooltip);
    }),
  );

  connection.onDocumentSymbol(
    guard.request('textDocument/documentSymbol', ({ textDocument: { uri } }: DocumentSymbolParams) => {
      const tracked = session()?.fileOf(uri);
      const symbols = tracked === undefined ? [] : documentSymbols(tracked.file);
      return abilities().hierarchicalSymbols ? symbols : symbols.map((symbol) => flatSymbol(symbol, uri));
    }),
  );

  connection.onFoldingRanges(
    guard.request('textDocument/foldingRange', ({ textDocument }: FoldingRangeParams) => {
      const tracked = session()?.fileOf(textDocument.uri);
      return tracked === undefined ? [] : foldingRanges(tracked.file, abilities().mostFoldingRanges);
    }),
  );

  connection.onCompletion(
    guard.request('textDocument/completion', async ({ textDocument: { uri }, position }: CompletionParams) => {
      const served = session();
      const tracked = served?.fileOf(uri);
      const token = tracked && versionTokenAt(tracked.file, position);
      return served === undefined || token === undefined
        ? null
        : versionCompletions(token, await lookups.knowledge(served, uri, token.name), {
            now: served.now,
            freshForMs: served.settings.cacheTtlMinutes * 60_000,
          });
    }),
  );

  connection.languages.inlayHint.on(
    guard.request('textDocument/inlayHint', ({ textDocument, range }: InlayHintParams) => {
      const served = session();
      const { file: tracked, settings } = shown(served, textDocument.uri);
      return tracked === undefined || !settings?.inlayHintsEnabled
        ? []
        : inlayHints(tracked.lines, range, settings, {
            document: editedDocument(tracked),
            filesOf: (name, version) => filesOfRelease(served?.knowledgeOf(name)?.facts.releases, version),
          });
    }),
  );

  connection.onCodeLens(
    guard.request('textDocument/codeLens', ({ textDocument: { uri } }: CodeLensParams) => {
      const served = session();
      const { file: tracked, settings } = shown(served, uri);
      return served === undefined || tracked === undefined || !settings?.codeLensEnabled
        ? []
        : codeLenses(tracked, rescanCommand(uri, abilities()), settings, ageContext(served));
    }),
  );
}

// It is answered at once, by clients that can; nothing waits for it.
const refreshLimitMs = 30_000;

/** Has the client ask again for lenses and hints, where it can. */
export function refreshLineFeatures(
  connection: Connection,
  timers: Timers,
  { refreshesHints, refreshesLenses }: ClientAbilities,
): void {
  const refresh = (send: (token: CancellationToken) => Promise<void>): void => {
    askClient({ what: 'whether it refreshed the lenses and hints', limitMs: refreshLimitMs, timers, send }).catch(
      (error: unknown) => connection.console.log(`The client did not refresh lenses and hints: ${String(error)}`),
    );
  };
  if (refreshesHints) {
    refresh((token) => connection.sendRequest(InlayHintRefreshRequest.type, token));
  }
  if (refreshesLenses) {
    refresh((token) => connection.sendRequest(CodeLensRefreshRequest.type, token));
  }
}

function withoutTooltip({ range, target }: DocumentLink): DocumentLink {
  return target === undefined ? { range } : { range, target };
}

function ageContext({ now, engine, settings }: Session): AgeContext {
  return { now, source: engine.describe(), maxDataAgeDays: settings.offlineMaxDataAgeDays };
}

function shown(
  session: Session | undefined,
  uri: string,
): { readonly file: ReturnType<Session['fileOf']>; readonly settings: Session['settings'] | undefined } {
  return { file: session?.fileOf(uri), settings: session?.settingsFor(uri) };
}

async function linksOf(session: Session | undefined, uri: string): Promise<DocumentLink[] | ResponseError> {
  const tracked = session?.fileOf(uri);
  if (session === undefined || tracked === undefined) {
    return [];
  }
  const { file } = tracked;
  const includes = includeLines(tracked.id, file).filter(({ unread }) => unread === undefined);
  const readable = await Promise.all(includes.map(({ to }) => session.mayRead(to)));
  if (session.fileOf(uri)?.file !== file) {
    return new ResponseError(LSPErrorCodes.ContentModified, 'The file was edited meanwhile.');
  }
  const links = includes
    .filter((_, index) => readable[index])
    .map(({ range, to }) => ({ range, uri: session.uriOf(to) }));
  return documentLinks(file, links);
}

function flatSymbol({ name, kind, range, detail }: DocumentSymbol, uri: string): SymbolInformation {
  return { name: `${name} ${detail ?? ''}`.trim(), kind, location: { uri, range } };
}

/** Our own extension has a command that also says what came of it; other clients run the server's. */
function rescanCommand(uri: string, { editorCommands: hasCommands }: ClientAbilities): Omit<Command, 'title'> {
  return hasCommands
    ? { command: editorCommands.rescan, arguments: [uri] }
    : { command: serverCommands.rescan, arguments: [{ uris: [uri] } satisfies RescanParams] };
}
