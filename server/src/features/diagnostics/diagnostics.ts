import type { PlacedProblem } from '../../core/text/position.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Diagnostic } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import type { Assessed, Failed, Skipped } from '../../core/assessment/outcome.ts';
import { releaseText } from '../../core/report/words/findingText.ts';
import { plainText } from '../../core/text/plainText.ts';
import type { PolicyFinding } from '../../core/assessment/policyFinding.ts';
import { brokenOffText } from '../../core/report/words/brokenOffText.ts';
import { english } from '../../core/words/words.ts';
import { ageText } from '../ageText.ts';
import { withComing } from './comingDiagnostic.ts';
import { findingDiagnostics, type FindingOptions } from './findingDiagnostics.ts';
import { lspSeverity } from './lspSeverity.ts';
import type { LineState } from '../../project/workspace/lineState.ts';

/** Whatever its remarks depend on is in `text`, so that remembered ones can be told from others. */
export interface Policy {
  readonly text: string;
  remarksOn(requirement: PlacedRequirement): readonly PolicyFinding[];
}

export interface DiagnosticOptions extends FindingOptions {
  readonly now: number;
  /** What the user's rules say of a requirement. */
  readonly policy?: Policy | undefined;
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
  const findings = withComing(stateDiagnostics(line, options), line, options);
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
    return assessedDiagnostics(
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
      return assessedDiagnostics(requirement, requirement.version, outcome, '', options);
    case 'failed':
      return failedDiagnostics(requirement, outcome, options);
    case 'skipped':
      return skippedDiagnostics(requirement, outcome, options);
  }
}

/** What became known of its findings, and that there may be more where the answer broke off. */
function assessedDiagnostics(
  requirement: PlacedRequirement,
  version: string | null,
  outcome: Assessed,
  note: string,
  options: DiagnosticOptions,
): readonly Diagnostic[] {
  const brokenOff = brokenOffText(requirement.name, outcome);
  const findings = findingDiagnostics(requirement, version, outcome, note, options);
  return brokenOff === undefined ? findings : [...findings, brokenOffDiagnostic(requirement, brokenOff)];
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
      : assessedDiagnostics(
          requirement,
          requirement.version,
          lastKnown,
          ` (As of ${ageText(lastKnown.checkedAt, options.now, english)}; could not be checked again.)`,
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
      : `What is shown is from ${ageText(lastKnown.checkedAt, options.now, english)}.`;
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
