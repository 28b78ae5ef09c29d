import type { Range } from '../core/text/position.ts';
import type { InlayHint } from 'vscode-languageserver-types';
import type { Settings } from '../../../protocol/settings.ts';
import { plainText, listText } from '../core/text/plainText.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
import { nearestChanges } from './actions/codeActions.ts';
import type { CodeActionContext } from './actions/fixAction.ts';
import { textEdits } from './actions/workspaceEdit.ts';
import { lineFix } from './actions/lineFix.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';

type HintedFile = Pick<FileSnapshot, 'lines'> & { readonly settings: Pick<Settings, 'minimumSeverity'> };

/** The nearest fixed version behind each vulnerable pin of a file. Nothing where an answer is still to come. */
export function inlayHints(
  { lines, settings: { minimumSeverity } }: HintedFile,
  range: Range,
  /** Where given, a double click makes the fix. */
  fixing?: Pick<CodeActionContext, 'document' | 'filesOf'>,
): InlayHint[] {
  return lines.flatMap((shownLine) => {
    const { requirement, state } = shownLine;
    const { tokenRange, version, decidedBy, name } = requirement;
    const { line } = tokenRange.end;
    if (line < range.start.line || line > range.end.line || version === null || decidedBy !== undefined) {
      return []; // the version that it is about is not on this line
    }
    const outcome = state.kind === 'settled' && state.outcome.kind === 'assessed' ? state.outcome : undefined;
    const findings = (outcome?.findings ?? []).filter(({ ignored }) => ignored === undefined);
    const fix = outcome && lineFix(outcome);
    if (fix === undefined || !findings.some(({ severity }) => reaches(severity, minimumSeverity))) {
      return [];
    }
    const known = `${findings.length === 1 ? 'vulnerability' : `${findings.length} vulnerabilities`} known in`;
    const changes = fixing && nearestChanges(fixing, shownLine);
    const python = outcome?.fix?.requiresPython;
    const ids = listText(
      findings.map(({ id }) => id),
      6,
    );
    return [
      {
        position: tokenRange.end,
        label: `→ ${plainText(fix, 60)}`,
        paddingLeft: true,
        ...(changes === undefined || fixing === undefined ? {} : { textEdits: textEdits({ ...fixing, changes }) }),
        tooltip: plainText(
          `The nearest version of ${plainText(name, 100)} without the ${known} ${plainText(version, 60)}: ${ids}.${python === undefined ? '' : ` It needs Python ${plainText(python, 60)}.`}`,
          500,
        ),
      },
    ];
  });
}
