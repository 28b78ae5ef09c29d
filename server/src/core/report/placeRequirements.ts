import { type AssessmentTarget, assessmentTarget } from '../assessment/assessmentTarget.ts';
import { type ConstraintPins, constrainedTarget } from '../assessment/constraints.ts';
import type { Item, PackageName, RequirementsFile } from '../requirements/model.ts';
import { rangeOf } from '../requirements/lineIndex.ts';
import type { PlacedProblem, PlacedRequirement, Subject } from './scanReport.ts';

export interface PlacedFile {
  readonly requirements: readonly PlacedRequirement[];
  readonly problems: readonly PlacedProblem[];
}

/** What to ask about an item; `undefined` where it asks for no package. */
export type TargetOf = (item: Item) => AssessmentTarget | undefined;

/** Works out each item's target once: an edit leaves the items of other lines as they are. */
export function rememberedTargets(isPrivate: (name: PackageName) => boolean, constraints: ConstraintPins): TargetOf {
  const targets = new WeakMap<Item, AssessmentTarget | undefined>();
  return (item) => {
    if (!targets.has(item)) {
      targets.set(item, constrainedTarget(item, assessmentTarget(item, isPrivate), constraints));
    }
    return targets.get(item);
  };
}

/** Every requirement of a file with its place and what is to be asked about it, and every problem with its place. */
export function placeRequirements(file: RequirementsFile, targetOf: TargetOf): PlacedFile {
  const requirements: PlacedRequirement[] = [];
  const problems: PlacedProblem[] = [];
  file.items.forEach((item, index) => {
    for (const problem of item.problems) {
      problems.push({
        range: rangeOf(file, index, problem.span),
        message: problem.message,
        code: problem.code,
        incomplete: problem.incomplete ?? false,
      });
    }
    const target = targetOf(item);
    if (target === undefined) {
      return;
    }
    const name = 'name' in item ? item.name : undefined;
    const tokenRange = rangeOf(file, index, target.token);
    requirements.push({
      name: name?.text ?? item.text,
      normalizedName: name?.normalized ?? '',
      range: rangeOf(file, index, item.span),
      tokenRange,
      nameRange: name === undefined ? tokenRange : rangeOf(file, index, name.span),
      specifier: item.kind === 'requirement' ? (item.specifier?.text ?? '') : '',
      version: target.kind === 'pin' ? target.version : null,
      ...(target.kind === 'pin' && target.decidedBy !== undefined ? { decidedBy: target.decidedBy } : {}),
      subject: subjectOf(target),
    });
  });
  return { requirements, problems };
}

function subjectOf(target: AssessmentTarget): Subject {
  switch (target.kind) {
    case 'pin':
      return { kind: 'lookup', lookup: target.pin };
    case 'range':
      return { kind: 'lookup', lookup: target.range };
    case 'skipped':
    case 'invalid':
      return { kind: 'settled', outcome: target.outcome };
  }
}
