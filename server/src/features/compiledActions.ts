import type { Assessed } from '../core/assessment/outcome.ts';
import { compiledBy } from '../core/fixes/compiledBy.ts';
import type { FixAdvice } from '../core/assessment/fixAdvice.ts';
import type { SourcedItem } from '../core/fixes/fixEdit.ts';
import { originsOf } from '../core/fixes/originsOf.ts';
import { compiledText } from '../core/fixes/compiledText.ts';
import { sourcePlan } from '../core/fixes/sourcePlan.ts';
import { plainText } from '../core/text/plainText.ts';
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
  { index, item }: Found,
  { findings, fix }: Assessed,
): readonly Candidate[] {
  const compiled = compiledBy(context.document.file);
  const isMalicious = findings.some(({ severity }) => severity === 'malicious');
  if (compiled === undefined || fix?.nearest === undefined || isMalicious) {
    return [];
  }
  const { direct, places } = originsOf(context.document.file, index, context.sources.map(toSourced));
  if (direct) {
    return places.flatMap((place) => sourceAction(context, place, fix));
  }
  const name = shownName(item.name.text);
  const askers = [...new Set(places.map(({ file, index: at }) => nameOf(file.items[at])))].join(', ');
  const why = places.length === 0 ? '' : ` ${name} is there because of ${plainText(askers, 100)}.`;
  return [disabledAction(`Change ${name} where it is asked for`, compiledText(compiled) + why)];
}

function sourceAction(context: CodeActionContext, place: SourcedItem, fix: FixAdvice): readonly Candidate[] {
  const item = place.file.items[place.index];
  if (item?.kind !== 'requirement') {
    return [];
  }
  const plan = sourcePlan(place, fix, (version) => context.filesOf(item.name.normalized, version));
  if (plan === undefined) {
    return [];
  }
  const title = sourceFixTitle(item.name.text, plan, fileName(place.source));
  return [{ action: planAction(context, title, plan), canBePreferred: true }];
}

function nameOf(item: SourcedItem['file']['items'][number] | undefined): string {
  return item?.kind === 'requirement' ? item.name.text : '';
}
