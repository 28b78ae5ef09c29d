import { assessRange } from '../assessment/assessRange.ts';
import type { Verdict } from '../assessment/outcome.ts';
import { plainText } from '../text/plainText.ts';
import {
  admittedVersions,
  contains,
  parseClause,
  parseSpecifier,
  type VersionSpecifier,
} from '../versions/specifier.ts';
import { stepSize } from '../versions/stepSize.ts';
import type { Version } from '../versions/version.ts';
import type { FixContext, FixPlan } from './fixPlan.ts';
import type { FixScope } from './fixScope.ts';
import { editOf, notesOf, type PlanQuestion, rewriteTo, todoOf } from './planParts.ts';
import { placeText, relatedLines, type ScopedLine } from './relatedLines.ts';
import { targetsFor } from './targets.ts';

/**
 * Up and out of what bars every safe version, for a person to decide on: the line's own range, caps in constraints files and on
 * other lines, each raised where it stands. `undefined` where one of them cannot be: what a tool wrote, or what asks for more.
 */
export function outsidePlan(
  question: PlanQuestion,
  { verdict, specifier }: { readonly verdict: Verdict; readonly specifier: string },
  context: FixContext,
): FixPlan | undefined {
  const { movers, facts, from } = question;
  const isBetter = (version: Version): boolean =>
    from !== undefined ||
    (movers.lines.every((one) => allows(one, version) || canBeRaised(one, version)) && leadsToBetter(version));
  const leadsToBetter = ({ normal }: Version): boolean =>
    verdict === 'vulnerable' ||
    facts === undefined ||
    assessRange(parseSpecifier(`>=${normal}`) ?? [], facts.advisories).verdict === 'clean';
  const free = { ...question, bounds: [] };
  for (const { version } of targetsFor({ ...free, isWanted: isBetter }).fit.slice(0, mostTried)) {
    const lifted = liftedLines(context.scope, movers.lines, version);
    const barring = lifted?.filter((line) => !allows(line, version)) ?? [];
    const [first] = barring.filter(({ pin }) => pin === undefined);
    if (lifted === undefined || first === undefined) continue;
    const { line } = question;
    const needs = [
      ...question.needs,
      ...barring.map((one) => ({
        markers: [line.content.marker?.tree, one.content.marker?.tree] as const,
        demand: one.in.pythons ?? line.in.pythons,
      })),
    ];
    const [target] = targetsFor({ ...free, needs, isWanted: ({ key }) => key === version.key }).fit;
    if (target === undefined) continue;
    // A range that allows it gets a floor: what it allows besides is what is vulnerable.
    const edited = from === undefined ? [...new Set([...movers.lines, ...barring])] : barring;
    const edit = editOf(edited, (one) => rewriteTo(one, version, context));
    if (edit.kind === 'disabled' && edit.wantsFiles !== true) continue;
    const todo = todoOf({ outputs: movers.outputs, lines: edited }, context.scope);
    const step = from && stepSize(from.normal, version.normal);
    return {
      kind: 'outside',
      target: from === undefined ? `>=${version.normal}` : version.normal,
      outsideOf: isSameLine(first, line) ? specifier : capText(first),
      ...notesOf(target),
      ...(step === undefined ? {} : { step }),
      ...(todo === undefined ? {} : { todo }),
      edit,
    };
  }
  return undefined;
}

// The nearest ones: what bars these bars most of the others.
const mostTried = 5;
const mostLifted = 20;

/** These lines, and those that bar them and would have to be raised; `undefined` where one cannot be. */
function liftedLines(
  scope: FixScope,
  starts: readonly ScopedLine[],
  version: Version,
): readonly ScopedLine[] | undefined {
  const seen = new Set<string>();
  const queue = [...starts];
  const lifted: ScopedLine[] = [];
  // A list takes what is added while it is walked.
  for (const line of queue) {
    const key = `${line.index} ${line.source}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (!allows(line, version) && !canBeRaised(line, version)) return undefined;
    lifted.push(line);
    if (lifted.length > mostLifted) return undefined;
    const barring = relatedLines(scope, line).filter((other) => !allows(other, version));
    if (starts.includes(line)) {
      queue.push(...barring);
    } else if (barring.some((one) => !queue.some((known) => isSameLine(known, one)))) {
      return undefined; // of another project, which is limited by it, too
    }
  }
  return lifted;
}

function isSameLine(a: ScopedLine, b: ScopedLine): boolean {
  return a.source === b.source && a.index === b.index;
}

function allows(line: ScopedLine, version: Version): boolean {
  const specifier = specifierOf(line);
  return specifier !== undefined && contains(specifier, version);
}

/** A pin below it, or a range that ends below it. */
function canBeRaised(line: ScopedLine, version: Version): boolean {
  if (line.file.compiled !== undefined) return false;
  if (line.pin !== undefined) return line.pin.key < version.key;
  const specifier = specifierOf(line);
  const top = specifier && admittedVersions(specifier).at(-1)?.to;
  return top !== undefined && top <= version.key;
}

function specifierOf({ content }: ScopedLine): VersionSpecifier | undefined {
  const read = (content.specifier?.clauses ?? []).map(({ operator, version }) => parseClause(operator, version));
  return read.every((clause) => clause !== undefined) ? read : undefined;
}

function capText(line: ScopedLine): string {
  return `${plainText(line.content.specifier?.text ?? '', 60)} at ${placeText(line)}`;
}
