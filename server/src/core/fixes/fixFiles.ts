import type { PlacedRequirement } from '../assessment/requirement.ts';
import type { Outcome } from '../assessment/outcome.ts';
import { isWhollyIgnored } from '../ignores/markIgnored.ts';
import { plainText } from '../text/plainText.ts';
import { lastFirst, type TextChange } from '../manifests/rewrite.ts';
import type { StepSize } from '../versions/stepSize.ts';
import type { SourcedEdit } from './fixEdit.ts';
import type { FixPlan } from './fixPlan.ts';
import type { FixContext } from './fixPlan.ts';
import { planFixes } from './planFixes.ts';

/** A file whose requirements are to be fixed. */
export interface FixableFile {
  readonly source: string;
  readonly requirements: readonly { readonly requirement: PlacedRequirement; readonly outcome: Outcome }[];
}

export interface FixedFiles {
  /** By file, each as in `FixEdit`. */
  readonly changes: ReadonlyMap<string, readonly TextChange[]>;
  /** The same for each edit: what of it wants a second look. */
  readonly edits: readonly FixedEdit[];
  readonly fixed: readonly FixedRequirement[];
  readonly left: readonly LeftRequirement[];
  /** Major updates that a person is to decide on; they are in nothing else here. */
  readonly majors: readonly FixedRequirement[];
}

export interface FixedEdit extends SourcedEdit {
  /** A major update, or the source of a compiled file. */
  readonly wantsReview: boolean;
}

export interface FixedRequirement extends RequirementPlace {
  /** A version, or for a range its new specifier; for people. */
  readonly target: string;
  readonly verified: boolean;
  readonly step?: StepSize;
  /** What else there is to know of it, in short sentences for people. */
  readonly notes: readonly string[];
  /** The files that are changed for it. */
  readonly changedIn: readonly string[];
  /** What someone has to do before it is fixed, in one sentence for people; absent where nothing is. */
  readonly todo?: string;
}

export interface LeftRequirement extends RequirementPlace {
  /** One sentence for people. */
  readonly reason: string;
  /** The digests of the release's files are all that is missing. */
  readonly wantsFiles?: true;
}

export interface RequirementPlace {
  readonly source: string;
  /** From 0. */
  readonly line: number;
  readonly name: string;
  /** A version, or the specifier of a range. */
  readonly from: string;
}

/**
 * The nearest fix of everything in these files that is, or may be, vulnerable; and for what stays unchanged, why. Where two
 * of them would change the same line the first one does, and the other is left unless it wants the same. What someone ignores
 * altogether is neither. `leavesMajors`: those are for a person to decide on.
 */
export function fixFiles(files: readonly FixableFile[], context: FixContext, leavesMajors = false): FixedFiles {
  const taken = new Map<string, FixedEdit>();
  const fixed: FixedRequirement[] = [];
  const left: LeftRequirement[] = [];
  const majors: FixedRequirement[] = [];
  for (const { source, requirements } of files) {
    for (const { requirement, outcome } of requirements) {
      if (outcome.kind !== 'assessed' || outcome.findings.length === 0 || isWhollyIgnored(outcome)) {
        continue;
      }
      const place: RequirementPlace = {
        source,
        line: requirement.range.start.line,
        name: plainText(requirement.name, 100),
        from: plainText(requirement.version ?? requirement.specifier, 80),
      };
      const found = planFixes({ source, requirement, outcome }, context);
      if (found.kind === 'none') {
        left.push({ ...place, reason: found.reason });
        continue;
      }
      const [plan] = found.plans;
      if (plan.edit.kind === 'disabled') {
        const { reason, wantsFiles } = plan.edit;
        left.push({ ...place, reason, ...(wantsFiles && { wantsFiles }) });
        continue;
      }
      const { edits } = plan.edit;
      const done = fixedRequirement(place, plan, [...new Set(edits.map((edit) => edit.source))]);
      if (leavesMajors && plan.step === 'major') {
        majors.push(done);
        continue;
      }
      const refused = take(taken, edits, plan.step === 'major' || plan.todo !== undefined);
      if (refused === undefined) {
        fixed.push(done);
      } else {
        left.push({ ...place, reason: refused });
      }
    }
  }
  const edits = [...taken.values()];
  return { changes: changesOf(edits), edits, fixed, left, majors };
}

function fixedRequirement(
  place: RequirementPlace,
  { target, verified, step, todo, lostPythons, requiresPython, isYoung }: FixPlan,
  changedIn: readonly string[],
): FixedRequirement {
  return {
    ...place,
    target: plainText(target, 80),
    verified,
    ...(step === undefined ? {} : { step }),
    notes: [
      ...(lostPythons === undefined
        ? []
        : [`not for Python ${lostPythons}, as it needs ${plainText(requiresPython ?? '', 40)}`]),
      ...(isYoung === true ? ['younger than your settings ask for, but nothing older is safe'] : []),
    ],
    changedIn,
    ...(todo === undefined ? {} : { todo: todo.text }),
  };
}

/** All of them or none; says why none. */
function take(taken: Map<string, FixedEdit>, edits: readonly SourcedEdit[], wantsReview: boolean): string | undefined {
  const keyOf = ({ source, index }: SourcedEdit): string => JSON.stringify([source, index]);
  const contradicted = edits.some((edit) => {
    const other = taken.get(keyOf(edit));
    return other !== undefined && JSON.stringify(other.changes) !== JSON.stringify(edit.changes);
  });
  if (contradicted) {
    return 'The line that decides its version is changed to another one for another requirement.';
  }
  for (const edit of edits) {
    const before = taken.get(keyOf(edit));
    taken.set(keyOf(edit), { ...edit, wantsReview: wantsReview || (before?.wantsReview ?? false) });
  }
  return undefined;
}

function changesOf(edits: readonly SourcedEdit[]): ReadonlyMap<string, readonly TextChange[]> {
  const bySource = new Map<string, TextChange[]>();
  for (const { source, changes } of edits) {
    bySource.set(source, [...(bySource.get(source) ?? []), ...changes]);
  }
  return new Map([...bySource].map(([source, changes]) => [source, lastFirst(changes)]));
}
