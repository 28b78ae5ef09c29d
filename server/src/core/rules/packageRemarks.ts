import { nameMatcher } from '../packages/packageName.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { isPin } from '../assessment/lookup.ts';
import { releaseText } from '../report/words/findingText.ts';
import { plainText, sentence } from '../text/plainText.ts';
import { hasRelease } from '../versions/boundary.ts';
import {
  admittedVersions,
  asksForPrereleases,
  contains,
  parseSpecifier,
  type VersionSpecifier,
} from '../versions/specifier.ts';
import { intersect, subtract, type VersionSet } from '../versions/versionSet.ts';
import type { PolicyLevel, PolicyFinding } from '../assessment/policyFinding.ts';

/** A package, or some versions of it, that the user does not want; as the setting has it. */
export interface PackageRule {
  /** A name; `*` stands for any run of characters. */
  readonly package: string;
  /** A PEP 440 specifier; every version where absent. */
  readonly versions?: string;
  readonly level?: PolicyLevel;
  readonly reason?: string;
}

/** What the rules say of a requirement; they are read once. A rule whose versions cannot be read is about every version: better too strict than silent. */
export function packageRemarks(
  rules: readonly PackageRule[],
  setting = 'pinwatch.policy.packages',
): (requirement: PlacedRequirement) => readonly PolicyFinding[] {
  const read = rules.map((rule) => ({
    rule,
    matches: nameMatcher(rule.package),
    specifier: rule.versions === undefined ? [] : parseSpecifier(rule.versions),
  }));
  return (requirement) =>
    read.flatMap(({ rule, matches, specifier }) =>
      requirement.normalizedName !== '' && matches(requirement.normalizedName)
        ? remark(requirement, rule, specifier, setting)
        : [],
    );
}

function remark(
  requirement: PlacedRequirement,
  rule: PackageRule,
  specifier: VersionSpecifier | undefined,
  setting: string,
): readonly PolicyFinding[] {
  const forbidden = `is not allowed by ${setting}`;
  const level = rule.level ?? 'error';
  const subject = releaseText(requirement, requirement.version);
  const what = `${plainText(rule.package, 100)}${rule.versions === undefined ? '' : ` ${plainText(rule.versions, 100)}`}`;
  const reason = rule.reason === undefined ? '' : ` ${sentence(plainText(rule.reason, 300))}`;
  const say = (verb: string, at: PolicyLevel, note = ''): readonly PolicyFinding[] => [
    { code: 'policy-package', level: at, message: `${subject} ${verb} (${what}).${reason}${note}` },
  ];
  if (specifier === undefined) {
    return say(forbidden, level, ' Its versions are no PEP 440 specifier, so it counts for every version.');
  }
  switch (overlap(requirement, specifier)) {
    case 'all':
      return say(forbidden, level);
    case 'some':
      return say(`allows versions that ${setting} does not allow`, notAbove(level));
    case 'unknown':
      return say(`may be a version that ${setting} does not allow`, notAbove(level));
    case 'none':
      return [];
  }
}

export type Overlap = 'all' | 'some' | 'none' | 'unknown';

/** How much of what the requirement allows the rule is about. */
export function overlap({ subject, specifier: written }: PlacedRequirement, rule: VersionSpecifier): Overlap {
  if (rule.length === 0) {
    return 'all';
  }
  if (subject.kind === 'lookup') {
    return isPin(subject.lookup)
      ? contains(rule, subject.lookup.version)
        ? 'all'
        : 'none'
      : overlapOfSets(subject.lookup.specifier, rule);
  }
  const { outcome } = subject;
  if (outcome.kind === 'failed' || outcome.reason === 'contradictory') {
    return 'none'; // the line itself has a problem that says so
  }
  // A private name is asked about nowhere, but its line says its versions all the same.
  const own = outcome.reason === 'private' ? parseSpecifier(written.replace(/^\s*\(|\)\s*$/gu, '')) : undefined;
  return own === undefined ? 'unknown' : overlapOfSets(own, rule);
}

function overlapOfSets(own: VersionSpecifier, rule: VersionSpecifier): Overlap {
  const prereleases = own.some(asksForPrereleases);
  const releases = (set: VersionSet): VersionSet => set.filter((stretch) => hasRelease(stretch, prereleases));
  const admitted = admittedVersions(own);
  const denied = admittedVersions(rule);
  if (releases(intersect(admitted, denied)).length === 0) {
    return 'none';
  }
  // `===` compares texts; as a set it is everything.
  const isText = [...own, ...rule].some(({ operator }) => operator === '===');
  return isText || releases(subtract(admitted, denied)).length > 0 ? 'some' : 'all';
}

/** What may be is said, but not as loud as what is. */
function notAbove(level: PolicyLevel): PolicyLevel {
  return level === 'hint' ? 'hint' : 'information';
}
