import {
  CodeLensRefreshRequest,
  type Command,
  type Connection,
  type DocumentLink,
  type DocumentSymbol,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  ResponseError,
  type SymbolInformation,
} from 'vscode-languageserver';
import { editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type { RescanParams } from '../../../protocol/messages.ts';
import { filesOfRelease } from '../core/fixes/filesOfRelease.ts';
import { versionTokenAt } from '../core/requirements/versionToken.ts';
import { codeLenses } from '../features/codeLens.ts';
import { versionCompletions } from '../features/completion.ts';
import { documentLinks } from '../features/documentLinks.ts';
import { foldingRanges } from '../features/foldingRanges.ts';
import { hoverFor } from '../features/hover.ts';
import { inlayHints } from '../features/inlayHints.ts';
import type { AgeContext } from '../features/lineCoverage.ts';
import { documentSymbols } from '../features/symbols.ts';
import { editedDocument } from './actionContext.ts';
import type { ClientAbilities } from './capabilities.ts';
import type { CompletionLookups } from './completionLookups.ts';
import { includeLines } from './includeLines.ts';
import type { Serving } from './serving.ts';
import type { Session } from './session.ts';

/**
 * Answers what an editor asks around the lines: hover, links, outline, folding, versions, hints, the lens. Nobody is asked
 * for it but about a package whose versions are to be completed and of which nothing is known.
 */
export function serveLineFeatures(
  connection: Connection,
  { session, abilities }: Serving,
  lookups: CompletionLookups,
): void {
  connection.onHover(({ textDocument, position }) => {
    const served = session();
    const tracked = served?.fileOf(textDocument.uri);
    return served === undefined || tracked === undefined ? null : hoverFor(tracked.lines, position, ageContext(served));
  });

  connection.onDocumentLinks(({ textDocument }) => linksOf(session(), textDocument.uri));

  connection.onDocumentSymbol(({ textDocument: { uri } }) => {
    const tracked = session()?.fileOf(uri);
    const symbols = tracked === undefined ? [] : documentSymbols(tracked.file);
    return abilities().hierarchicalSymbols ? symbols : symbols.map((symbol) => flatSymbol(symbol, uri));
  });

  connection.onFoldingRanges(({ textDocument }) => {
    const tracked = session()?.fileOf(textDocument.uri);
    return tracked === undefined ? [] : foldingRanges(tracked.file, abilities().mostFoldingRanges);
  });

  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const served = session();
    const tracked = served?.fileOf(uri);
    const token = tracked && versionTokenAt(tracked.file, position);
    return served === undefined || token === undefined
      ? null
      : versionCompletions(token.range, await lookups.knowledge(served, uri, token.name), {
          now: served.now,
          freshForMs: served.settings.cacheTtlMinutes * 60_000,
        });
  });

  connection.languages.inlayHint.on(({ textDocument, range }) => {
    const served = session();
    const { file: tracked, settings } = shown(served, textDocument.uri);
    return tracked === undefined || !settings?.inlayHintsEnabled
      ? []
      : inlayHints(tracked.lines, range, settings, {
          document: editedDocument(tracked),
          filesOf: (name, version) => filesOfRelease(served?.knowledgeOf(name)?.facts.releases, version),
        });
  });

  connection.onCodeLens(({ textDocument: { uri } }) => {
    const served = session();
    const { file: tracked, settings } = shown(served, uri);
    return served === undefined || tracked === undefined || !settings?.codeLensEnabled
      ? []
      : codeLenses(tracked, rescanCommand(uri, abilities()), settings, ageContext(served));
  });
}

/** Has the client ask again for lenses and hints, where it can. */
export function refreshLineFeatures(
  connection: Connection,
  { refreshesHints, refreshesLenses }: ClientAbilities,
): void {
  const refused = (error: unknown): void =>
    connection.console.log(`The client did not refresh what stands around the lines: ${String(error)}`);
  if (refreshesHints) {
    connection.sendRequest(InlayHintRefreshRequest.type).catch(refused);
  }
  if (refreshesLenses) {
    connection.sendRequest(CodeLensRefreshRequest.type).catch(refused);
  }
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
  const includes = includeLines(uri, file).filter(({ problem }) => problem === undefined);
  const readable = await Promise.all(includes.map(({ to }) => session.mayRead(to)));
  if (session.fileOf(uri)?.file !== file) {
    return new ResponseError(LSPErrorCodes.ContentModified, 'The file was edited meanwhile.');
  }
  const links = includes.filter((_, index) => readable[index]).map(({ range, to }) => ({ range, uri: to }));
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
