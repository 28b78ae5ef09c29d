import type { CompletionList, CompletionParams } from 'vscode-languageserver';
import { type CompletionContext, versionCompletions } from '../../features/completion.ts';
import { nameCompletions } from '../../features/nameCompletion.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Clock } from '../../engine/ports.ts';
import type { CompletionLookups } from '../tasks/completionLookups.ts';
import type { LockStore } from '../tasks/lockStore.ts';

/** `textDocument/completion`: of versions, and of names that the workspace knows. A package of which nothing is known is asked about. */
export function completion(
  workspace: Workspace,
  lookups: CompletionLookups,
  locks: LockStore,
  clock: Clock,
  shown: Pick<CompletionContext, 'labelDetails' | 'words'>,
): (params: CompletionParams) => Promise<CompletionList | null> {
  return async ({ textDocument: { uri }, position }) => {
    const file = workspace.snapshot(fileId(uri));
    const token = file?.file.versionAt?.(position);
    if (file !== undefined && token !== undefined) {
      return versionCompletions(token, await lookups.knowledge(file.id, token.name), {
        now: clock.now(),
        freshForMs: workspace.settings.window.cacheTtlMinutes * 60_000,
        ...shown,
      });
    }
    const name = file?.file.nameAt?.(position);
    if (file === undefined || name === undefined) {
      return null;
    }
    const others = workspace.selected.filter(({ id }) => id !== file.id);
    return nameCompletions(name, { here: file, others, locked: locks.known.values() }, shown) ?? null;
  };
}
