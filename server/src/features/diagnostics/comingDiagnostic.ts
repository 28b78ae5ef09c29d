import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import { listText, plainText } from '../../core/text/plainText.ts';
import { requirementText } from '../../core/report/words/requirementText.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import { type Coming, type ComingPackage, comingOf, packageText } from '../coming.ts';
import type { FindingOptions } from './findingDiagnostics.ts';
import { lspSeverity } from './lspSeverity.ts';

/**
 * What is shown of a requirement, with what comes with it: as a sentence more of its first diagnostic, which is as loud as the
 * worst of it, or as one of its own where it has none. Where each of these packages is locked stands beside.
 */
export function withComing(
  own: readonly Diagnostic[],
  line: LineState,
  options: FindingOptions,
): readonly Diagnostic[] {
  const { comes } = line;
  const coming = comes && comingOf(comes, options.minimumSeverity);
  const sentences = coming === undefined || comes === undefined ? [] : sentencesOf(coming, line, comes);
  if (comes === undefined || coming === undefined || sentences.length === 0) {
    return own;
  }
  const message = sentences.join(' ');
  const severity = lspSeverity(levelOf(coming, options));
  const { tokenRange: range } = line.requirement;
  const beside = coming.vulnerable.slice(0, mostBeside).map((one) => placeOf(one, comes, { uri: options.uri, range }));
  const [first, ...others] = own;
  if (first === undefined) {
    const code = coming.vulnerable.length === 0 ? diagnosticCodes.couldNotCheck : diagnosticCodes.comesWith;
    return [{ range, severity, source: diagnosticSource, code, message, ...related(beside) }];
  }
  const loudest = Math.min(severity, first.severity ?? severity) as typeof severity;
  const joined = `${typeof first.message === 'string' ? first.message : first.message.value} ${message}`;
  const all = [...(first.relatedInformation ?? []), ...beside];
  return [{ ...first, severity: loudest, message: joined, ...related(all) }, ...others];
}

// Of one diagnostic; the lock has the rest.
const mostNamed = 5;
const mostBeside = 20;

/** "2 vulnerable packages come with flask 1.0: werkzeug 0.16 (high), jinja2 2.10 (medium)." */
function sentencesOf({ vulnerable, failed }: Coming, line: LineState, comes: ComesWith): readonly string[] {
  const direct = directText(line, comes);
  const named = listText(
    vulnerable.map((one) => `${packageText(one.line)} (${severityWord(one)})`),
    mostNamed,
  );
  const found =
    vulnerable.length === 1
      ? [`1 vulnerable package comes with ${direct}: ${named}.`]
      : [`${vulnerable.length} vulnerable packages come with ${direct}: ${named}.`];
  const open =
    failed.length === 1
      ? [`1 package that comes with ${direct} could not be checked.`]
      : [`${failed.length} packages that come with ${direct} could not be checked.`];
  return [...(vulnerable.length === 0 ? [] : found), ...(failed.length === 0 ? [] : open)];
}

/** As it is locked: what comes is of that version. */
export function directText({ requirement }: LineState, { version }: ComesWith): string {
  return `${plainText(requirement.name, 100)} ${plainText(version ?? '', 60)}`.trim();
}

function severityWord({ findings: [{ severity }] }: ComingPackage): string {
  return severity === 'unknown' ? 'severity unknown' : severity;
}

function levelOf({ vulnerable }: Coming, { diagnosticSeverity }: FindingOptions): Parameters<typeof lspSeverity>[0] {
  const [worst] = vulnerable;
  return worst === undefined ? diagnosticSeverity.failed : diagnosticSeverity[worst.findings[0].severity];
}

/** At the line itself where the package stands in no file. */
function placeOf(
  { line, outcome, findings }: ComingPackage,
  { uri }: ComesWith,
  own: DiagnosticRelatedInformation['location'],
): DiagnosticRelatedInformation {
  const { requirement } = line;
  return {
    location: uri === undefined ? own : { uri, range: requirement.tokenRange },
    message: requirementText(requirement, requirement.version, outcome, findings),
  };
}

function related(relatedInformation: DiagnosticRelatedInformation[]): Pick<Diagnostic, 'relatedInformation'> {
  return relatedInformation.length === 0 ? {} : { relatedInformation };
}
