import type { Range } from '../core/text/position.ts';
import type { InlayHint } from 'vscode-languageserver-types';
import type { Settings } from '../../../protocol/settings.ts';
import { plainText, listText } from '../core/text/plainText.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
import type { Finding } from '../core/assessment/finding.ts';
import type { Words } from '../core/words/words.ts';
import { planFixes } from '../core/fixes/planFixes.ts';
import { lastFirst } from '../core/manifests/rewrite.ts';
import type { CodeActionContext } from './actions/fixAction.ts';
import { textEdits } from './actions/workspaceEdit.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';

type HintedFile = Pick<FileSnapshot, 'lines' | 'file'> & { readonly settings: Pick<Settings, 'minimumSeverity'> };

/** The nearest fixed version behind each vulnerable pin of a file. Nothing where an answer is still to come, or no fix fits. */
export function inlayHints(
  { file, lines, settings: { minimumSeverity } }: HintedFile,
  range: Range,
  { id, fix: context }: Pick<CodeActionContext, 'id' | 'fix'>,
  words: Words,
): InlayHint[] {
  return lines.flatMap(({ requirement, state }) => {
    const { tokenRange, version, decidedBy, name } = requirement;
    const { line } = tokenRange.end;
    if (line < range.start.line || line > range.end.line || version === null || decidedBy !== undefined) {
      return []; // the version that it is about is not on this line
    }
    const outcome = state.kind === 'settled' && state.outcome.kind === 'assessed' ? state.outcome : undefined;
    const findings = (outcome?.findings ?? []).filter(({ ignored }) => ignored === undefined);
    if (outcome === undefined || !findings.some(({ severity }) => reaches(severity, minimumSeverity))) {
      return [];
    }
    const planned = planFixes({ source: id, requirement, outcome }, context);
    if (planned.kind === 'none') {
      return [];
    }
    const [{ target, step, requiresPython, edit }] = planned.plans;
    // Nobody sees what a double click changes in another file.
    const edits = edit.kind === 'edit' && edit.edits.every(({ source }) => source === id) ? edit.edits : [];
    const changes = lastFirst(edits.flatMap((one) => one.changes));
    return [
      {
        position: tokenRange.end,
        label: `→ ${plainText(target, 60)}${step === 'major' ? ` (${words.t('major')})` : ''}`,
        paddingLeft: true,
        ...(changes.length === 0 ? {} : { textEdits: textEdits({ document: { file }, changes }) }),
        tooltip: tooltipText({ name, version, requiresPython }, findings, words),
      },
    ];
  });
}

interface Hinted {
  readonly name: string;
  readonly version: string;
  /** Of the version to go to. */
  readonly requiresPython: string | undefined;
}

function tooltipText(hinted: Hinted, findings: readonly Finding[], { t, part }: Words): string {
  const name = plainText(hinted.name, 100);
  const version = plainText(hinted.version, 60);
  const all = findings.map(({ id }) => id);
  const ids = part(listText(all, 6));
  const what =
    all.length === 1
      ? t('The nearest version of {0} without the vulnerability known in {1}: {2}.', name, version, ids)
      : t(
          'The nearest version of {0} without the {1} vulnerabilities known in {2}: {3}.',
          name,
          all.length,
          version,
          ids,
        );
  const { requiresPython } = hinted;
  const python = requiresPython === undefined ? [] : [t('It needs Python {0}.', plainText(requiresPython, 60))];
  return plainText([what, ...python].join(' '), 500);
}
