import type { FailedRequirement, FindingsParams, Place, VulnerableRequirement } from '../../../protocol/messages.ts';
import type { Severity } from '../core/advisories/advisory.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import { plainText } from '../core/report/plainText.ts';
import type { PlacedRequirement } from '../core/report/scanReport.ts';
import { severityRank } from '../core/advisories/severityOrder.ts';
import type { LineState } from './lineState.ts';

export interface LinesOfFile {
  readonly uri: string;
  readonly lines: readonly LineState[];
}

/** Every requirement that is vulnerable or could not be checked, with its place; how many others there are. */
export function findingsOf(files: readonly LinesOfFile[], workspace: boolean): FindingsParams {
  const vulnerable: VulnerableRequirement[] = [];
  const failed: FailedRequirement[] = [];
  let skipped = 0;
  let pending = 0;
  let ignored = 0;
  for (const { uri, lines } of files) {
    for (const { requirement, state } of lines) {
      const place: Place = { uri, ...requirement.tokenRange.start };
      const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
      pending += state.kind === 'pending' ? 1 : 0;
      skipped += outcome?.kind === 'skipped' ? 1 : 0;
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
  }
  const requirements = files.reduce((sum, { lines }) => sum + lines.length, 0);
  return { workspace, files: files.length, requirements, skipped, pending, ignored, vulnerable, failed };
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
