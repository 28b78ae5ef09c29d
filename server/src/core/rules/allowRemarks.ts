import type { PolicyFinding, PolicyLevel } from '../assessment/policyFinding.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { nameMatcher } from '../packages/packageName.ts';
import { releaseText } from '../report/words/findingText.ts';
import { plainText, sentence } from '../text/plainText.ts';
import { parseSpecifier } from '../versions/specifier.ts';
import { overlap, type Overlap, type PackageRule } from './packageRemarks.ts';

/**
 * What a list of approved packages says of a requirement: nothing where a rule allows all that it may install. A requirement
 * without a name is not taken for an approved one. `usual` has level and reason for what no rule is about.
 */
export function allowRemarks(
  rules: readonly PackageRule[],
  usual: PackageRule,
): (requirement: PlacedRequirement) => readonly PolicyFinding[] {
  const read = rules.map((rule) => ({
    rule,
    matches: nameMatcher(rule.package),
    specifier: rule.versions === undefined ? [] : parseSpecifier(rule.versions),
  }));
  return (requirement) => {
    const { normalizedName, subject, version } = requirement;
    if (
      subject.kind === 'settled' &&
      (subject.outcome.kind === 'failed' || subject.outcome.reason === 'contradictory')
    ) {
      return []; // the line itself has a problem that says so
    }
    const say = (verb: string, level: PolicyLevel, { reason }: PackageRule): readonly PolicyFinding[] => {
      const why = reason === undefined ? '' : ` ${sentence(plainText(reason, 300))}`;
      return [{ code: 'policy-package', level, message: `${releaseText(requirement, version)} ${verb}.${why}` }];
    };
    const { level = 'error' } = usual;
    if (normalizedName === '') {
      const isOwn = subject.kind === 'settled' && /^(?:path|editable)$/u.test(subject.outcome.reason);
      return say('names no package that policy.packages could approve', isOwn ? 'information' : level, usual);
    }
    const about = read.filter(({ matches }) => matches(normalizedName));
    const [first] = about;
    if (first === undefined) {
      return say('is not among the packages that policy.packages approves', level, usual);
    }
    const found = new Map<Overlap, PackageRule>(
      about.map(({ rule, specifier }) => [specifier === undefined ? 'none' : overlap(requirement, specifier), rule]),
    );
    const low = first.rule.level === 'hint' ? 'hint' : 'information';
    if (found.has('all')) {
      return [];
    }
    if (found.has('some')) {
      return say('allows versions that policy.packages does not approve', low, found.get('some') ?? usual);
    }
    return found.has('unknown')
      ? say('may be a version that policy.packages does not approve', low, found.get('unknown') ?? usual)
      : say('is not a version that policy.packages approves', first.rule.level ?? level, first.rule);
  };
}
