import { isPin } from '../assessment/lookup.ts';
import type { Finding } from '../assessment/finding.ts';
import { type FixAdvice, isOutside } from '../assessment/advice/fixAdvice.ts';
import type { Assessed, Outcome } from '../assessment/outcome.ts';
import type { PackageFacts } from '../assessment/packageFacts.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import type { CompileTool } from '../manifests/compiled.ts';
import type { RangeChange } from '../manifests/rewrite.ts';
import { plainText } from '../text/plainText.ts';
import { parseVersion } from '../versions/version.ts';
import { type Bound, boundOf } from './bound.ts';
import { limitedText, upgradeText } from './words/compiledText.ts';
import type { PythonDemand } from './fixScope.ts';
import type { FixPolicy } from './fixPolicy.ts';
import { rangeChange } from './rangeChange.ts';
import { type Target, type TargetQuestion, type Targets, targetsFor } from './targets.ts';

/** What holds for all of a file's requirements. */
export interface AdvisedFile {
  /** For people. */
  readonly shown: string;
  readonly demand: PythonDemand | undefined;
  /** Absent where a person wrote it. */
  readonly made: MadeBy | undefined;
  /** Why no version is offered for any of its lines; one sentence for people. */
  readonly barred?: string | undefined;
}

/** Who wrote a file, and from what. */
export interface MadeBy {
  readonly tool: CompileTool;
  /** For people: the beginning of a sentence. */
  readonly text: string;
}

export interface Advising {
  readonly policy: FixPolicy;
  readonly facts: PackageFacts | undefined;
  /** For many requirements under one policy: what was worked out for those before. */
  readonly looks?: FirstLooks;
}

/**
 * The same outcome, its advice what a fix can do: the nearest safe version that other lines, the marker, the project's Pythons
 * and the settings allow, or why there is none. It is the same object where nothing stands in the way. Without the facts of the
 * package nothing is said of Pythons.
 */
export function adviseWithin(
  requirement: PlacedRequirement,
  outcome: Outcome,
  file: AdvisedFile,
  { policy, facts, looks }: Advising,
): Outcome {
  if (outcome.kind !== 'assessed' || outcome.fix === undefined || !canBeAdvised(requirement, outcome)) {
    return outcome;
  }
  if (file.barred !== undefined) return withoutVersions(outcome, file.barred);
  const note = noteOf(requirement, file);
  const noted: Assessed = note === undefined ? outcome : { ...outcome, fix: { ...outcome.fix, note } };
  const { subject } = requirement;
  const question = questionOf(requirement, outcome, file, policy);
  if (question === undefined || subject.kind !== 'lookup') {
    return isOutside(outcome.fix) ? outsideOf(noted, requirement) : noted;
  }
  const first = lookAt(question, requirement, looks);
  if (first.isFit) {
    return isOutside(outcome.fix) ? outsideOf(noted, requirement) : noted;
  }
  if (facts === undefined) {
    return first.isAboutPython ? noted : barred(noted, first.reason);
  }
  const known = { ...question, facts };
  return isPin(subject.lookup)
    ? towards(noted, targetsFor(known))
    : rangeTowards(noted, rangeChange(known, subject.lookup.specifier), targetsFor(known).reason, requirement);
}

/** Where to change what a tool wrote; one sentence for people. */
function noteOf({ requiredBy, name }: PlacedRequirement, { made }: AdvisedFile): string | undefined {
  if (made === undefined) return undefined;
  const isDirect = (requiredBy?.chain ?? []).length === 0;
  const how = `${made.text}: ${isDirect ? 'change it there and compile again.' : upgradeText(made.tool, name)}`;
  const limits = limitedText(requiredBy?.limitedBy ?? []);
  return limits === undefined ? how : `${how} ${limits}`;
}

/** Whether the facts of the package decide what is to be said. */
export function wantsFacts(
  requirement: PlacedRequirement,
  outcome: Outcome,
  file: AdvisedFile,
  { policy, looks }: Omit<Advising, 'facts'>,
): boolean {
  if (file.barred !== undefined) return false;
  if (outcome.kind !== 'assessed' || outcome.fix === undefined || !canBeAdvised(requirement, outcome)) return false;
  const question = questionOf(requirement, outcome, file, policy);
  return question !== undefined && !lookAt(question, requirement, looks).isFit;
}

/** `undefined` where nothing can stand in the way. */
function questionOf(
  requirement: PlacedRequirement,
  { fix }: Assessed,
  file: AdvisedFile,
  policy: FixPolicy,
): TargetQuestion | undefined {
  const { version, within, decidedBy } = requirement;
  const isFree = (within?.limits ?? []).length === 0 && within?.marker === undefined && file.demand === undefined;
  const isLocked = decidedBy !== undefined;
  if (fix?.nearest === undefined || (isFree && !isLocked && policy.allowMajor !== false)) return undefined;
  return {
    name: plainText(requirement.name, 80),
    from: version === null ? undefined : parseVersion(version),
    needs: [{ markers: [within?.marker, undefined], demand: file.demand }],
    bounds: boundsOf(requirement, file),
    advice: fix,
    facts: undefined,
    policy,
  };
}

/** What is malicious is removed, and what is installed from a file is another file. */
function canBeAdvised({ decidedBy }: PlacedRequirement, { findings }: Assessed): boolean {
  return decidedBy?.kind !== 'fileName' && !findings.some(({ severity }) => severity === 'malicious');
}

/** Other lines; and its own, where something else has the version that it only limits. */
function boundsOf({ within, limit = [], range }: PlacedRequirement, { shown }: AdvisedFile): readonly Bound[] {
  return [
    ...(limit.length === 0 ? [] : [boundOf(limit, `${shown}:${range.start.line + 1}`, { isOwn: true })]),
    ...(within?.limits ?? []).map(({ clauses, source, line, compiledBy }) =>
      boundOf(clauses, `${source ?? shown}:${line + 1}`, { compiledBy }),
    ),
  ];
}

/** First looks at advice that many lines have in common. Under one policy. */
export class FirstLooks {
  readonly #known = new WeakMap<FixAdvice, Map<string, FirstLook>>();
  readonly #own = new WeakMap<PlacedRequirement, FirstLook>();

  of(question: TargetQuestion, requirement: PlacedRequirement): FirstLook {
    const look = this.#own.get(requirement) ?? this.#shared(question, requirement);
    this.#own.set(requirement, look);
    return look;
  }

  #shared(question: TargetQuestion, { within, decidedBy, version, name }: PlacedRequirement): FirstLook {
    // Other lines and markers are this line's own.
    if (within !== undefined || decidedBy !== undefined) return nearestOnly(question);
    const known = this.#known.get(question.advice) ?? new Map<string, FirstLook>();
    this.#known.set(question.advice, known);
    const key = JSON.stringify([name, version, question.needs[0]?.demand?.text]);
    const look = known.get(key) ?? nearestOnly(question);
    known.set(key, look);
    return look;
  }
}

function lookAt(question: TargetQuestion, requirement: PlacedRequirement, looks: FirstLooks | undefined): FirstLook {
  return looks === undefined ? nearestOnly(question) : looks.of(question, requirement);
}

interface FirstLook {
  readonly isFit: boolean;
  readonly isAboutPython: boolean;
  readonly reason: string | undefined;
}

/** Whether the version that is advised will do. */
function nearestOnly(question: TargetQuestion): FirstLook {
  const { nearest, verified, requiresPython } = question.advice;
  const only: TargetQuestion = {
    ...question,
    policy: { ...question.policy, minimumReleaseAgeDays: 0 },
    facts: undefined,
    advice: { nearest, latest: undefined, verified, passedOver: [], ...(requiresPython && { requiresPython }) },
  };
  const { fit, reason } = targetsFor(only);
  const isFit = fit.length > 0;
  return { isFit, reason, isAboutPython: !isFit && targetsFor({ ...only, needs: [] }).fit.length > 0 };
}

/** A step out of the range is a person's decision. */
function outsideOf(outcome: Assessed, { name, specifier }: PlacedRequirement): Assessed {
  if (specifier === '') return outcome;
  const reason = `No version of ${plainText(name, 80)} within ${plainText(specifier, 60)} is known to be safe.`;
  return { ...outcome, findings: outcome.findings.map((finding) => ({ ...finding, barred: reason })) };
}

function towards(outcome: Assessed, { fit, reason }: Targets): Assessed {
  const [nearest] = fit;
  return nearest === undefined ? barred(outcome, reason) : advised(outcome, nearest, fit.at(-1) ?? nearest);
}

function rangeTowards(
  outcome: Assessed,
  { change, fit }: ReturnType<typeof rangeChange>,
  reason: string | undefined,
  requirement: PlacedRequirement,
): Assessed {
  const [nearest] = fit;
  if (change.kind === 'none' || nearest === undefined) {
    return reason === undefined ? outsideOf(outcome, requirement) : barred(outcome, reason);
  }
  return advised(outcome, nearest, fit.at(-1) ?? nearest, change);
}

function advised(
  outcome: Assessed,
  { version, verified, requiresPython }: Target,
  latest: Target,
  change?: RangeChange,
): Assessed {
  const { note } = outcome.fix ?? {};
  const fix: FixAdvice = {
    nearest: version.normal,
    latest: latest.version.normal,
    verified,
    passedOver: [],
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(note === undefined ? {} : { note }),
    ...(change === undefined ? {} : { change }),
  };
  return { ...outcome, fix, findings: outcome.findings.map((one) => renamed(one, version.normal)) };
}

function renamed(finding: Finding, nearestFix: string): Finding {
  return finding.nearestFix === undefined ? finding : { ...finding, nearestFix };
}

/** The same findings, and no version of an index. */
function withoutVersions(outcome: Assessed, reason: string): Assessed {
  return {
    ...outcome,
    fix: { nearest: undefined, latest: undefined, verified: false, passedOver: [], barred: reason },
    findings: outcome.findings.map((finding) => ({ ...finding, nearestFix: undefined, barred: reason })),
  };
}

function barred(outcome: Assessed, reason: string | undefined): Assessed {
  if (outcome.fix === undefined || reason === undefined) return outcome;
  return {
    ...outcome,
    fix: {
      ...outcome.fix,
      nearest: undefined,
      latest: undefined,
      barred: reason,
      ...(outcome.fix.nearest === undefined ? {} : { barredVersion: outcome.fix.nearest }),
    },
    findings: outcome.findings.map((finding) => ({ ...finding, nearestFix: undefined, barred: reason })),
  };
}
