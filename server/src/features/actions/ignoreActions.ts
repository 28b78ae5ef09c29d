import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import { diagnosticSource, editorCommands } from '../../../../protocol/ids.ts';
import type { IgnoreRequest } from '../../../../protocol/messages/ignoreEdits.ts';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { plainText } from '../../core/text/plainText.ts';

// A menu, not a list of advisories: the command itself offers them all.
const mostActions = 5;

/**
 * One action for each finding to live with, which asks for the reason; first those that the cursor is on. None for what is
 * malicious: that is not to be waved away in passing.
 */
export function ignoreActions(
  uri: string,
  { name, version }: PlacedRequirement,
  { findings }: Assessed,
  diagnostics: readonly Diagnostic[],
  command: string,
): readonly CodeAction[] {
  const asked = new Set(diagnostics.flatMap(idsOf));
  const open = findings.filter(({ ignored, severity }) => ignored === undefined && severity !== 'malicious');
  const meant = open.filter(({ id }) => asked.has(id));
  return (meant.length > 0 ? meant : open).slice(0, mostActions).map(({ id }) => {
    const title = `Ignore ${plainText(id, 60)}…`;
    const request: IgnoreRequest = { uri, id, name: plainText(name, 100), version: plainText(version ?? '', 60) };
    const solved = diagnostics.filter((diagnostic) => {
      const ids = idsOf(diagnostic);
      return ids.length === 1 && ids[0] === id; // one that is about others, too, stays
    });
    return {
      title,
      kind: 'quickfix',
      ...(solved.length === 0 ? {} : { diagnostics: solved }),
      command: { title, command, arguments: [request] },
    };
  });
}

/** Takes back what is ignored here: all of it at once where it is more than one, and each by itself. */
export function stopIgnoringActions(
  uri: string,
  { name, version }: PlacedRequirement,
  { findings }: Assessed,
): readonly CodeAction[] {
  const ignored = findings.filter((finding) => finding.ignored !== undefined).map(({ id }) => id);
  const all = ignored.length > 1 ? [[`Stop ignoring all ${ignored.length} advisories`, ignored] as const] : [];
  const each = ignored.slice(0, mostActions).map((id) => [`Stop ignoring ${plainText(id, 60)}`, [id]] as const);
  return [...all, ...each].map(([title, ids]) => ({
    title,
    kind: 'quickfix',
    command: {
      title,
      command: editorCommands.stopIgnoring,
      arguments: [{ uri, ids, name: plainText(name, 100), version: plainText(version ?? '', 60) }],
    },
  }));
}

/** The findings that one of our diagnostics is about; clients may leave out what it carries. */
function idsOf({ source, code, data }: Diagnostic): readonly unknown[] {
  if (source !== diagnosticSource) {
    return [];
  }
  const { ids } = (data ?? {}) as { readonly ids?: unknown };
  return Array.isArray(ids) ? ids : [code];
}
