import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import { diagnosticSource } from '../../../../protocol/ids.ts';
import { rangeOf } from '../../core/manifests/places.ts';
import { lastAtOrBefore } from '../../core/text/lineIndex.ts';
import { offsetAt } from '../../core/manifests/offsetAt.ts';
import type { Range } from '../../core/text/position.ts';
import { plainText } from '../../core/text/plainText.ts';
import { type EditAbilities, type EditedDocument, workspaceEdit } from './workspaceEdit.ts';

// Somebody who selects a whole file wants something else.
const mostLines = 50;

/** What broken lines in a range plainly mean, as one action each. */
export function correctionActions(
  document: EditedDocument,
  range: Range,
  { diagnostics, abilities }: { readonly diagnostics: readonly Diagnostic[]; readonly abilities: EditAbilities },
): readonly CodeAction[] {
  const { file, uri } = document;
  const first = Math.max(0, lastAtOrBefore(file.starts, offsetAt(file, range.start)));
  const last = Math.min(lastAtOrBefore(file.starts, offsetAt(file, range.end)), first + mostLines);
  const actions: CodeAction[] = [];
  for (let index = first; index <= last; index++) {
    const entry = file.entries[index];
    const correction = entry && entry.problems.length > 0 ? file.correctionOf?.(index) : undefined;
    if (entry === undefined || correction === undefined) continue;
    const { start, end } = rangeOf(file, index, entry.span);
    if (start.line > range.end.line || end.line < range.start.line) continue;
    const title = plainText(correction.title, 120);
    const solved = diagnostics.filter(
      ({ source, range: at }) => source === diagnosticSource && at.start.line >= start.line && at.end.line <= end.line,
    );
    actions.push({
      title,
      kind: 'quickfix',
      isPreferred: true,
      ...(solved.length === 0 ? {} : { diagnostics: solved }),
      edit: workspaceEdit([{ document, changes: correction.changes }], { here: uri, label: title, abilities }),
    });
  }
  return actions;
}
