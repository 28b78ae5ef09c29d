import type { Range } from '../core/text/position.ts';
import type { InlayHint } from 'vscode-languageserver-types';
import type { Settings } from '../../../protocol/settings.ts';
import { plainText, listText } from '../core/text/plainText.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
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
    const known = `${findings.length === 1 ? 'vulnerability' : `${findings.length} vulnerabilities`} known in`;
    const ids = listText(
      findings.map((finding) => finding.id),
      6,
    );
    return [
      {
        position: tokenRange.end,
        label: `→ ${plainText(target, 60)}${step === 'major' ? ' (major)' : ''}`,
        paddingLeft: true,
        ...(changes.length === 0 ? {} : { textEdits: textEdits({ document: { file }, changes }) }),
        tooltip: plainText(
          `The nearest version of ${plainText(name, 100)} without the ${known} ${plainText(version, 60)}: ${ids}.${requiresPython === undefined ? '' : ` It needs Python ${plainText(requiresPython, 60)}.`}`,
          500,
        ),
      },
    ];
  });
}
