import type { CodeAction } from 'vscode-languageserver-types';
import type { Assessed } from '../../core/assessment/outcome.ts';
import { planFixes } from '../../core/fixes/planFixes.ts';
import { askedName } from '../../core/manifests/manifest.ts';
import { offsetAt } from '../../core/manifests/offsetAt.ts';
import { lastAtOrBefore } from '../../core/text/lineIndex.ts';
import { listText, plainText } from '../../core/text/plainText.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { type CodeActionContext, planAction } from './fixAction.ts';
import { shownName } from './fixTitles.ts';

/** Raises a requirement to the nearest release with which packages that come with it can have a safe version, as far as that is known. */
export function raiseActions(context: CodeActionContext, line: LineState): readonly CodeAction[] {
  const { requirement, comes, state } = line;
  const own =
    state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0
      ? state.outcome.fix?.nearest
      : undefined;
  const { file } = context.document;
  const index = lastAtOrBefore(file.starts, offsetAt(file, requirement.range.start));
  if (comes === undefined || askedName(file.contentOf(index)) === undefined) return [];
  const byVersion = new Map<string, string[]>();
  for (const coming of comes.lines) {
    const raise = context.raiseOf?.(comes, coming)?.raise;
    // Its own fix is there already.
    if (raise?.kind !== 'raise' || raise.name !== requirement.normalizedName || raise.version === own) continue;
    const what = `${plainText(coming.requirement.name, 60)} ${plainText(raise.allows, 40)}`;
    byVersion.set(raise.version, [...(byVersion.get(raise.version) ?? []), what]);
  }
  return [...byVersion].flatMap(([version, allowed]) => {
    const target: Assessed = {
      kind: 'assessed',
      verdict: 'vulnerable',
      findings: [],
      fix: { nearest: version, latest: version, verified: true, passedOver: [] },
      checkedAt: 0,
    };
    const fix = { ...context.fix, factsOf: () => undefined };
    const planned = planFixes({ source: context.id, requirement, outcome: target }, fix);
    if (planned.kind !== 'plans') return [];
    const [plan] = planned.plans;
    const change = `Change ${shownName(requirement.name)} to ${plainText(plan.target, 80)} (allows ${listText(allowed, 3)})`;
    const title = plan.todo?.kind === 'lock' ? `${change}, then lock again` : change;
    return [{ ...planAction(context, title, plan), kind: 'quickfix' }];
  });
}
