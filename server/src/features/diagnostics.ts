import type { PlacedProblem, Range } from '../core/text/position.ts';
import type { PlacedRequirement } from '../core/assessment/requirement.ts';
import type { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../protocol/ids.ts';
import type { DiagnosticLevel } from '../../../protocol/diagnosticLevels.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Finding } from '../core/assessment/finding.ts';
import type { Assessed, Failed, Skipped, Verdict } from '../core/assessment/outcome.ts';
import {
  differingFixesText,
  findingText,
  mostOfARange,
  moreFindingsText,
  releaseText,
} from '../core/report/findingText.ts';
import { plainText } from '../core/text/plainText.ts';
import type { PolicyFinding } from '../core/assessment/policyFinding.ts';
import { brokenOffText } from '../core/report/brokenOffText.ts';
import { reaches } from '../core/advisories/severityOrder.ts';
import { dataAgeText } from '../core/report/dataAge.ts';
import { ageText } from './ageText.ts';
import type { LineState } from '../project/workspace/lineState.ts';

/** What a diagnostic carries so that an edit can be rebuilt from it alone. */
export interface DiagnosticData {
  readonly package: string;
  readonly version: string;
  readonly records: readonly string[];
  readonly fixedVersions: readonly string[];
}

/** Whatever its remarks depend on is in `text`, so that remembered ones can be told from others. */
export interface Policy {
  readonly text: string;
  remarksOn(requirement: PlacedRequirement): readonly PolicyFinding[];
}

export interface DiagnosticOptions extends Pick<
  Settings,
  'minimumSeverity' | 'diagnosticSeverity' | 'diagnosticRanges'
> {
  readonly now: number;
  /** Of the file. */
  readonly uri: string;
  /** What the user's rules say of a requirement. */
  readonly policy?: Policy | undefined;
  /** The lines that bring this file in, shown beside each finding. */
  readonly includedAt?: readonly { readonly uri: string; readonly range: Range }[];
}

/** The diagnostics of one file: findings at the version token, what could not be checked, what could not be read. */
export function diagnosticsFor(
  lines: readonly LineState[],
  problems: readonly PlacedProblem[],
  options: DiagnosticOptions,
): Diagnostic[] {
  return [
    ...lines.flatMap((line) => lineDiagnostics(line, options)),
    ...problems.map((problem) => problemDiagnostic(problem)),
  ];
}

export function lineDiagnostics(line: LineState, options: DiagnosticOptions): readonly Diagnostic[] {
  const remarks = options.policy?.remarksOn(line.requirement) ?? [];
  const findings = stateDiagnostics(line, options);
  return remarks.length === 0 ? findings : [...findings, ...remarks.map((one) => policyDiagnostic(line, one))];
}

function policyDiagnostic({ requirement }: LineState, { code, level, message }: PolicyFinding): Diagnostic {
  return { range: requirement.tokenRange, severity: lspSeverity(level), source: diagnosticSource, code, message };
}

function stateDiagnostics({ requirement, state }: LineState, options: DiagnosticOptions): readonly Diagnostic[] {
  if (state.kind === 'pending') {
    const { before } = state;
    if (before === undefined) {
      return [];
    }
    const note =
      before.version === (requirement.version ?? requirement.specifier)
        ? ' (Being checked again.)'
        : ` (Found for ${before.version}; ${plainText(requirement.version ?? requirement.specifier, 60)} is being checked.)`;
    return findingDiagnostics(
      requirement,
      requirement.version === null ? null : before.version,
      before.outcome,
      note,
      options,
    );
  }
  const { outcome } = state;
  switch (outcome.kind) {
    case 'assessed':
      return findingDiagnostics(requirement, requirement.version, outcome, '', options);
    case 'failed':
      return failedDiagnostics(requirement, outcome, options);
    case 'skipped':
      return skippedDiagnostics(requirement, outcome, options);
  }
}

function findingDiagnostics(
  requirement: PlacedRequirement,
  version: string | null,
  outcome: Assessed,
  note: string,
  options: DiagnosticOptions,
): readonly Diagnostic[] {
  const { findings, verdict, local } = outcome;
  const brokenOff = brokenOffText(requirement.name, outcome);
  const basis =
    local === undefined
      ? ''
      : ` (From the local advisory database, whose data are ${dataAgeText(local.dataAgeSeconds)}.)`;
  const included = (options.includedAt ?? []).map((location) => ({ location, message: 'This file is included here.' }));
  // What is malicious is said of a range too, whatever the settings, and where it is ignored.
  const drawn = verdict !== 'possiblyVulnerable' || options.diagnosticRanges;
  const worthSaying = findings.filter(
    ({ severity, ignored }) =>
      (drawn && ignored === undefined && reaches(severity, options.minimumSeverity)) || severity === 'malicious',
  );
  const most = verdict === 'possiblyVulnerable' ? mostOfARange : worthSaying.length;
  const rest = worthSaying.length - most;
  return [
    ...worthSaying.slice(0, most).map((finding) => ({
      range: requirement.tokenRange,
      severity: lspSeverity(levelOf(finding, verdict, options)),
      source: diagnosticSource,
      code: finding.id,
      codeDescription: { href: finding.url },
      ...relatedInformation(finding, requirement, included, options.uri),
      message: findingText(requirement, version, finding) + basis + note,
      data: {
        package: requirement.normalizedName,
        version: version ?? '',
        records: finding.records,
        fixedVersions: finding.fixedVersions,
      } satisfies DiagnosticData,
    })),
    ...(rest > 0 ? [moreDiagnostic(requirement, rest, options)] : []),
    ...(brokenOff === undefined ? [] : [brokenOffDiagnostic(requirement, brokenOff)]),
  ];
}

/**
 * The pin in another file, the lines that include this one, and what records that differ on the fix say: that at the line
 * itself, as there is no other place that a client could show.
 */
function relatedInformation(
  finding: Finding,
  { tokenRange: range, decidedBy }: PlacedRequirement,
  included: readonly DiagnosticRelatedInformation[],
  uri: string,
): Pick<Diagnostic, 'relatedInformation'> {
  const message = differingFixesText(finding);
  const pin = decidedBy?.place;
  const related = [
    ...(message === '' ? [] : [{ location: { uri, range }, message }]),
    ...(pin === undefined ? [] : [{ location: pin, message: 'Its version is pinned here.' }]),
    ...included,
  ];
  return related.length === 0 ? {} : { relatedInformation: related };
}

function brokenOffDiagnostic({ tokenRange: range }: PlacedRequirement, message: string): Diagnostic {
  return {
    range,
    severity: lspSeverity('warning'),
    source: diagnosticSource,
    code: diagnosticCodes.couldNotCheck,
    message: `${message}.`,
  };
}

function moreDiagnostic(requirement: PlacedRequirement, rest: number, options: DiagnosticOptions): Diagnostic {
  return {
    range: requirement.tokenRange,
    severity: lspSeverity(options.diagnosticSeverity.possiblyVulnerable),
    source: diagnosticSource,
    code: diagnosticCodes.moreFindings,
    message: moreFindingsText(requirement, rest),
  };
}

/** Malicious releases are said as loud in a range: nobody wants to get one by chance. */
function levelOf(
  { severity, ignored }: Finding,
  verdict: Verdict,
  { diagnosticSeverity }: DiagnosticOptions,
): DiagnosticLevel {
  if (ignored !== undefined) {
    return 'warning';
  }
  return verdict === 'possiblyVulnerable' && severity !== 'malicious'
    ? diagnosticSeverity.possiblyVulnerable
    : diagnosticSeverity[severity];
}

/** Off by default: it is said in the hover, the status bar and the report, and a mark on every such line would be noise. */
function skippedDiagnostics(
  requirement: PlacedRequirement,
  { message }: Skipped,
  { diagnosticSeverity: { notAssessed } }: DiagnosticOptions,
): readonly Diagnostic[] {
  if (notAssessed === 'off') {
    return [];
  }
  const subject = releaseText(requirement, requirement.version);
  return [
    {
      range: requirement.tokenRange,
      severity: lspSeverity(notAssessed),
      source: diagnosticSource,
      code: diagnosticCodes.notAssessed,
      message: `${subject} was not assessed: ${plainText(message)}`,
    },
  ];
}

function failedDiagnostics(
  requirement: PlacedRequirement,
  outcome: Failed,
  options: DiagnosticOptions,
): readonly Diagnostic[] {
  if (outcome.reason === 'invalid') {
    return []; // the problem on this line says it
  }
  const { lastKnown } = outcome;
  const old =
    lastKnown === undefined
      ? []
      : findingDiagnostics(
          requirement,
          requirement.version,
          lastKnown,
          ` (As of ${ageText(lastKnown.checkedAt, options.now)}; could not be checked again.)`,
          options,
        );
  return [...old, couldNotCheck(requirement, outcome, lastKnown, options)];
}

function couldNotCheck(
  requirement: PlacedRequirement,
  outcome: Failed,
  lastKnown: Assessed | undefined,
  options: DiagnosticOptions,
): Diagnostic {
  const subject = releaseText(requirement, requirement.version);
  const known =
    lastKnown === undefined
      ? 'It may be vulnerable.'
      : `What is shown is from ${ageText(lastKnown.checkedAt, options.now)}.`;
  return {
    range: requirement.tokenRange,
    severity: lspSeverity(options.diagnosticSeverity.failed),
    source: diagnosticSource,
    code: diagnosticCodes.couldNotCheck,
    message: `${subject} could not be checked: ${plainText(outcome.message)} ${known}`,
  };
}

export function problemDiagnostic(problem: PlacedProblem): Diagnostic {
  return {
    range: problem.range,
    severity: lspSeverity('warning'),
    source: diagnosticSource,
    code: problem.code,
    message: plainText(problem.message),
  };
}

/** The numbers of LSP's DiagnosticSeverity; only types are imported here, so that the feature stays data. */
function lspSeverity(level: DiagnosticLevel): DiagnosticSeverity {
  switch (level) {
    case 'error':
      return 1;
    case 'warning':
      return 2;
    case 'information':
      return 3;
    case 'hint':
      return 4;
  }
}
