export type PolicyLevel = 'error' | 'warning' | 'information' | 'hint';

/** What the user's own rules say of a requirement. It changes no verdict: a package may be safe and unwanted. */
export interface PolicyFinding {
  readonly code: PolicyCode;
  readonly level: PolicyLevel;
  /** Plain text that stands on its own. */
  readonly message: string;
  /** What the release says of its licence, where that is what the rule is about. */
  readonly license?: string;
  /** The baseline has it already. */
  readonly known?: true;
}

export type PolicyCode = keyof typeof policyCodes;

/** Every kind of finding by rules, with what it is about. */
export const policyCodes = {
  'policy-package': 'A package that the rules on packages do not allow.',
  'policy-license': 'A licence that the rules on licences do not allow.',
  'license-unknown': 'A licence that is not known, so that the rules on licences could not be checked.',
  'policy-yanked': 'A release that was withdrawn from the package index (PEP 592).',
  'policy-archived': 'A project whose authors have ended it (PEP 792).',
  'policy-quarantined': 'A project that the package index holds back as possibly malicious (PEP 792).',
  'policy-release-age': 'A release that is younger than the rules allow.',
  'release-unknown': 'A release of which the package index says too little to check the rules.',
} as const;
