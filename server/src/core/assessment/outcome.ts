import type { FixAdvice } from './advice/fixAdvice.ts';
import type { Finding } from './finding.ts';

/** What became of one requirement. There is no fourth way out, and none of them is "empty". */
export type Outcome = Assessed | Skipped | Failed;

export interface Assessed {
  readonly kind: 'assessed';
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Where to go from here; absent where nothing is wrong, or where not enough is known of the package. */
  readonly fix?: FixAdvice;
  /** When the service gave the answer, milliseconds since the epoch. */
  readonly checkedAt: number;
  /** The local advisory database answered, since the service could not. */
  readonly local?: LocalBasis;
  /** The answer broke off: what was named by then is here, and there may be more. Why, for people. */
  readonly brokenOff?: string;
}

export interface LocalBasis {
  /** Whole seconds; `undefined` where it is not known how old the data are. */
  readonly dataAgeSeconds: number | undefined;
  /** Why the service was not the one to answer; for people. */
  readonly because: string;
}

export interface Skipped {
  readonly kind: 'skipped';
  readonly reason: SkipReason;
  /** For people; names the package or the text it is about. */
  readonly message: string;
}

export interface Failed {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  readonly message: string;
  /** What was known before the look-up failed. It is shown as out of date, never as the present truth. */
  readonly lastKnown?: Assessed;
}

/** Not all is known that should be: details of a finding, what would be safe, or what the service itself says. */
export function isIncomplete({ findings, fix, local, brokenOff }: Assessed): boolean {
  if (local !== undefined || brokenOff !== undefined) {
    return true;
  }
  return findings.length > 0 && (fix === undefined || findings.some(({ missingDetails }) => missingDetails.length > 0));
}

export type Verdict = 'clean' | 'vulnerable' | 'possiblyVulnerable';

export type SkipReason =
  | 'contradictory' // no version can fulfil it
  | 'notPep440' // `===` with text that is no version
  | 'url' // a direct reference or VCS URL
  | 'path' // a local file or folder
  | 'editable'
  | 'dynamic' // only a run of a program knows it
  | 'conda' // a package of conda, of which OSV knows nothing
  | 'private' // the user's settings keep this name from being sent
  | 'tooLong'; // beyond what we read of one file

export type FailureReason =
  | 'timeout'
  | 'rateLimited'
  | 'offline' // nobody answered: refused, reset, name not found
  | 'serverError' // 5xx
  | 'badResponse' // an answer that is not what OSV promises
  | 'invalid' // the line itself cannot be read
  | 'settings' // they are not known, or unusable: whom to ask and what is private hang on them
  | 'cancelled' // by the user
  | 'internal'; // our own error
