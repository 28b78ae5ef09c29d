import { compareVersions, parseVersion } from '../../versions/version.ts';
import type { Finding } from '../../assessment/finding.ts';
import type { FixAdvice } from '../../assessment/advice/fixAdvice.ts';
import type { Assessed } from '../../assessment/outcome.ts';
import { listText, plainText, sentence } from '../../text/plainText.ts';
import { type Asked, ignoredText, releaseText, remedyText, severityText } from './findingText.ts';

/**
 * All findings of one requirement as one or two sentences that stand on their own: what is wrong, how bad, what to do.
 * `findings` are those to speak of, worst first and at least one; `version` is `null` for a range.
 */
export function requirementText(
  requirement: Asked,
  version: string | null,
  { verdict, fix }: Pick<Assessed, 'verdict' | 'fix'>,
  findings: readonly [Finding, ...Finding[]],
): string {
  const [worst] = findings;
  if (worst.severity === 'malicious') {
    return maliciousText(requirement, version, findings);
  }
  const count = findings.length === 1 ? '1 known vulnerability' : `${findings.length} known vulnerabilities`;
  const which = `${severityText(worst)}, ${plainText(worst.id, 60)}`;
  const how = findings.length === 1 ? `(${which})${summaryText(worst)}` : `(worst: ${which}).`;
  return [
    `${subjectText(requirement, version, verdict, findings)} ${count} ${how}`,
    ...missing(findings),
    fix === undefined ? 'The safe versions are not known yet.' : adviceText(version, fix),
    ...endedIgnores(findings),
    ...againText(requirement, fix),
  ].join(' ');
}

/** A lock is no file that people edit. */
function againText({ requiredBy }: Asked, fix: FixAdvice | undefined): readonly string[] {
  const again = fix?.nearest === undefined ? undefined : requiredBy?.again;
  return again === undefined ? [] : [`Then run: ${plainText(again, 120)}.`];
}

/** One finding beside others of its requirement, whose name and version are said already. */
export function advisoryText(version: string | null, finding: Finding): string {
  const where = finding.admitted === undefined ? '' : ` in ${plainText(finding.admitted, 120)}`;
  const remedy = finding.severity === 'malicious' ? remedyText(finding) : fixedText(version, finding);
  return `${plainText(finding.id, 60)} (${severityText(finding)})${where}${summaryText(finding)} ${remedy}${ignoredText(finding)}`;
}

function subjectText(
  requirement: Asked,
  version: string | null,
  verdict: Assessed['verdict'],
  findings: readonly [Finding, ...Finding[]],
): string {
  if (version !== null) {
    return `${releaseText(requirement, version)} has`;
  }
  const isOpen = requirement.specifier === '' && requirement.decidedBy === undefined;
  const subject = isOpen
    ? `${plainText(requirement.name, 100)} has no version limit: it`
    : releaseText(requirement, version);
  const [{ admitted }] = findings;
  const isOne = findings.length === 1 && admitted !== undefined;
  const which = isOne ? `${plainText(admitted, 120)},` : verdict === 'vulnerable' ? 'only versions' : 'versions';
  return `${subject} allows ${which} with`;
}

function maliciousText(requirement: Asked, version: string | null, findings: readonly [Finding, ...Finding[]]): string {
  const [worst] = findings;
  const subject = releaseText(requirement, version);
  const ids = listText(
    findings.filter(({ severity }) => severity === 'malicious').map(({ id }) => plainText(id, 60)),
    3,
  );
  const is =
    worst.admitted === undefined ? 'is malicious' : `allows malicious releases, ${plainText(worst.admitted, 120)}`;
  const others = findings.filter(({ severity }) => severity !== 'malicious').length;
  const more =
    others === 0 ? '' : ` It has ${others} other known ${others === 1 ? 'vulnerability' : 'vulnerabilities'}.`;
  return `${subject} ${is} (${ids}).${more} ${remedyText(worst)}${ignoredText(worst)}`;
}

function summaryText({ summary }: Finding): string {
  return summary === '' ? '.' : `: ${sentence(plainText(summary, 200))}`;
}

function missing(findings: readonly Finding[]): readonly string[] {
  const count = findings.filter(({ missingDetails }) => missingDetails.length > 0).length;
  return count === 0 ? [] : [`Details of ${count} could not be fetched.`];
}

/** Somebody meant to come back to these. */
function endedIgnores(findings: readonly Finding[]): readonly string[] {
  const [first, ...others] = findings.filter(
    ({ ignored, ignoreEnded }) => ignored === undefined && ignoreEnded !== undefined,
  );
  if (first === undefined) {
    return [];
  }
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [`The ignore of ${plainText(first.id, 60)}${more} ended on ${plainText(first.ignoreEnded ?? '', 40)}.`];
}

/** What to type in place of a version, or of a range (`version` is `null`). */
export function adviceText(version: string | null, advice: FixAdvice): string {
  const { barred, note } = advice;
  if (barred !== undefined) {
    return plainText(barred, 300);
  }
  const text = changeText(version, advice);
  return note === undefined ? text : `${text} ${plainText(note, 300)}`;
}

function changeText(version: string | null, { nearest, change }: FixAdvice): string {
  if (version !== null || change === undefined) {
    return nearest === undefined ? 'No safe version is known.' : `Update to ${plainText(nearest, 60)}.`;
  }
  switch (change.kind) {
    case 'exclude':
      return `Exclude ${plainText(listText(change.versions, 3), 120)}.`;
    case 'floor':
      return `Require >=${plainText(change.version, 60)}.`;
    case 'none':
      return change.highestSafe === undefined
        ? outsideText(nearest)
        : `No version later than ${plainText(change.highestSafe, 60)} is known to be safe.`;
  }
}

function outsideText(nearest: string | undefined): string {
  return nearest === undefined
    ? 'No safe version is known.'
    : `No version that it allows is known to be safe. The nearest safe one is ${plainText(nearest, 60)}.`;
}

function fixedText(version: string | null, finding: Finding): string {
  const { fixedVersions, missingDetails, fixesDisagree } = finding;
  if (fixedVersions.length === 0) {
    return missingDetails.length > 0 ? 'The fixed version is not known yet.' : 'No fixed version is known.';
  }
  const differ = fixesDisagree.length === 0 ? '' : ' (its records differ on that)';
  return `Fixed in ${listText(fixedFor(version, finding), 6)}${differ}.`;
}

/** The fixed version of the branch that `version` is on, which is the lowest above it; all of them where there is none. */
export function fixedFor(version: string | null, { fixedVersions }: Finding): readonly string[] {
  const present = version === null ? undefined : parseVersion(version);
  const next = present && fixedVersions.map(parseVersion).find((fixed) => fixed && compareVersions(fixed, present) > 0);
  return next === undefined ? fixedVersions : [next.normal];
}
