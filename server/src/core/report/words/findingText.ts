import type { RaiseAdvice } from '../../assessment/advice/raise.ts';
import type { Finding } from '../../assessment/finding.ts';
import { type DecidedBy, decidedText } from '../../assessment/decided/decidedVersions.ts';
import type { Assessed } from '../../assessment/outcome.ts';
import { type RequiredBy, requiredByText } from '../../assessment/requiredBy.ts';
import { dataAgeText } from './dataAge.ts';
import { plainText, listText, sentence } from '../../text/plainText.ts';

/** One finding as one sentence that stands on its own: people and coding agents read it without its surroundings. */
export function findingText(requirement: Asked, version: string | null, finding: Finding): string {
  const allows = finding.admitted === undefined ? '' : ` allows ${finding.admitted}`;
  return `${releaseText(requirement, version)}${allows}: ${factsOf(requirement, finding)}`;
}

/** The same below a line that names the requirement. */
export function findingDetails(requirement: Pick<Asked, 'raise'>, finding: Finding): string {
  return `${factsOf(requirement, finding)}${finding.admitted === undefined ? '' : ` Affects ${plainText(finding.admitted, 200)}.`}`;
}

function factsOf(requirement: Pick<Asked, 'raise'>, finding: Finding): string {
  const summary = finding.summary === '' ? '' : ` ${sentence(plainText(finding.summary, 200))}`;
  return `${finding.id} (${severityText(finding)}).${summary} ${remedyFor(requirement, finding)}${ignoredText(finding)}`;
}

/** " Ignored until 2027-01-31: not reached." behind a sentence, or that this is over; nothing where nobody ignored it. */
export function ignoredText({ ignored, ignoreEnded, known }: Finding): string {
  if (ignored === undefined) {
    const ended = ignoreEnded === undefined ? '' : ` No longer ignored: that ended on ${plainText(ignoreEnded, 40)}.`;
    return known === true ? ` Known: the baseline has it.${ended}` : ended;
  }
  const until = ignored.until === null ? '' : ` until ${ignored.until}`;
  return ignored.reason === '' ? ` Ignored${until}.` : ` Ignored${until}: ${sentence(plainText(ignored.reason, 200))}`;
}

/** A range without a floor allows every bad release there ever was; the worst of them are enough to act on. */
export const mostOfARange = 10;

/** For what is left out after the worst findings of a range. */
export function moreFindingsText(requirement: Asked, rest: number): string {
  return `${releaseText(requirement, null)} allows releases with ${rest} more known ${rest === 1 ? 'vulnerability' : 'vulnerabilities'}.`;
}

export interface Asked {
  readonly name: string;
  readonly specifier: string;
  readonly decidedBy?: DecidedBy;
  readonly requiredBy?: RequiredBy;
  readonly raise?: RaiseAdvice;
}

/**
 * "django 3.2.0", and what decides it where the line itself does not; "django >=3.2" where there is no
 * version, "django (any version)" where there is nothing.
 */
export function releaseText({ name, specifier, decidedBy, requiredBy }: Asked, version: string | null): string {
  const by = (decidedBy === undefined ? '' : ` (${decidedText(decidedBy)})`) + requiredByText(requiredBy);
  const which = version ?? (specifier === '' ? '(any version)' : specifier);
  return `${plainText(name, 100)} ${plainText(which, 60)}`.trim() + by;
}

/** Said of whatever the local advisory database told in place of the service; empty for the rest. */
export function localText({ local }: Assessed): string {
  return local === undefined
    ? ''
    : `From the local advisory database, whose data are ${dataAgeText(local.dataAgeSeconds)}, since the service could not be asked: ${plainText(local.because, 200)}`;
}

/** "high 8.1", "severity unknown", "malicious". */
export function severityText(finding: Finding): string {
  if (finding.severity === 'unknown') {
    return 'severity unknown';
  }
  return finding.score === null ? finding.severity : `${finding.severity} ${finding.score.toFixed(1)}`;
}

/** What to do: never "upgrade" for a malicious package. */
export function remedyText(finding: Finding): string {
  if (finding.severity === 'malicious') {
    return finding.admitted === undefined
      ? 'Remove it and rotate every secret it could have read.'
      : 'Exclude it; where it was installed, remove it and rotate every secret it could have read.';
  }
  if (finding.missingDetails.length > 0 && finding.fixedVersions.length === 0) {
    return 'Its details could not be fetched; the fixed version is not known yet.';
  }
  const fixed =
    finding.fixedVersions.length === 0
      ? 'No fixed version known.'
      : `Fixed in ${listText(finding.fixedVersions, 6)}${finding.fixesDisagree.length === 0 ? '' : ' (its records differ on that)'}.`;
  const { barred, nearestFix } = finding;
  const all = barred === undefined ? fixed : `${fixed} ${barred}`;
  return nearestFix === undefined ? all : `${all} Nearest version without known advisories: ${nearestFix}.`;
}

/** The same of a requirement that others may bring in: with what to raise for it. */
export function remedyFor({ raise }: Pick<Asked, 'raise'>, finding: Finding): string {
  const { severity, ignored, nearestFix } = finding;
  const isAbout = severity !== 'malicious' && ignored === undefined && nearestFix !== undefined;
  return isAbout && raise !== undefined ? `${remedyText(finding)} ${raise.text}` : remedyText(finding);
}

/** What each record of the finding says of the fix, where they differ; empty where they agree. */
export function differingFixesText({ fixesDisagree }: Finding): string {
  const claims = fixesDisagree.slice(0, mostClaims).map(({ record, fixed }) => {
    const versions = fixed.length === 0 ? 'that no version is fixed' : `fixed in ${listText(fixed, 4)}`;
    return `${plainText(record, 60)} says ${plainText(versions, 120)}`;
  });
  const rest = fixesDisagree.length - claims.length;
  return [...claims, ...(rest > 0 ? [`${rest} more say something else`] : [])].join('; ');
}

const mostClaims = 4;
