import { languages, type TextDocument, workspace } from 'vscode';
import { requirementFilters } from './requirementFilters.ts';

// `vscode-vfs`: a repository that is browsed without a checkout.
const always = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'] as const;

/**
 * The schemes of documents that a person works on: on disk, unsaved, in a workspace folder wherever that lies, or in a file system
 * that can be written to. Read-only ones elsewhere are copies, as those that a comparison or the history shows.
 */
export function checkedSchemes(include: readonly string[]): ReadonlySet<string> {
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  const others = workspace.textDocuments.filter(
    (document) => isWritable(document) && isRequirements(document, include),
  );
  return new Set([...always, ...folders, ...others.map(({ uri }) => uri.scheme)]);
}

function isWritable({ uri }: TextDocument): boolean {
  return workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

function isRequirements(document: TextDocument, include: readonly string[]): boolean {
  return languages.match(requirementFilters(include, [document.uri.scheme]), document) > 0;
}
