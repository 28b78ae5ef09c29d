import type { Finding, VexJustification } from '../../../assessment/finding.ts';
import { isPin } from '../../../assessment/lookup.ts';
import { versRange } from '../../../packages/vers.ts';
import { plainText } from '../../../text/plainText.ts';
import { ignoredText, remedyFor } from '../../words/findingText.ts';
import type { ReportedFinding } from '../../reportedFindings.ts';
import { refOf } from './components.ts';
import { property } from './property.ts';

/**
 * One entry for each vulnerability and each decision about it. Where two lines have the same release, and only one of them
 * ignores it, it counts: no document says both.
 */
export function* vulnerabilities(reported: readonly ReportedFinding[]): Generator<object> {
  const open = new Set(reported.filter(({ finding }) => finding.ignored === undefined).map(keyOf));
  const groups = new Map<string, ReportedFinding[]>();
  for (const one of reported) {
    const { finding, verdict } = one;
    const { id, ignored } = finding;
    if (ignored !== undefined && open.has(keyOf(one))) {
      continue;
    }
    // Twins of one id may differ by package in what fixes them.
    const key = JSON.stringify([id, verdict, ignored ?? null, finding.fixedVersions, finding.severity]);
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined) {
      const nth = (used.get(first.finding.id) ?? 0) + 1;
      used.set(first.finding.id, nth);
      yield vulnerability(first, group, nth === 1 ? first.finding.id : `${first.finding.id}#${nth}`);
    }
  }
}

function keyOf({ path, requirement, finding }: ReportedFinding): string {
  return `${finding.id} ${refOf({ path, requirement })}`;
}

function vulnerability({ finding, verdict }: ReportedFinding, group: readonly ReportedFinding[], ref: string): object {
  const affected = new Map(
    group.map(({ path, requirement }) => [refOf({ path, requirement }), requirement.version] as const),
  );
  const { cwes, published, modified } = finding;
  // The nearest fix depends on the version; what is fixed where does not.
  const isOne = group.every((one) => one.finding.nearestFix === finding.nearestFix);
  const advice = new Map(
    group.flatMap(({ requirement: { raise } }) => (raise === undefined ? [] : [[raise.text, raise]])),
  );
  const [raise] = advice.size === 1 ? advice.values() : [];
  return {
    'bom-ref': ref,
    id: finding.id,
    source: { name: 'OSV', url: finding.url },
    ...(finding.aliases.length === 0
      ? {}
      : { references: finding.aliases.map((id) => ({ id, source: { name: 'OSV' } })) }),
    ratings: [rating(finding)],
    ...(cwes === undefined ? {} : { cwes: cwes.map((cwe) => Number(cwe.slice('CWE-'.length))) }),
    ...(finding.summary === '' ? {} : { description: plainText(finding.summary) }),
    recommendation: remedyFor(
      raise === undefined ? {} : { raise },
      isOne ? finding : { ...finding, nearestFix: undefined },
    ),
    advisories: [{ url: finding.url }],
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { updated: modified }),
    analysis: analysis(finding),
    affects: [...affected].map(([component, version]) => ({
      ref: component,
      ...(version === null ? rangesOf(group, component) : { versions: [{ version, status: 'affected' }] }),
    })),
    properties: [property('verdict', verdict), property('severity', finding.severity)],
  };
}

/** Which of the releases that a requirement allows are affected, as `vers` has it; else what it allows, which is not known. */
function rangesOf(group: readonly ReportedFinding[], component: string): object {
  const ranges = group
    .filter(({ path, requirement }) => refOf({ path, requirement }) === component)
    .flatMap(({ requirement: { subject }, finding: { affectedRange } }) => {
      if (affectedRange !== undefined) {
        return [{ range: affectedRange, status: 'affected' }];
      }
      const range = subject.kind === 'lookup' && !isPin(subject.lookup) ? versRange(subject.lookup.text) : undefined;
      return range === undefined ? [] : [{ range, status: 'unknown' }];
    });
  const versions = [...new Map(ranges.map((one) => [one.range, one])).values()];
  return versions.length === 0 ? {} : { versions };
}

/**
 * Nobody has looked whether a finding can be exploited, not even who ignores one: that is a decision to live with it. A VEX
 * document says that somebody has looked.
 */
function analysis(finding: Finding): object {
  const { ignored } = finding;
  if (ignored === undefined) {
    return { state: 'in_triage' };
  }
  const detail = ignoredText(finding).trim();
  switch (ignored.vex?.status) {
    case undefined:
      return { state: 'in_triage', response: ['will_not_fix'], detail };
    case 'fixed':
      return { state: 'resolved', detail };
    case 'not_affected': {
      const justification = ignored.vex.justification && justifications[ignored.vex.justification];
      return { state: 'not_affected', ...(justification === undefined ? {} : { justification }), detail };
    }
  }
}

/** Those of OpenVEX as CycloneDX calls them; for one of them it has no word. */
const justifications: Readonly<Record<VexJustification, string | undefined>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: undefined,
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

function rating({ severity, score, vector }: Finding): object {
  return {
    ...(score === null ? {} : { score }),
    // CycloneDX has no word for a malicious package.
    severity: severity === 'malicious' ? 'critical' : severity,
    method: vector === null ? 'other' : methodOf(vector),
    ...(vector === null ? {} : { vector: plainText(vector, 300) }),
  };
}

function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4.0/')) {
    return 'CVSSv4';
  }
  if (vector.startsWith('CVSS:3.1/')) {
    return 'CVSSv31';
  }
  return vector.startsWith('CVSS:3.0/') ? 'CVSSv3' : 'CVSSv2';
}
