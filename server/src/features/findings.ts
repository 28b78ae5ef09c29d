import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { AdvisorySummary } from '../../../protocol/messages/advisories.ts';
import type {
  FailedRequirement,
  FindingsParams,
  IgnoredRequirement,
  SafeVersion,
  VulnerableRequirement,
} from '../../../protocol/messages/findings.ts';
import type { Place } from '../../../protocol/messages/place.ts';
import type { SeverityCounts } from '../../../protocol/messages/severity.ts';
import type { Severity } from '../core/advisories/advisory.ts';
import type { Finding } from '../core/assessment/finding.ts';
import type { Assessed, Outcome } from '../core/assessment/outcome.ts';
import { ageInDays, isOld } from '../core/report/freshness.ts';
import { headlineOf } from '../core/report/words/headline.ts';
import { plainText } from '../core/text/plainText.ts';
import { severityRank } from '../core/advisories/severityOrder.ts';
import { stepSize } from '../core/versions/stepSize.ts';
import type { ComesWith, LineState } from '../project/workspace/lineState.ts';
import { lineFix } from './actions/lineFix.ts';
import { type AgeContext, lineCoverage, type LinesAndProblems } from './lineCoverage.ts';

/** What the list beside the text says of one file. */
export interface FileFindings {
  readonly vulnerable: readonly VulnerableRequirement[];
  readonly failed: readonly FailedRequirement[];
  readonly ignoredAt: readonly IgnoredRequirement[];
  readonly pending: number;
  readonly ignored: number;
}

/**
 * Every requirement of a file that is vulnerable or could not be checked, with its place; how many others there are. With what
 * comes with them, at its place in the lock, where that is no file of the list.
 */
export function fileFindings(uri: string, own: readonly LineState[], countsComing = false): FileFindings {
  const placed = own.flatMap((line) => [
    { line, place: { uri, ...line.requirement.tokenRange.start } },
    ...(countsComing && line.comes !== undefined
      ? comingAt(line.comes, { uri, ...line.requirement.tokenRange.start })
      : []),
  ]);
  const vulnerable: VulnerableRequirement[] = [];
  const failed: FailedRequirement[] = [];
  const ignoredAt: IgnoredRequirement[] = [];
  let pending = 0;
  let ignored = 0;
  for (const { line, place } of placed) {
    const { requirement, state } = line;
    const outcome = outcomeOf(line);
    pending += state.kind === 'pending' ? 1 : 0;
    if (outcome?.kind === 'failed') {
      failed.push({ ...place, name: nameOf(requirement), message: plainText(outcome.message, 300) });
    }
    const known = lastAssessed(line);
    if (known !== undefined && known.verdict !== 'clean') {
      const version = (state.kind === 'pending' ? state.before?.version : undefined) ?? requirement.version;
      const findings = known.findings.filter((finding) => finding.ignored === undefined);
      ignored += known.findings.length - findings.length;
      if (findings.length < known.findings.length) {
        ignoredAt.push(ignoredRequirement(place, requirement, version, known.findings));
      }
      if (findings.length > 0 || known.findings.length === 0) {
        const open = { ...known, findings };
        vulnerable.push(vulnerableAt(place, requirement, version, open, outcome?.kind === 'failed'));
      }
    }
  }
  return { vulnerable, failed, ignoredAt, pending, ignored };
}

/** At the declared line where it stands in no file. */
function comingAt(
  { uri, lines }: ComesWith,
  own: Place,
): readonly { readonly line: LineState; readonly place: Place }[] {
  return lines.map((line) => ({
    line,
    place: uri === undefined ? own : { uri, ...line.requirement.tokenRange.start },
  }));
}

/** What is known of the requirement at a place, but for what is ignored; worst first. */
export function advisoriesAt(lines: readonly LineState[], { line, character }: Place): readonly AdvisorySummary[] {
  const found = lines.find(({ requirement: { tokenRange } }) => {
    return tokenRange.start.line === line && tokenRange.start.character === character;
  });
  const known = found && lastAssessed(found);
  return (known?.findings ?? [])
    .filter(({ ignored }) => ignored === undefined)
    .map(({ id, severity, score, summary, url }) => ({
      id: plainText(id, 60),
      severity,
      score,
      summary: plainText(summary, 200),
      url,
    }));
}

function outcomeOf({ state }: LineState): Outcome | undefined {
  return state.kind === 'settled' ? state.outcome : state.before?.outcome;
}

/** What is known of a line: its answer, or the last one before it failed. */
export function lastAssessed(line: LineState): Assessed | undefined {
  const outcome = outcomeOf(line);
  const known = outcome?.kind === 'failed' ? outcome.lastKnown : outcome;
  return known?.kind === 'assessed' ? known : undefined;
}

/** The figures of all files together, without their lists. */
export type FindingsFigures = Omit<FindingsParams, 'vulnerable' | 'failed' | 'ignoredAt'>;

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
  open: Assessed,
  isOld: boolean,
): VulnerableRequirement {
  const { verdict, findings } = open;
  const severities = findings.map(({ severity }) => severity);
  const fix = safeVersion(version, open);
  return {
    ...place,
    name: nameOf(requirement),
    normalizedName: requirement.normalizedName,
    version: shownVersion(requirement, version),
    verdict: verdict === 'vulnerable' ? 'vulnerable' : 'possiblyVulnerable',
    severity: worst(severities),
    score: findings[0]?.score ?? null,
    counts: countsOf(severities),
    ids: findings.map(({ id }) => plainText(id, 60)),
    url: findings[0]?.url ?? '',
    ...(fix === undefined ? {} : { fix }),
    isOld,
  };
}

function ignoredRequirement(
  place: Place,
  requirement: PlacedRequirement,
  version: string | null,
  findings: readonly Finding[],
): IgnoredRequirement {
  const ignored = findings.filter((finding) => finding.ignored !== undefined);
  const first = ignored[0]?.ignored;
  return {
    ...place,
    name: nameOf(requirement),
    version: shownVersion(requirement, version),
    ids: ignored.map(({ id }) => plainText(id, 60)),
    reason: plainText(first?.reason ?? '', 200),
    until: first?.until ?? null,
  };
}

function safeVersion(version: string | null, outcome: Assessed): SafeVersion | undefined {
  const safe = lineFix(outcome);
  const step = safe === undefined || version === null ? undefined : stepSize(version, safe);
  return safe === undefined ? undefined : { version: plainText(safe, 60), ...(step === undefined ? {} : { step }) };
}

function countsOf(severities: readonly Severity[]): SeverityCounts {
  const counts: Partial<Record<Severity, number>> = {};
  for (const severity of severities) {
    counts[severity] = (counts[severity] ?? 0) + 1;
  }
  return counts;
}

function shownVersion({ specifier }: PlacedRequirement, version: string | null): string {
  return plainText(version ?? specifier, 60);
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
