import type { Range } from '../text/position.ts';
import type { Clause } from '../versions/clause.ts';
import type { Licence } from '../packages/licence.ts';
import type { HeldVersions, OutOfDate } from './assessmentTarget.ts';
import type { DecidedBy } from './decided/decidedVersions.ts';
import type { Lookup } from './lookup.ts';
import type { RequiredBy } from './requiredBy.ts';
import type { PolicyFinding } from './policyFinding.ts';
import type { RaiseAdvice } from './advice/raise.ts';
import type { Within } from './advice/within.ts';
import type { Skipped, Failed, Outcome } from './outcome.ts';

/** One requirement of a file, placed, and what is to be done with it. */
export interface PlacedRequirement {
  /** As written; the whole line's text where there is no name. */
  readonly name: string;
  readonly normalizedName: string;
  /** The whole requirement, from its name (or URL, path) to its end; without the comment. */
  readonly range: Range;
  /** Where a finding is drawn: the version token, or the name where there is none. */
  readonly tokenRange: Range;
  readonly nameRange: Range;
  /** Normalized; absent where there are none. */
  readonly extras?: readonly string[];
  /** As written, empty where there is none. */
  readonly specifier: string;
  /** The exact version assessed, as written; `null` where there is none. */
  readonly version: string | null;
  /** What decides the version, where the line itself does not. */
  readonly decidedBy?: DecidedBy;
  /** What the specifier means in PEP 440's terms, where something else decides the version. */
  readonly limit?: readonly Clause[];
  /** A lock that would decide the version, if the line allowed it. */
  readonly outOfDate?: OutOfDate;
  /** A lock that has several versions which it allows. */
  readonly oneOf?: HeldVersions;
  /** Absent where nothing does. */
  readonly within?: Within;
  /** The part of the file that it is in: `dependencies`, `group:dev`, `lock` …; absent where the format has none. */
  readonly scope?: string;
  /** Why it is there, of a package of a lock or a compiled file. */
  readonly requiredBy?: RequiredBy;
  /** Where else it stands, of what is declared in one file and locked in another. */
  readonly places?: readonly OtherPlace[];
  readonly subject: Subject;
}

export interface OtherPlace {
  readonly path: string;
  readonly range: Range;
}

/** Either something to ask about, or an outcome that no look-up can change. */
export type Subject =
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'settled'; readonly outcome: Skipped | Failed };

export interface AssessedRequirement extends PlacedRequirement {
  readonly outcome: Outcome;
  /** What the user's rules say; absent where they say nothing. */
  readonly policy?: readonly PolicyFinding[];
  /** What its release says of its licence; absent where nobody asked or nothing is known. */
  readonly licence?: Licence;
  /** What to raise for it, where it comes with others and is vulnerable; absent where that is not asked. */
  readonly raise?: RaiseAdvice;
}
