import { findingText } from '../../words/findingText.ts';
import { fingerprint } from '../../fingerprint.ts';
import { levelOf, policyLevel } from '../../levels.ts';
import type { ReportedFinding, ReportedPolicy } from '../../reportedFindings.ts';
import { isOpen } from '../../scanReport.ts';
import type { Finding } from '../../../assessment/finding.ts';
import { plainText } from '../../../text/plainText.ts';
import { fixOf } from './fixes.ts';
import { loudness, type NumberedFinding } from './limits.ts';
import { messageText } from './messageText.ts';
import { location } from './places.ts';

/** The results, the worst first: vulnerabilities, and behind those that are as bad what the rules say. */
export function* results(
  shown: readonly NumberedFinding[],
  policies: readonly ReportedPolicy[],
  indexed: Indexed,
): Generator<object> {
  const counts = new Map<string, number>();
  let at = 0;
  const policiesAbove = function* (least: number): Generator<object> {
    for (let next = policies[at]; next !== undefined && policyWeight(next) > least; next = policies[++at]) {
      yield policyResult(next, indexed, counts);
    }
  };
  for (const one of shown) {
    yield* policiesAbove(weight(one));
    yield findingResult(one, indexed);
  }
  yield* policiesAbove(-1);
}

/** How a vulnerability and a rule compare: what does not count is last. */
function weight({ finding }: ReportedFinding): number {
  return isOpen(finding) ? loudness[levelOf({ finding, verdict: 'vulnerable' })] + 1 : 0;
}

function policyWeight({ finding }: ReportedPolicy): number {
  return finding.known === true ? 0 : loudness[policyLevel(finding)] + 1;
}

interface Indexed {
  readonly rules: ReadonlyMap<string, number>;
  readonly paths: ReadonlyMap<string, number>;
  readonly hasBaseline: boolean;
}

function findingResult(one: NumberedFinding, { rules, paths, hasBaseline }: Indexed): object {
  const { path, requirement, finding, verdict, nth } = one;
  // Neither line nor version: an alert stays the same one when its line moves or the pin changes to no avail.
  const identity = fingerprint(path, requirement.normalizedName, finding.id);
  return {
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
      ...(requirement.raise === undefined ? {} : { advice: plainText(requirement.raise.text, 1000) }),
    },
  };
}

function policyResult(
  { path, requirement, finding }: ReportedPolicy,
  { rules, paths, hasBaseline }: Indexed,
  counts: Map<string, number>,
): object {
  const line = requirement.normalizedName === '' ? `:${requirement.range.start.line + 1}` : '';
  const identity = `${fingerprint(path, requirement.normalizedName, finding.code)}${line}`;
  const nth = (counts.get(identity) ?? 0) + 1;
  counts.set(identity, nth);
  return {
    ruleId: finding.code,
    ruleIndex: rules.get(finding.code) ?? -1,
    kind: 'fail',
    level: policyLevel(finding),
    message: { text: messageText(plainText(finding.message)) },
    locations: [location(path, requirement.tokenRange, paths)],
    ...(hasBaseline ? { baselineState: finding.known === true ? 'unchanged' : 'new' } : {}),
    partialFingerprints: {
      primaryLocationLineHash: `${identity}:${nth}`,
      'pinwatchPolicy/v1': nth === 1 ? identity : `${identity}:${nth}`,
    },
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
