export type PolicyLevel = 'error' | 'warning' | 'information' | 'hint';

/** What the user's own rules say of a requirement. It changes no verdict: a package may be safe and unwanted. */
export interface PolicyRemark {
  readonly code: 'policy-package' | 'policy-license' | 'license-unknown';
  readonly level: PolicyLevel;
  /** Plain text that stands on its own. */
  readonly message: string;
}
