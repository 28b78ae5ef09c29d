import { assessRange } from '../assessment/assessRange.ts';
import { decidedText } from '../assessment/decided/decidedVersions.ts';
import type { FixAdvice } from '../assessment/fixAdvice.ts';
import { isPin } from '../assessment/lookup.ts';
import type { Assessed } from '../assessment/outcome.ts';
import type { PackageFacts } from '../assessment/packageFacts.ts';
import { rangeFix } from '../assessment/rangeFix.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { lastAtOrBefore } from '../text/lineIndex.ts';
import { plainText } from '../text/plainText.ts';
import { offsetAt } from '../manifests/offsetAt.ts';
import { disabled, type RangeChange, type Rewrite, shown } from '../manifests/rewrite.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { ReleaseFile } from '../packages/release.ts';
import { stepSize, type StepSize } from '../versions/stepSize.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { compileAgainText } from './compiledText.ts';
import { type FilesEdit, rewriteEntry, type SourcedEdit } from './fixEdit.ts';
import type { FixPolicy } from './fixPolicy.ts';
import { fromFileText } from './fromFileText.ts';
import type { FixScope } from './fixScope.ts';
import { type Movers, moversFor } from './movers.ts';
import { noSafeText } from './noSafeText.ts';
import { lineAt, relatedLines, type ScopedLine } from './relatedLines.ts';
import { type Target, type TargetQuestion, targetsFor } from './targets.ts';

/** One way to fix a requirement, as an edit or the reason why it cannot be made. */
export interface FixPlan {
  /** `exclude`: single releases are shut out of a range. `outside`: the range itself is given up. */
  readonly kind: 'nearest' | 'latest' | 'exclude' | 'outside';
  /** A version for a pin, the new specifier for a range, the versions shut out for `exclude`; for people. */
  readonly target: string;
  readonly verified: boolean;
  /** How far it is from the version that is there now; absent where that is not known. */
  readonly step?: StepSize;
  readonly requiresPython?: string;
  /** Pythons that the line is for and that cannot install it; for people. */
  readonly lostPythons?: string;
  /** Of an `outside` one: the specifier that is given up. */
  readonly outsideOf?: string;
  readonly isYoung?: true;
  /** What someone has to do before it is fixed, in one sentence for people; absent where nothing is. */
  readonly todo?: string;
  readonly edit: FilesEdit;
}

/** The ways to fix a requirement, or why there is none. */
export type FixPlans =
  | { readonly kind: 'plans'; readonly plans: readonly [FixPlan, ...FixPlan[]] }
  | {
      readonly kind: 'none';
      /** One sentence for people. */
      readonly reason: string;
      /** The step out of the range, for a person to decide on. */
      readonly outside?: FixPlan;
    };

/** A requirement that is, or may be, vulnerable. */
export interface FixSubject {
  readonly source: string;
  readonly requirement: PlacedRequirement;
  readonly outcome: Assessed;
}

export interface FixContext {
  readonly scope: FixScope;
  /** All that is known of a package; `undefined` where it is not at hand. */
  readonly factsOf: (name: PackageName) => PackageFacts | undefined;
  /** What a package index knows of the files of a release; `undefined` where it was not asked or does not say. */
  readonly filesOf: (name: PackageName, version: string) => readonly ReleaseFile[] | undefined;
  readonly policy: FixPolicy;
}

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
  const from = requirement.version === null ? undefined : parseVersion(requirement.version);
  const movers = moversFor(context.scope, startsOf(context.scope, line, requirement, from), from);
  if (movers.kind === 'unmovable') {
    return none(movers.reason);
  }
  const question: TargetQuestion = {
    name,
    line,
    from,
    movers,
    advice: outcome.fix,
    facts: context.factsOf(line.content.name.normalized),
    policy: context.policy,
  };
  return from === undefined ? rangePlans(question, subject) : versionPlans(question, outcome.fix, requirement, context);
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
  question: TargetQuestion,
  advice: FixAdvice,
  requirement: PlacedRequirement,
  context: FixContext,
): FixPlans {
  const { name, from, movers } = question;
  const { fit, reason } = targetsFor(question);
  const [nearest] = fit;
  const latest = fit.at(-1);
  if (nearest === undefined || latest === undefined) {
    return none(reason ?? noSafeText(name, advice));
  }
  const todo = todoOf(movers, requirement);
  const planOf = (kind: 'nearest' | 'latest', target: Target): FixPlan => {
    const edit = versionEdit(movers, target.version, context);
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

function rangePlans(question: TargetQuestion, subject: FixSubject): FixPlans {
  const { name, advice, movers } = question;
  const [mover] = movers.lines;
  const { subject: asked } = subject.requirement;
  if (mover === undefined || asked.kind !== 'lookup' || isPin(asked.lookup)) {
    return none(noSafeText(name, advice));
  }
  const { change, fit } = rangeChange(question, asked.lookup.specifier);
  const [nearest] = fit;
  const todo = todoOf(movers, subject.requirement);
  const more = todo === undefined ? {} : { todo };
  if (change.kind !== 'none' && nearest !== undefined) {
    const edit = editOf(movers, () => change);
    const target = change.kind === 'exclude' ? change.versions.join(', ') : rangeText(mover, edit, change);
    return plans([
      { kind: change.kind === 'exclude' ? 'exclude' : 'nearest', target, ...notesOf(nearest), ...more, edit },
    ]);
  }
  const reason = targetsFor(question).reason;
  const specifier = plainText(subject.requirement.specifier, 60);
  const outside = specifier === '' ? undefined : outsidePlan(question, specifier);
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

/** As the range is judged, but for what cannot be installed. */
function rangeChange(
  question: TargetQuestion,
  specifier: Parameters<typeof assessRange>[0],
): { readonly change: RangeChange; readonly fit: readonly Target[] } {
  const { facts, advice } = question;
  if (facts === undefined) {
    const { fit } = targetsFor(question);
    return { change: advice.change ?? { kind: 'none' }, fit };
  }
  const { admitted, vulnerable, prereleases } = assessRange(specifier, facts.advisories);
  const { fit } = targetsFor({ ...question, prereleases });
  const keys = new Set(fit.map(({ version }) => version.key));
  const { change } = rangeFix(admitted, vulnerable, facts.advisories, {
    prereleases,
    releases: facts.releases,
    isFit: (version) => keys.has(version.key),
  });
  const nearest = change.kind === 'floor' ? fit.filter(({ version }) => version.normal === change.version) : fit;
  return { change, fit: nearest };
}

function outsidePlan(question: TargetQuestion, specifier: string): FixPlan | undefined {
  const { movers, line } = question;
  if (movers.outputs.length > 0 || line.pin !== undefined || movers.lines.length !== 1) {
    return undefined;
  }
  const bounds = movers.bounds.filter(({ isOwn }) => !isOwn);
  const { fit } = targetsFor({ ...question, movers: { ...movers, bounds } });
  const [nearest] = fit;
  if (nearest === undefined) {
    return undefined;
  }
  const edit = editOf(movers, () => ({ kind: 'replace', floor: nearest.version.normal }));
  return edit.kind === 'disabled'
    ? undefined
    : { kind: 'outside', target: `>=${nearest.version.normal}`, outsideOf: specifier, ...notesOf(nearest), edit };
}

function versionEdit(movers: Movers, version: Version, context: FixContext): FilesEdit {
  return editOf(movers, ({ pin, content }) =>
    pin === undefined
      ? { kind: 'floor', version: version.normal }
      : { kind: 'pin', version, files: context.filesOf(content.name.normalized, version.normal) },
  );
}

/** Every line or none. */
function editOf(movers: Movers, to: (line: ScopedLine) => Rewrite): FilesEdit {
  const edits: SourcedEdit[] = [];
  for (const line of movers.lines) {
    const edit = rewriteEntry(line, to(line));
    if (edit.kind === 'disabled') {
      return edit;
    }
    edits.push({ source: line.source, index: line.index, changes: edit.changes });
  }
  return edits.length > 0 ? { kind: 'edit', edits } : disabled('No line can be changed for it.');
}

function targetText({ lines }: Movers, edit: FilesEdit, version: Version): string {
  const [line] = lines;
  return line === undefined || line.pin !== undefined
    ? version.normal
    : rangeText(line, edit, { kind: 'floor', version: version.normal });
}

/** The specifier as the line will have it; what was meant where the line cannot be changed so. */
function rangeText({ file, index, source }: ScopedLine, edit: FilesEdit, change: RangeChange): string {
  const own = edit.kind === 'edit' ? edit.edits.find((one) => one.source === source && one.index === index) : undefined;
  const content = own && file.edit(own.changes).contentOf(index);
  const text = content?.kind === 'index' ? content.specifier?.text : undefined;
  return text ?? (change.kind === 'floor' ? `>=${change.version}` : '');
}

function todoOf({ outputs, lines }: Movers, { decidedBy }: PlacedRequirement): string | undefined {
  if (outputs.length > 0) {
    return outputs.map(compileAgainText).join(' ');
  }
  const isLocked = decidedBy !== undefined && decidedBy.kind !== 'constraint' && lines.length > 0;
  return isLocked ? `Its version is ${plainText(decidedText(decidedBy), 120)}: bring that up to date too.` : undefined;
}

function notesOf({ verified, requiresPython, lostPythons, isYoung }: Target) {
  return {
    verified,
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(lostPythons === undefined ? {} : { lostPythons }),
    ...(isYoung ? ({ isYoung: true } as const) : {}),
  };
}

function none(reason: string, outside?: FixPlan): FixPlans {
  return { kind: 'none', reason, ...(outside === undefined ? {} : { outside }) };
}

function plans(all: readonly [FixPlan, ...FixPlan[]]): FixPlans {
  return { kind: 'plans', plans: all };
}
