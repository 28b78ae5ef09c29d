import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { FailedRequirement, FindingsParams, Place, VulnerableRequirement } from '../../../protocol/messages.ts';
import type { Severity } from '../core/advisories/advisory.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import { ageInDays, isOld } from '../core/report/freshness.ts';
import { headlineOf } from '../core/report/headline.ts';
import { plainText } from '../core/text/plainText.ts';
import { severityRank } from '../core/advisories/severityOrder.ts';
import type { LineState } from '../project/workspace/lineState.ts';
import { type AgeContext, lineCoverage, type LinesAndProblems } from './lineCoverage.ts';

/** What the list beside the text says of one file. */
export interface FileFindings {
  readonly vulnerable: readonly VulnerableRequirement[];
  readonly failed: readonly FailedRequirement[];
  readonly pending: number;
  readonly ignored: number;
}

/** Every requirement of a file that is vulnerable or could not be checked, with its place; how many others there are. */
export function fileFindings(uri: string, lines: readonly LineState[]): FileFindings {
  const vulnerable: VulnerableRequirement[] = [];
  const failed: FailedRequirement[] = [];
  let pending = 0;
  let ignored = 0;
  for (const { requirement, state } of lines) {
    const place: Place = { uri, ...requirement.tokenRange.start };
    const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
    pending += state.kind === 'pending' ? 1 : 0;
    if (outcome?.kind === 'failed') {
      failed.push({ ...place, name: nameOf(requirement), message: plainText(outcome.message, 300) });
    }
    const known = outcome?.kind === 'failed' ? outcome.lastKnown : outcome;
    if (known?.kind === 'assessed' && known.verdict !== 'clean') {
      const findings = known.findings.filter((finding) => finding.ignored === undefined);
      ignored += known.findings.length - findings.length;
      if (findings.length > 0 || known.findings.length === 0) {
        const version = (state.kind === 'pending' ? state.before?.version : undefined) ?? requirement.version;
        const open = { ...known, findings };
        vulnerable.push(vulnerableAt(place, requirement, version, open, outcome?.kind === 'failed'));
      }
    }
  }
  return { vulnerable, failed, pending, ignored };
}

/** The figures of all files together, without their lists. */
export type FindingsFigures = Omit<FindingsParams, 'vulnerable' | 'failed'>;

/** What is known of the workspace beside its files. */
export interface Searched {
  /** Every requirements file of it is among the files. */
  readonly workspace: boolean;
  /** Files and folders of it that could not be read. */
  readonly unread: number;
}

/** `parts` has what each of the files says, in their order. */
export function findingsFigures(
  files: readonly LinesAndProblems[],
  parts: readonly FileFindings[],
  searched: Searched,
  age: AgeContext,
): FindingsFigures {
  const ofLines = lineCoverage(files, age);
  const coverage = { ...ofLines, unread: ofLines.unread + searched.unread };
  const { requirements, assessed, skipped, unread, freshness } = coverage;
  return {
    workspace: searched.workspace,
    files: files.length,
    requirements,
    assessed,
    skipped,
    unread,
    headline: headlineOf(coverage).kind,
    ...(freshness?.dataAgeSeconds === undefined ? {} : { dataAgeDays: ageInDays(freshness.dataAgeSeconds) }),
    isOld: freshness !== undefined && isOld(freshness),
    pending: parts.reduce((sum, part) => sum + part.pending, 0),
    ignored: parts.reduce((sum, part) => sum + part.ignored, 0),
  };
}

function vulnerableAt(
  place: Place,
  requirement: PlacedRequirement,
  version: string | null,
  { verdict, findings }: Assessed,
  isOld: boolean,
): VulnerableRequirement {
  return {
    ...place,
    name: nameOf(requirement),
    normalizedName: requirement.normalizedName,
    version: plainText(version ?? requirement.specifier, 60),
    verdict: verdict === 'vulnerable' ? 'vulnerable' : 'possiblyVulnerable',
    severity: worst(findings.map(({ severity }) => severity)),
    ids: findings.map(({ id }) => plainText(id, 60)),
    isOld,
  };
}

function nameOf({ name }: PlacedRequirement): string {
  return plainText(name, 100);
}

function worst(severities: readonly Severity[]): Severity {
  return severities.reduce<Severity>(
    (worse, severity) => (severityRank[severity] > severityRank[worse] ? severity : worse),
    severities[0] ?? 'unknown',
  );
}
