import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { StopIgnoreEdit } from '../../../../../protocol/messages/ignoreEdits.ts';
import { removeIgnores } from '../../../core/ignores/removeIgnores.ts';
import { fileId } from '../../../project/fileId.ts';
import type { Workspace } from '../../../project/workspace/workspace.ts';

/** The text of an `osv-scanner.toml` without what it ignores of these findings of a file; `null` where it ignores none. */
export function stopIgnoreEdit(workspace: Workspace, argument: unknown): StopIgnoreEdit | ResponseError {
  const { text, uri, ids } = (argument ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof text !== 'string' || typeof uri !== 'string' || !isTexts(ids)) {
    return new ResponseError(ErrorCodes.InvalidParams, 'What is no longer ignored has a text, a file and ids.');
  }
  return { text: removeIgnores(text, namesOf(workspace, uri, new Set(ids))) ?? null };
}

/** A file may name a finding by any of its ids. */
function namesOf(workspace: Workspace, uri: string, ids: ReadonlySet<string>): ReadonlySet<string> {
  const findings = (workspace.snapshot(fileId(uri))?.lines ?? []).flatMap(({ state }) => {
    const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
    const known = outcome?.kind === 'failed' ? outcome.lastKnown : outcome;
    return known?.kind === 'assessed' ? known.findings : [];
  });
  const names = findings
    .map(({ id, aliases, records }) => [id, ...aliases, ...records])
    .filter((all) => all.some((name) => ids.has(name)));
  return new Set([...ids, ...names.flat()]);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
