import type { FixAdvice } from '../assessment/advice/fixAdvice.ts';
import { isOldEnough } from '../assessment/advice/oldEnough.ts';
import type { PackageFacts } from '../assessment/packageFacts.ts';
import { type MarkerOrNone, pythonsWhereBoth } from '../markers/markerLogic.ts';
import { everyPython, finals, type Pythons, pythonsOf, pythonsText, withoutPythons } from '../markers/pythons.ts';
import type { Release } from '../packages/release.ts';
import { releasesFor } from '../packages/releasesFor.ts';
import { plainText } from '../text/plainText.ts';
import { stepSize } from '../versions/stepSize.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { intersect, setHas } from '../versions/versionSet.ts';
import type { FixPolicy } from './fixPolicy.ts';
import type { PythonDemand } from './fixScope.ts';
import type { Bound } from './bound.ts';

/** A version to go to. */
export interface Target {
  readonly version: Version;
  /** The index has it; else only an advisory names it. */
  readonly verified: boolean;
  readonly requiresPython?: string | undefined;
  /** Pythons that the line is for by its marker and that cannot install this version; for people. */
  readonly lostPythons?: string;
  /** It is younger than the user wants, and nothing else is safe. */
  readonly isYoung: boolean;
}

export interface Targets {
  /** Ascending; all that can be installed as far as the files tell. */
  readonly fit: readonly Target[];
  /** Where none fits: why, in one sentence for people; `undefined` where no version is safe at all. */
  readonly reason?: string;
}

export interface TargetQuestion {
  readonly name: string;
  /** Its version now; `undefined` for a range. */
  readonly from: Version | undefined;
  /** Of each line that is changed. */
  readonly needs: readonly LineNeed[];
  readonly bounds: readonly Bound[];
  readonly advice: FixAdvice;
  readonly facts: PackageFacts | undefined;
  readonly policy: FixPolicy;
  /** Of those above it; all where absent. */
  readonly isWanted?: (version: Version) => boolean;
  /** Pre-releases are fine. */
  readonly prereleases?: boolean;
}

/** The Pythons that a changed line is for. */
export interface LineNeed {
  /** Of the line with the finding, and of the one that is changed for it. */
  readonly markers: readonly [MarkerOrNone, MarkerOrNone];
  readonly demand: PythonDemand | undefined;
}

/** The safe versions that every line which has a say allows, and that the Pythons in question can install. */
export function targetsFor(question: TargetQuestion): Targets {
  const { from, policy, isWanted = () => true } = question;
  const safe = safeVersions(question).filter(
    ({ version }) => (from === undefined || version.key > from.key) && isWanted(version),
  );
  const needs = question.needs.map((need) => pythonNeed(question, need));
  const read = new Map<string | undefined, Pythons>();
  const ableOf: AbleOf = ({ requiresPython }) => {
    const able = read.get(requiresPython) ?? pythonsOf(requiresPython);
    read.set(requiresPython, able);
    return able;
  };
  const fit: Target[] = [];
  const reasons = new Map<string, string>();
  for (const one of safe) {
    const barred = objectionTo(one, ableOf(one), needs, question);
    if (barred !== undefined) {
      reasons.set(barred.key, reasons.get(barred.key) ?? barred.text);
      continue;
    }
    const lost = lostPythons(ableOf(one), needs);
    fit.push({
      version: one.version,
      verified: one.verified,
      requiresPython: one.requiresPython,
      isYoung: isYoung(one, policy),
      ...(lost === undefined ? {} : { lostPythons: lost }),
    });
  }
  const old = fit.filter((one) => !one.isYoung);
  return {
    fit: old.length > 0 ? old : fit,
    ...(reasons.size === 0 ? {} : { reason: [...reasons.values()].slice(0, mostReasons).join(' ') }),
  };
}

// The first names what the nearest safe version meets.
const mostReasons = 2;

type SafeRelease = Pick<Release, 'version' | 'requiresPython' | 'uploadedAt'>;

interface SafeVersion extends SafeRelease {
  readonly verified: boolean;
}

/** `pythonsOf`, once for each text: a package has many releases and few of these. */
type AbleOf = (release: SafeRelease) => Pythons;

/** Without the facts of the package what its advice names; its answer was found among all of them. */
function safeVersions({ advice, facts, from, prereleases = false }: TargetQuestion): readonly SafeVersion[] {
  if (facts === undefined) {
    const { barredVersion, nearest = barredVersion, latest, verified, requiresPython } = advice;
    const named = [...new Set([nearest, latest])].flatMap((text) =>
      text === undefined ? [] : (parseVersion(text) ?? []),
    );
    return named.map((version, at) => ({
      version,
      verified,
      ...(at === 0 && requiresPython ? { requiresPython } : {}),
    }));
  }
  const { advisories, releases } = facts;
  const offered = releases && releasesFor(from, releases);
  const candidates: readonly (SafeRelease & { readonly yanked?: boolean })[] =
    offered ?? advisories.fixed.map((version) => ({ version }));
  return candidates
    .filter(
      ({ version, yanked = false }) =>
        !yanked &&
        (!version.isPrerelease || prereleases || from?.isPrerelease === true) &&
        !setHas(advisories.vulnerable, version.key),
    )
    .map((one) => ({ ...one, verified: offered !== undefined }));
}

interface PythonNeed {
  readonly pythons: Pythons;
  /** Nobody may lose one of these: the project says that it is for them. */
  readonly demand: string | undefined;
  /** The marker says so. */
  readonly isMarked: boolean;
}

/** Pythons that cannot install what is there now are not missed. */
function pythonNeed({ from, facts }: TargetQuestion, { markers, demand }: LineNeed): PythonNeed {
  const marked = pythonsWhereBoth(...markers);
  const both = demand === undefined ? marked : finals(intersect(marked, demand.pythons));
  const wanted = both.length === 0 ? marked : both;
  const present = facts?.releases?.find(({ version }) => version.key === from?.key)?.requiresPython;
  const able = finals(intersect(wanted, pythonsOf(present)));
  return {
    pythons: able.length === 0 ? wanted : able,
    demand: both.length === 0 ? undefined : demand?.text,
    isMarked: markers.some((marker) => marker !== undefined),
  };
}

interface Objection {
  readonly key: string;
  readonly text: string;
}

function objectionTo(
  { version, requiresPython }: SafeVersion,
  able: Pythons,
  needs: readonly PythonNeed[],
  { name, from, policy, bounds }: TargetQuestion,
): Objection | undefined {
  const bound = bounds.find(({ allows }) => !allows(version));
  if (bound !== undefined) {
    return {
      key: `bound ${bound.place}`,
      text: `${bound.place} allows only ${name} ${bound.text}. The nearest safe version is ${version.normal}.`,
    };
  }
  const needed = `${name} ${version.normal} needs Python ${plainText(requiresPython ?? '', 60)}`;
  for (const { pythons, demand, isMarked } of needs) {
    if (finals(intersect(pythons, able)).length === 0) {
      const meant = demand ?? `Python ${pythonsText(pythons)}${isMarked ? ' by its marker' : ''}`;
      return { key: 'python', text: `${needed}, but this line is for ${meant}.` };
    }
    if (demand !== undefined && lostOf(pythons, able).length > 0) {
      return { key: 'python', text: `${needed}, but this line is for ${demand}.` };
    }
  }
  if (policy.allowMajor === false && from !== undefined && stepSize(from.normal, version.normal) === 'major') {
    return {
      key: 'major',
      text: `${version.normal} is a major update from ${from.normal}, which your settings do not allow.`,
    };
  }
  return undefined;
}

function lostPythons(able: Pythons, needs: readonly PythonNeed[]): string | undefined {
  const lost = needs.filter(({ isMarked }) => isMarked).map(({ pythons }) => lostOf(pythons, able));
  const [first] = lost.filter((pythons) => pythons.length > 0);
  return first === undefined ? undefined : pythonsText(first);
}

/** A cap on Pythons that are still to come is no loss. */
function lostOf(pythons: Pythons, able: Pythons): Pythons {
  const lost = withoutPythons(pythons, able);
  const [highest, wanted] = [able.at(-1)?.to ?? '', pythons.at(-1)?.to ?? ''];
  return wanted === everyPython().at(-1)?.to ? lost.filter(({ from }) => from < highest) : lost;
}

function isYoung({ uploadedAt, verified }: SafeVersion, { minimumReleaseAgeDays: days, nowMs }: FixPolicy): boolean {
  return verified && !isOldEnough({ uploadedAt }, { days, nowMs });
}
