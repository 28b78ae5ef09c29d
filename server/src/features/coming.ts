import type { Settings } from '../../../protocol/settings.ts';
import { compareSeverities, reaches } from '../core/advisories/severityOrder.ts';
import type { Finding } from '../core/assessment/finding.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import type { ComesWith, LineState } from '../project/workspace/lineState.ts';
import { plainText } from '../core/text/plainText.ts';
import { lastAssessed } from './findings.ts';

/** A vulnerable package that comes with a requirement; its findings are those to speak of, worst first. */
export interface ComingPackage {
  readonly line: LineState;
  readonly outcome: Assessed;
  readonly findings: readonly [Finding, ...Finding[]];
}

export interface Coming {
  /** Worst first, then by name. */
  readonly vulnerable: readonly ComingPackage[];
  /** What could not be checked. */
  readonly failed: readonly LineState[];
}

/** What is to be said of what comes with a requirement. What is ignored, or below the severity, is not; malicious always is. */
export function comingOf({ lines }: ComesWith, minimum: Settings['minimumSeverity']): Coming {
  const vulnerable: ComingPackage[] = [];
  const failed: LineState[] = [];
  for (const line of lines) {
    const { state } = line;
    if (state.kind === 'settled' && state.outcome.kind === 'failed') failed.push(line);
    const outcome = lastAssessed(line);
    const [worst, ...others] = (outcome?.findings ?? []).filter(
      ({ severity, ignored }) => severity === 'malicious' || (ignored === undefined && reaches(severity, minimum)),
    );
    if (outcome !== undefined && worst !== undefined) vulnerable.push({ line, outcome, findings: [worst, ...others] });
  }
  vulnerable.sort(
    (a, b) =>
      compareSeverities(a.findings[0].severity, b.findings[0].severity) ||
      (a.line.requirement.normalizedName < b.line.requirement.normalizedName ? -1 : 1),
  );
  return { vulnerable, failed };
}

/** "werkzeug 0.16". */
export function packageText({ requirement: { name, version } }: LineState): string {
  return `${plainText(name, 100)} ${plainText(version ?? '', 60)}`.trim();
}
