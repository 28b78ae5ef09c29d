import type { StepSize } from '../versions/stepSize.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import type { Assessed } from '../assessment/outcome.ts';
import type { PackageFacts } from '../assessment/packageFacts.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { ReleaseFile } from '../packages/release.ts';
import type { FilesEdit } from './fixEdit.ts';
import type { FixPolicy } from './fixPolicy.ts';
import type { FixScope } from './fixScope.ts';

/** One way to fix a requirement, as an edit or the reason why it cannot be made. */
export interface FixPlan {
  /** `exclude`: single releases are shut out of a range. `outside`: the range itself is given up. */
  readonly kind: 'nearest' | 'latest' | 'exclude' | 'outside';
  /** A version for a pin, the new specifier for a range, the versions shut out for `exclude`; for people. */
  readonly target: string;
  readonly verified: boolean;
  /** How far it is from the version that is there now; absent where that is not known. */
  readonly step?: StepSize;
  readonly requiresPython?: string;
  /** Pythons that the line is for and that cannot install it; for people. */
  readonly lostPythons?: string;
  /** Of an `outside` one: the specifier that is given up. */
  readonly outsideOf?: string;
  readonly isYoung?: true;
  /** What someone has to do before it is fixed; absent where nothing is. */
  readonly todo?: Todo;
  readonly edit: FilesEdit;
}

export interface Todo {
  readonly kind: 'compile' | 'lock' | 'install';
  /** One sentence for people, with the command where it is known. */
  readonly text: string;
}

/** The ways to fix a requirement, or why there is none. */
export type FixPlans =
  | { readonly kind: 'plans'; readonly plans: readonly [FixPlan, ...FixPlan[]] }
  | {
      readonly kind: 'none';
      /** One sentence for people. */
      readonly reason: string;
      /** The step out of the range, for a person to decide on. */
      readonly outside?: FixPlan;
    };

/** A requirement that is, or may be, vulnerable. */
export interface FixSubject {
  readonly source: string;
  readonly requirement: PlacedRequirement;
  readonly outcome: Assessed;
}

/** What plans are made from. */
export interface FixContext {
  readonly scope: FixScope;
  /** All that is known of a package; `undefined` where it is not at hand. */
  readonly factsOf: (name: PackageName) => PackageFacts | undefined;
  /** What a package index knows of the files of a release; `undefined` where it was not asked or does not say. */
  readonly filesOf: (name: PackageName, version: string) => readonly ReleaseFile[] | undefined;
  readonly policy: FixPolicy;
}

export function none(reason: string, outside?: FixPlan): FixPlans {
  return { kind: 'none', reason, ...(outside === undefined ? {} : { outside }) };
}

export function plans(all: readonly [FixPlan, ...FixPlan[]]): FixPlans {
  return { kind: 'plans', plans: all };
}
