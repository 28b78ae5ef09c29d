import type { FoldingRange, FoldingRangeParams } from 'vscode-languageserver';
import { foldingRanges } from '../../features/foldingRanges.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';

/** `textDocument/foldingRange`. */
export function foldingRange(
  workspace: Workspace,
  { mostFoldingRanges }: Pick<ClientAbilities, 'mostFoldingRanges'>,
): (params: FoldingRangeParams) => FoldingRange[] {
  return ({ textDocument }) => {
    const file = workspace.snapshot(fileId(textDocument.uri));
    return file === undefined ? [] : foldingRanges(file.file, mostFoldingRanges);
  };
}
