import type { FixAdvice } from '../assessment/advice/fixAdvice.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { lastAtOrBefore } from '../text/lineIndex.ts';
import { plainText } from '../text/plainText.ts';
import { offsetAt } from '../manifests/offsetAt.ts';
import { shown } from '../manifests/rewrite.ts';
import { stepSize } from '../versions/stepSize.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { type FixContext, type FixPlan, type FixPlans, type FixSubject, none, plans } from './fixPlan.ts';
import type { FixScope } from './fixScope.ts';
import { moversFor } from './movers.ts';
import { noIndexText } from './noIndexText.ts';
import { fromFileText, noSafeText } from './words/noSafeText.ts';
import { outsidePlan } from './outsidePlan.ts';
import { editOf, notesOf, type PlanQuestion, planTodo, rewriteTo, targetText } from './planParts.ts';
import { rangePlans } from './rangePlans.ts';
import { lineAt, relatedLines, type ScopedLine } from './relatedLines.ts';
import { type Target, targetsFor } from './targets.ts';

/**
 * The ways to fix a requirement, the nearest first. A pin stays a pin and a range a range. No way goes below the version that is
 * there now, and none leads to what pip could not install as far as the files tell.
 */
export function planFixes(subject: FixSubject, context: FixContext): FixPlans {
  const { requirement, outcome } = subject;
  const file = context.scope.get(subject.source);
  const line = file && lineAt(file, lastAtOrBefore(file.file.starts, offsetAt(file.file, requirement.range.start)));
  const isMalicious = outcome.findings.some(({ severity }) => severity === 'malicious');
  if (isMalicious) {
    return none(maliciousText(requirement));
  }
  if (requirement.decidedBy?.kind === 'fileName') {
    return none(fromFileText(outcome.fix?.nearest));
  }
  if (line === undefined) {
    return none('This line does not ask for a package by its version.');
  }
  const name = shown(line.content.name);
  if (outcome.fix === undefined) {
    return none(`The safe versions of ${name} are not known yet.`);
  }
  for (const one of [line.in, ...context.scope.together(line.source)]) {
    const barred = noIndexText(one.shown, one.file);
    if (barred !== undefined) return none(barred);
  }
  const from = requirement.version === null ? undefined : parseVersion(requirement.version);
  const movers = moversFor(context.scope, startsOf(context.scope, line, requirement, from), from);
  if (movers.kind === 'unmovable') {
    return none(movers.reason);
  }
  const question: PlanQuestion = {
    name,
    line,
    from,
    movers,
    bounds: movers.bounds,
    needs: movers.lines.map((mover) => ({
      markers: [line.content.marker?.tree, mover.content.marker?.tree],
      demand: mover.in.pythons ?? line.in.pythons,
    })),
    advice: outcome.fix,
    facts: context.factsOf(line.content.name.normalized),
    policy: context.policy,
  };
  return from === undefined
    ? rangePlans(question, subject, context)
    : versionPlans(question, subject, outcome.fix, context);
}

function maliciousText({ name, version }: PlacedRequirement): string {
  const subject = plainText(name, 80);
  return version === null
    ? `${subject} has malicious releases: remove it, or pin it to a release that you have checked.`
    : `${subject} ${plainText(version, 60)} is malicious: remove it and rotate every secret it could read.`;
}

/** Where constraints decide the version, their pins are to be changed. */
function startsOf(
  scope: FixScope,
  line: ScopedLine,
  { decidedBy }: PlacedRequirement,
  from: Version | undefined,
): readonly ScopedLine[] {
  const pins =
    decidedBy?.kind === 'constraint' ? relatedLines(scope, line).filter(({ pin }) => pin?.key === from?.key) : [];
  return pins.length > 0 ? pins : [line];
}

function versionPlans(
  question: PlanQuestion,
  { requirement, outcome }: FixSubject,
  advice: FixAdvice,
  context: FixContext,
): FixPlans {
  const { name, from, movers } = question;
  const { fit, reason } = targetsFor(question);
  const [nearest] = fit;
  const latest = fit.at(-1);
  if (nearest === undefined || latest === undefined) {
    const { verdict } = outcome;
    const specifier = plainText(requirement.specifier, 60);
    return none(reason ?? noSafeText(name, advice), outsidePlan(question, { verdict, specifier }, context));
  }
  const todo = planTodo(movers, requirement, context.scope);
  const planOf = (kind: 'nearest' | 'latest', target: Target): FixPlan => {
    const edit = editOf(movers.lines, (line) => rewriteTo(line, target.version, context));
    const step = from && stepSize(from.normal, target.version.normal);
    return {
      kind,
      target: targetText(movers, edit, target.version),
      ...notesOf(target),
      ...(step === undefined ? {} : { step }),
      ...(todo === undefined ? {} : { todo }),
      edit,
    };
  };
  const first = planOf('nearest', nearest);
  return plans(
    latest.version.key === nearest.version.key || movers.outputs.length > 0
      ? [first]
      : [first, planOf('latest', latest)],
  );
}
