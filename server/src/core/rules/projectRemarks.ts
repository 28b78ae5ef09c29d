import type { PolicyFinding, PolicyLevel } from '../assessment/policyFinding.ts';
import { isPin } from '../assessment/lookup.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { ProjectFacts } from '../packages/projectFacts.ts';
import { releaseText } from '../report/words/findingText.ts';
import { counted } from '../text/counted.ts';
import { plainText, sentence } from '../text/plainText.ts';
import { parseVersion } from '../versions/version.ts';

/** What a package index says of releases and projects, and how bad that is; off where absent. */
export interface ProjectRemarkRules {
  readonly yanked?: Strictness;
  readonly archived?: Strictness;
  readonly quarantined?: Strictness;
  readonly minimumReleaseAgeDays?: number;
}

type Strictness = 'off' | 'warning' | 'error';

/** What is known of a project at this moment. */
export type ProjectState =
  | { readonly kind: 'known'; readonly facts: ProjectFacts }
  /** It is being asked, or will be. */
  | { readonly kind: 'pending' }
  /** A clause for people. */
  | { readonly kind: 'unknown'; readonly why: string; readonly failed: boolean };

/** Whether any of these rules is on. */
export function hasProjectRules({
  yanked,
  archived,
  quarantined,
  minimumReleaseAgeDays = 0,
}: ProjectRemarkRules): boolean {
  return [yanked, archived, quarantined].some((one) => one !== undefined && one !== 'off') || minimumReleaseAgeDays > 0;
}

/** What these rules say of a requirement that is looked up; of the others nothing is known. */
export function projectRemarks(
  rules: ProjectRemarkRules,
): (
  requirement: PlacedRequirement,
  projectOf: (name: PackageName) => ProjectState,
  nowMs: number,
) => readonly PolicyFinding[] {
  return (requirement, projectOf, nowMs) => {
    const { subject } = requirement;
    if (subject.kind === 'settled') {
      return [];
    }
    const { lookup } = subject;
    const state = projectOf(lookup.name);
    if (state.kind === 'pending') {
      return [];
    }
    const text = releaseText(requirement, requirement.version);
    if (state.kind === 'unknown') {
      return [unknown(text, state.why)];
    }
    const version = isPin(lookup) ? lookup.version : undefined;
    return [
      ...statusRemarks(plainText(requirement.name, 100), state.facts, rules),
      ...(version === undefined ? [] : releaseRemarks(text, version, state.facts, rules, nowMs)),
    ];
  };
}

function statusRemarks(
  name: string,
  { status, reason }: ProjectFacts,
  { archived = 'off', quarantined = 'off' }: ProjectRemarkRules,
): readonly PolicyFinding[] {
  if (status === 'archived' && archived !== 'off') {
    return [
      {
        code: 'policy-archived',
        level: archived,
        message: `${name} is archived: its authors publish no more releases.${because(reason)}`,
      },
    ];
  }
  if (status === 'quarantined' && quarantined !== 'off') {
    return [
      {
        code: 'policy-quarantined',
        level: quarantined,
        message: `${name} is quarantined by the package index: it may be malicious.${because(reason)}`,
      },
    ];
  }
  return [];
}

function releaseRemarks(
  text: string,
  version: string,
  { releases }: ProjectFacts,
  { yanked = 'off', minimumReleaseAgeDays: days = 0 }: ProjectRemarkRules,
  nowMs: number,
): readonly PolicyFinding[] {
  if (yanked === 'off' && days === 0) {
    return [];
  }
  const key = parseVersion(version)?.key ?? '';
  const release = Object.hasOwn(releases, key) ? releases[key] : undefined;
  if (release === undefined) {
    return [unknown(text, 'the package index has no such release')];
  }
  const remarks: PolicyFinding[] = [];
  if (release.yanked !== undefined && yanked !== 'off') {
    remarks.push({
      code: 'policy-yanked',
      level: yanked,
      message: `${text} was yanked from the package index.${because(release.yanked)}`,
    });
  }
  if (days > 0) {
    if (release.uploadedAt === undefined) {
      remarks.push(unknown(text, 'the package index does not say when it was released'));
    } else if (nowMs - release.uploadedAt < days * msADay) {
      const age = Math.max(0, Math.floor((nowMs - release.uploadedAt) / msADay));
      const message = `${text} was released ${age === 0 ? 'less than a day' : counted(age, 'day')} ago, and fix.minimum-release-age-days asks for ${counted(days, 'day')}.`;
      remarks.push({ code: 'policy-release-age', level: 'warning', message });
    }
  }
  return remarks;
}

const msADay = 86_400_000;

function unknown(text: string, why: string): PolicyFinding {
  const level: PolicyLevel = 'information';
  return {
    code: 'release-unknown',
    level,
    message: `${text} could not be checked by the rules: ${plainText(why, 300)}.`,
  };
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` ${sentence(plainText(reason, 300))}`;
}
