import type { Assessed } from '../../core/assessment/outcome.ts';
import type { FixAdvice } from '../../core/assessment/fixAdvice.ts';
import type { SourcedItem } from '../../core/fixes/fixEdit.ts';
import { nameOf } from '../../core/manifests/manifest.ts';
import { originsOf } from '../../core/fixes/originsOf.ts';
import { compiledText } from '../../core/fixes/compiledText.ts';
import { sourcePlan } from '../../core/fixes/sourcePlan.ts';
import { plainText } from '../../core/text/plainText.ts';
import {
  type Candidate,
  type CodeActionContext,
  disabledAction,
  type Found,
  planAction,
  toSourced,
} from './fixAction.ts';
import { shownName, sourceFixTitle } from './fixTitles.ts';
import { fileName } from './workspaceEdit.ts';

/**
 * For a file that a tool wrote: the edit of what it was made from, or the word that this is where to change things. Empty
 * for a file that a person wrote, and where there is no safe version to go to.
 */
export function compiledActions(
  context: CodeActionContext,
  { index, name: asked }: Found,
  { findings, fix }: Assessed,
): readonly Candidate[] {
  const { compiled } = context.document.file;
  const isMalicious = findings.some(({ severity }) => severity === 'malicious');
  if (compiled === undefined || fix?.nearest === undefined || isMalicious) {
    return [];
  }
  const { direct, places } = originsOf(context.document.file, index, context.sources.map(toSourced));
  if (direct) {
    return places.flatMap((place) => sourceAction(context, place, fix));
  }
  const name = shownName(asked.text);
  const askers = [...new Set(places.map(({ file, index: at }) => nameOf(file.contentOf(at))?.text ?? ''))].join(', ');
  const why = places.length === 0 ? '' : ` ${name} is there because of ${plainText(askers, 100)}.`;
  return [disabledAction(`Change ${name} where it is asked for`, compiledText(compiled) + why)];
}

function sourceAction(context: CodeActionContext, place: SourcedItem, fix: FixAdvice): readonly Candidate[] {
  const name = nameOf(place.file.contentOf(place.index));
  if (name === undefined) {
    return [];
  }
  const plan = sourcePlan(place, fix, (version) => context.filesOf(name.normalized, version));
  if (plan === undefined) {
    return [];
  }
  const title = sourceFixTitle(name.text, plan, fileName(place.source));
  return [{ action: planAction(context, title, plan), canBePreferred: true }];
}
