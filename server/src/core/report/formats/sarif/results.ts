import { findingText } from '../../findingText.ts';
import { fingerprint } from '../../fingerprint.ts';
import { levelOf, policyLevel } from '../../levels.ts';
import type { ReportedPolicy } from '../../reportedFindings.ts';
import type { Finding } from '../../../assessment/finding.ts';
import { plainText } from '../../../text/plainText.ts';
import { fixOf } from './fixes.ts';
import type { NumberedFinding } from './limits.ts';
import { messageText } from './messageText.ts';
import { location } from './places.ts';

/** The results: vulnerabilities, then what the rules say. */
export function* results(
  shown: readonly NumberedFinding[],
  policies: readonly ReportedPolicy[],
  { rules, paths, hasBaseline }: Indexed,
): Generator<object> {
  for (const one of shown) {
    const { path, requirement, finding, verdict, nth } = one;
    // Neither line nor version: an alert stays the same one when its line moves or the pin changes to no avail.
    const identity = fingerprint(path, requirement.normalizedName, finding.id);
    yield {
      ruleId: finding.id,
      ruleIndex: rules.get(finding.id) ?? -1,
      kind: 'fail',
      level: levelOf(one),
      message: { text: messageText(findingText(requirement, requirement.version, finding)) },
      locations: [location(path, requirement.tokenRange, paths)],
      ...(hasBaseline ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
      ...fixOf(one, paths),
      partialFingerprints: {
        primaryLocationLineHash: `${identity}:${nth}`,
        'pinwatchFinding/v1': `${identity}:${nth}`,
      },
      // Present on all or on none.
      suppressions:
        finding.ignored === undefined
          ? []
          : [{ kind: 'external', status: 'accepted', justification: justification(finding.ignored) }],
      properties: {
        package: requirement.normalizedName,
        version: requirement.version,
        verdict,
        severity: finding.severity,
        records: finding.records,
        fixedVersions: finding.fixedVersions,
      },
    };
  }
  for (const one of policies) {
    yield policyResult(one, { rules, paths, hasBaseline });
  }
}

interface Indexed {
  readonly rules: ReadonlyMap<string, number>;
  readonly paths: ReadonlyMap<string, number>;
  readonly hasBaseline: boolean;
}

function policyResult({ path, requirement, finding }: ReportedPolicy, { rules, paths, hasBaseline }: Indexed): object {
  const identity = fingerprint(path, requirement.normalizedName, finding.code);
  const line = requirement.normalizedName === '' ? `:${requirement.range.start.line + 1}` : '';
  return {
    ruleId: finding.code,
    ruleIndex: rules.get(finding.code) ?? -1,
    kind: 'fail',
    level: policyLevel(finding),
    message: { text: messageText(plainText(finding.message)) },
    locations: [location(path, requirement.tokenRange, paths)],
    ...(hasBaseline ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
    partialFingerprints: { 'pinwatchPolicy/v1': `${identity}${line}` },
    suppressions: [],
    properties: {
      package: requirement.normalizedName,
      version: requirement.version,
      ...(finding.license === undefined ? {} : { license: finding.license }),
    },
  };
}

function justification({ reason, until }: NonNullable<Finding['ignored']>): string {
  const why = reason === '' ? 'No reason given.' : reason;
  return until === null ? why : `${why} (until ${until})`;
}
