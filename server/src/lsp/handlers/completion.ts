import type { CompletionList, CompletionParams } from 'vscode-languageserver';
import { versionCompletions } from '../../features/completion.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Clock } from '../../engine/ports.ts';
import type { CompletionLookups } from '../tasks/completionLookups.ts';

/** `textDocument/completion`: of versions. A package of which nothing is known is asked about. */
export function completion(
  workspace: Workspace,
  lookups: CompletionLookups,
  clock: Clock,
): (params: CompletionParams) => Promise<CompletionList | null> {
  return async ({ textDocument: { uri }, position }) => {
    const file = workspace.snapshot(fileId(uri));
    const token = file?.file.versionAt?.(position);
    return file === undefined || token === undefined
      ? null
      : versionCompletions(token, await lookups.knowledge(file.id, token.name), {
          now: clock.now(),
          freshForMs: workspace.settings.window.cacheTtlMinutes * 60_000,
        });
  };
}
