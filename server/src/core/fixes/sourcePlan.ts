import { pinnedVersion } from '../versions/pinnedVersion.ts';
import type { FixAdvice } from '../assessment/fixAdvice.ts';
import type { SourcedItem } from './fixEdit.ts';
import { type FixContext, type FixPlan, planFixes } from './planFixes.ts';

/**
 * The fix of a compiled line where it comes from. A pin of the source stays a pin; a range or a bare name gets a floor,
 * which the compiler then keeps to.
 */
export function sourcePlan(place: SourcedItem, fix: FixAdvice, filesOf: FixContext['filesOf']): FixPlan | undefined {
  const item = place.file.contentOf(place.index);
  if (item?.kind !== 'index' || fix.nearest === undefined) {
    return undefined;
  }
  const isPin = pinnedVersion(item.specifier?.clauses ?? []).kind === 'pin';
  const advice: FixAdvice = { ...fix, change: isPin ? undefined : { kind: 'floor', version: fix.nearest } };
  return planFixes(place, advice, { filesOf })[0];
}
