import { assessRange } from '../assessment/assessRange.ts';
import { isPin } from '../assessment/lookup.ts';
import type { Verdict } from '../assessment/outcome.ts';
import type { IndexRequirement } from '../manifests/requirement.ts';
import { plainText } from '../text/plainText.ts';
import { admittedVersions, parseClause, parseSpecifier } from '../versions/specifier.ts';
import type { Version } from '../versions/version.ts';
import type { VersionSet } from '../versions/versionSet.ts';
import { type FixPlan, type FixPlans, type FixSubject, none, plans } from './fixPlan.ts';
import type { FixScope } from './fixScope.ts';
import { noSafeText } from './noSafeText.ts';
import { editOf, notesOf, type PlanQuestion, rangeText, todoOf } from './planParts.ts';
import { rangeChange } from './rangeChange.ts';
import { targetsFor } from './targets.ts';

/** The ways to fix a range: what is vulnerable is shut out of it, or it is given up. */
export function rangePlans(question: PlanQuestion, subject: FixSubject, scope: FixScope): FixPlans {
  const { name, advice, movers } = question;
  const [mover] = movers.lines;
  const { subject: asked } = subject.requirement;
  if (mover === undefined || asked.kind !== 'lookup' || isPin(asked.lookup)) {
    return none(noSafeText(name, advice));
  }
  const { change, fit } = rangeChange(question, asked.lookup.specifier);
  const [nearest] = fit;
  const todo = todoOf(movers, subject.requirement, scope);
  const more = todo === undefined ? {} : { todo };
  if (change.kind !== 'none' && nearest !== undefined) {
    const edit = editOf(movers, () => change);
    const target = change.kind === 'exclude' ? change.versions.join(', ') : rangeText(mover, edit, change);
    return plans([
      { kind: change.kind === 'exclude' ? 'exclude' : 'nearest', target, ...notesOf(nearest), ...more, edit },
    ]);
  }
  // Its own bound is plain to see: what else stands in the way is not.
  const others = question.bounds.filter(({ isOwn }) => !isOwn);
  const reason = targetsFor({ ...question, bounds: others }).reason ?? targetsFor(question).reason;
  const specifier = plainText(subject.requirement.specifier, 60);
  const outside =
    specifier === '' ? undefined : outsidePlan(question, { specifier, verdict: subject.outcome.verdict, more });
  const where = specifier === '' ? '' : ` within ${specifier}`;
  const beyond = outside === undefined ? '' : ` The nearest one is ${outside.target.replace(/^>=/u, '')}.`;
  const highest = change.kind === 'none' ? change.highestSafe : undefined;
  const why =
    highest !== undefined
      ? `No version of ${name} later than ${highest} is known to be safe${where}.${beyond}`
      : outside === undefined && reason !== undefined
        ? reason
        : `No version of ${name}${where} is known to be safe.${beyond}`;
  return none(why, outside);
}

/** Up and out of the range, to what is better than all that it allows. */
function outsidePlan(
  question: PlanQuestion,
  { specifier, verdict, more }: { readonly specifier: string; readonly verdict: Verdict; readonly more: object },
): FixPlan | undefined {
  const { movers, line, facts } = question;
  const admitted = movers.lines.map(({ content }) => admittedBy(content));
  const top = admitted[0]?.at(-1)?.to;
  if (movers.outputs.length > 0 || line.pin !== undefined || admitted.length !== 1 || top === undefined) {
    return undefined;
  }
  const bounds = movers.bounds.filter(({ isOwn }) => !isOwn);
  const isBetter = ({ normal }: Version): boolean =>
    verdict === 'vulnerable' ||
    facts === undefined ||
    assessRange(parseSpecifier(`>=${normal}`) ?? [], facts.advisories).verdict === 'clean';
  const { fit } = targetsFor({
    ...question,
    bounds,
    isWanted: (version) => version.key >= top && isBetter(version),
  });
  const [nearest] = fit;
  if (nearest === undefined) {
    return undefined;
  }
  const edit = editOf(movers, () => ({ kind: 'replace', floor: nearest.version.normal }));
  return edit.kind === 'disabled'
    ? undefined
    : {
        kind: 'outside',
        target: `>=${nearest.version.normal}`,
        outsideOf: specifier,
        ...notesOf(nearest),
        ...more,
        edit,
      };
}

function admittedBy({ specifier }: IndexRequirement): VersionSet {
  const clauses = (specifier?.clauses ?? []).map(({ operator, version }) => parseClause(operator, version));
  return clauses.every((clause) => clause !== undefined) ? admittedVersions(clauses) : [];
}
