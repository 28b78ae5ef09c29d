import { nameMatcher } from '../packages/packageName.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { isPin } from '../assessment/lookup.ts';
import type { Pin } from '../assessment/pin.ts';
import { releaseText } from '../report/words/findingText.ts';
import { plainText } from '../text/plainText.ts';
import type { Licence } from '../packages/licence.ts';
import { licencePolicy, type LicenceRules } from './licencePolicy.ts';
import type { PolicyLevel, PolicyFinding } from '../assessment/policyFinding.ts';

/** The setting: rules about licences, and for whom they do not hold. */
export interface LicenceSetting extends LicenceRules {
  /** Names of packages that the rules are not about; `*` for any run of characters. */
  readonly except?: readonly string[];
  readonly level?: PolicyLevel;
}

/** What is known of a release's licence at this moment. */
export type LicenceState =
  | { readonly kind: 'known'; readonly licence: Licence }
  /** It is being asked, or will be. */
  | { readonly kind: 'pending' }
  /** A clause for people. */
  | { readonly kind: 'unknown'; readonly why: string; readonly failed: boolean };

/** What the rules say of a requirement. A licence that is not known is said to be not known; nothing is said meanwhile. */
export function licenceRemarks(
  setting: LicenceSetting,
  name = 'pinwatch.policy.licenses',
): (requirement: PlacedRequirement, licenceOf: (pin: Pin) => LicenceState) => readonly PolicyFinding[] {
  const judge = licencePolicy(setting);
  const excepted = (setting.except ?? []).map(nameMatcher);
  return (requirement, licenceOf) => {
    const { normalizedName, subject, version } = requirement;
    if (excepted.some((matches) => matches(normalizedName))) {
      return [];
    }
    const subjectText = releaseText(requirement, version);
    const unknown = (why: string, level: PolicyLevel = 'information'): readonly PolicyFinding[] => [
      {
        code: 'license-unknown',
        level,
        message: `The licence of ${subjectText} is not known, so ${name} could not be checked: ${plainText(why, 300)}.`,
      },
    ];
    if (subject.kind === 'settled') {
      return subject.outcome.kind === 'failed' ? [] : unknown(clauseOf(subject.outcome.message));
    }
    if (!isPin(subject.lookup)) {
      return unknown('more than one version is allowed');
    }
    const state = licenceOf(subject.lookup);
    if (state.kind !== 'known') {
      return state.kind === 'pending' ? [] : unknown(state.why);
    }
    const verdict = judge(state.licence);
    switch (verdict.kind) {
      case 'allowed':
        return [];
      case 'denied': {
        const message = `The licence of ${subjectText} is not allowed by ${name}: ${verdict.licence}.`;
        return [{ code: 'policy-license', level: setting.level ?? 'warning', message, license: verdict.licence }];
      }
      case 'unknown':
        // What has to be on a list is not taken for it.
        return unknown(verdict.why, setting.allow === undefined ? 'information' : (setting.level ?? 'warning'));
    }
  };
}

function clauseOf(message: string): string {
  return message.replace(/\.$/u, '');
}
