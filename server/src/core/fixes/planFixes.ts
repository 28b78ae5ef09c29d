import type { IndexRequirement } from '../manifests/requirement.ts';
import { disabled, type FixEdit, quoted, type RangeChange, shown } from '../manifests/rewrite.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import { parseVersion } from '../versions/version.ts';
import { constraintEdit } from './constraintEdit.ts';
import type { FixAdvice, PassedOver } from '../assessment/fixAdvice.ts';
import { type FilesEdit, rewriteEntry, type SourcedFile, type SourcedItem } from './fixEdit.ts';
import type { ReleaseFile } from '../packages/release.ts';

/** One way to fix a requirement, as an edit or the reason why it cannot be done. */
export interface FixPlan {
  /** `exclude`: single releases are shut out of a range. */
  readonly kind: 'nearest' | 'latest' | 'exclude';
  /**
   * A version for a pin, the new specifier for a range, the versions shut out for `exclude`; for people. Empty where
   * there is nowhere to go.
   */
  readonly target: string;
  readonly verified: boolean;
  /** As in `FixAdvice`; of the nearest one only. */
  readonly requiresPython?: string;
  readonly passedOver: readonly PassedOver[];
  readonly edit: FilesEdit;
}

export interface FixContext {
  /** Constraints files decide the version of this requirement; the edit belongs there. */
  readonly constraints?: readonly SourcedFile[];
  /** What a package index knows of the files of a release; `undefined` where it was not asked or does not say. */
  readonly filesOf: (version: string) => readonly ReleaseFile[] | undefined;
}

/**
 * The ways to fix a requirement, the nearest first; empty where no safe version is known. A pin stays a pin and a range a
 * range: for a range there is one way, the smallest change of its specifier.
 */
export function planFixes(place: SourcedItem, advice: FixAdvice, context: FixContext): readonly FixPlan[] {
  const item = place.file.contentOf(place.index);
  // What is installed from a file has no version to edit.
  if (item?.kind !== 'index') {
    return [];
  }
  const change = context.constraints === undefined ? (advice.change ?? floorFor(item, advice)) : undefined;
  if (change !== undefined) {
    return [rangePlan(place, { ...advice, change })];
  }
  const { nearest, latest, verified, requiresPython, passedOver } = advice;
  if (nearest === undefined) {
    return [];
  }
  const to = (version: string): FilesEdit => versionEdit(place, item, version, context);
  const python = requiresPython === undefined ? {} : { requiresPython };
  const first: FixPlan = { kind: 'nearest', target: nearest, verified, passedOver, edit: to(nearest), ...python };
  return latest === undefined || latest === nearest
    ? [first]
    : [first, { kind: 'latest', target: latest, verified, passedOver: [], edit: to(latest) }];
}

/** For a range whose version a lock or the installed packages decide: the line asks for more, the lock follows. */
function floorFor(item: IndexRequirement, { nearest }: FixAdvice): RangeChange | undefined {
  const { kind } = pinnedVersion(item.specifier?.clauses ?? []);
  return nearest !== undefined && (kind === 'range' || kind === 'unpinned')
    ? { kind: 'floor', version: nearest }
    : undefined;
}

function versionEdit(
  place: SourcedItem,
  item: IndexRequirement,
  text: string,
  { constraints, filesOf }: FixContext,
): FilesEdit {
  const version = parseVersion(text);
  if (version === undefined) {
    return disabled(`${quoted(text)} is no version of ${shown(item.name)}.`);
  }
  return constraints === undefined
    ? ofOneFile(place, rewriteEntry(place, { kind: 'pin', version, files: filesOf(text) }))
    : constraintEdit(item, constraints, version, filesOf(text));
}

function rangePlan(place: SourcedItem, advice: FixAdvice): FixPlan {
  const { change = { kind: 'none' }, verified, passedOver, requiresPython } = advice;
  const edit = rewriteEntry(place, change);
  const python = requiresPython === undefined ? {} : { requiresPython };
  const common = { verified, passedOver, edit: ofOneFile(place, edit), ...python };
  return change.kind === 'exclude'
    ? { ...common, kind: 'exclude', target: change.versions.join(', ') }
    : { ...common, kind: 'nearest', target: specifierAfter(place, edit) ?? aim(change, advice) };
}

/** What was meant, where the line cannot be changed so. */
function aim(change: RangeChange, { nearest = '' }: FixAdvice): string {
  return change.kind === 'floor' ? `>=${change.version}` : nearest;
}

/** The specifier as the line will have it. */
function specifierAfter({ file, index }: SourcedItem, edit: FixEdit): string | undefined {
  if (edit.kind === 'disabled') {
    return undefined;
  }
  const content = file.edit(edit.changes).contentOf(index);
  return content?.kind === 'index' ? content.specifier?.text : undefined;
}

function ofOneFile({ source, index }: SourcedItem, edit: FixEdit): FilesEdit {
  return edit.kind === 'disabled' ? edit : { kind: 'edit', edits: [{ source, index, changes: edit.changes }] };
}
