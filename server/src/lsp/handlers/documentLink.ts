import { type DocumentLink, type DocumentLinkParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Words } from '../../core/words/words.ts';
import { documentLinks } from '../../features/documentLinks.ts';
import { fileId } from '../../project/fileId.ts';
import { includeLines } from '../../project/workspace/includeLines.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import type { WorkspaceReader } from '../tasks/workspaceReader.ts';

/** `textDocument/documentLink`: included files are links where they may be read. */
export function documentLink(
  workspace: Workspace,
  reader: WorkspaceReader,
  { linkTooltips }: Pick<ClientAbilities, 'linkTooltips'>,
  words: Words,
): (params: DocumentLinkParams) => Promise<DocumentLink[] | ResponseError> {
  return async ({ textDocument }) => {
    const id = fileId(textDocument.uri);
    const snapshot = workspace.snapshot(id);
    if (snapshot === undefined) {
      return [];
    }
    const includes = includeLines(id, snapshot.file).filter(({ unread }) => unread === undefined);
    const readable = await Promise.all(includes.map(({ places }) => firstOf(places, (place) => reader.mayRead(place))));
    if (workspace.snapshot(id)?.file !== snapshot.file) {
      return new ResponseError(LSPErrorCodes.ContentModified, 'The file was edited meanwhile.');
    }
    const targets = includes.flatMap(({ range }, index) => {
      const to = readable[index];
      return to === undefined ? [] : [{ range, uri: workspace.uriOf(to) }];
    });
    const links = documentLinks(snapshot.file, targets, words);
    return linkTooltips ? links : links.map(withoutTooltip);
  };
}

async function firstOf<T>(all: readonly T[], isIt: (one: T) => Promise<boolean>): Promise<T | undefined> {
  for (const one of all) {
    if (await isIt(one)) return one;
  }
  return undefined;
}

function withoutTooltip({ range, target }: DocumentLink): DocumentLink {
  return target === undefined ? { range } : { range, target };
}
