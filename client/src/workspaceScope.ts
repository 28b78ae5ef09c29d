import { workspace } from 'vscode';
import { searchedScope, type SearchedScope } from './searchedScope.ts';

/** What a search of this window's workspace can reach. */
export function workspaceScope(): SearchedScope {
  return searchedScope((workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme));
}
