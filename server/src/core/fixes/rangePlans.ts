import { isPin } from '../assessment/lookup.ts';
import { plainText } from '../text/plainText.ts';
import { type FixContext, type FixPlans, type FixSubject, none, plans } from './fixPlan.ts';
import { noSafeText } from './words/noSafeText.ts';
import { outsidePlan } from './outsidePlan.ts';
import { editOf, notesOf, type PlanQuestion, planTodo, rangeText } from './planParts.ts';
import { rangeChange } from './rangeChange.ts';
import { targetsFor } from './targets.ts';

/** The ways to fix a range: what is vulnerable is shut out of it, or it is given up. */
export function rangePlans(question: PlanQuestion, subject: FixSubject, context: FixContext): FixPlans {
  const { name, advice, movers } = question;
  const [mover] = movers.lines;
  const { subject: asked } = subject.requirement;
  if (mover === undefined || asked.kind !== 'lookup' || isPin(asked.lookup)) {
    return none(noSafeText(name, advice));
  }
  const { change, fit } = rangeChange(question, asked.lookup.specifier);
  const [nearest] = fit;
  const todo = planTodo(movers, subject.requirement, context.scope);
  const more = todo === undefined ? {} : { todo };
  if (change.kind !== 'none' && nearest !== undefined) {
    const edit = editOf(movers.lines, () => change);
    const target = change.kind === 'exclude' ? change.versions.join(', ') : rangeText(mover, edit, change);
    return plans([
      { kind: change.kind === 'exclude' ? 'exclude' : 'nearest', target, ...notesOf(nearest), ...more, edit },
    ]);
  }
  // Its own bound is plain to see: what else stands in the way is not.
  const others = question.bounds.filter(({ isOwn }) => !isOwn);
  const reason = targetsFor({ ...question, bounds: others }).reason ?? targetsFor(question).reason;
  const specifier = plainText(subject.requirement.specifier, 60);
  const outside = outsidePlan(question, { verdict: subject.outcome.verdict, specifier }, context);
  const where = specifier === '' ? '' : ` within ${specifier}`;
  const beyond = outside === undefined ? '' : ` The nearest one is ${outside.target.replace(/^>=/u, '')}.`;
  const highest = change.kind === 'none' ? change.highestSafe : undefined;
  const why =
    highest !== undefined
      ? `No version of ${name} later than ${highest} is known to be safe${where}.${beyond}`
      : (outside === undefined || specifier === '') && reason !== undefined
        ? reason
        : `No version of ${name}${where} is known to be safe.${beyond}`;
  return none(why, outside);
}
