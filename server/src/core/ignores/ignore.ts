import type { PlacedProblem, Range } from '../text/position.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { VexStatement } from '../assessment/finding.ts';
import type { Until } from './until.ts';

/** Someone's decision to live with a finding. It marks the finding; it never hides it. */
export interface Ignore {
  /** An id of the finding: shown, alias or record. `undefined` stands for every finding of the package. */
  readonly id: string | undefined;
  readonly package: PackageName | undefined;
  /** Besides, for names that fit a pattern; every name where absent. */
  readonly fitsPackage?: (name: string) => boolean;
  /** Besides, for what is in this group of its project; in every one where absent. */
  readonly group?: string;
  /** As written; compared as a version. */
  readonly version: string | undefined;
  /** One line of plain text from outside; empty where none is given. */
  readonly reason: string;
  readonly until: Until | undefined;
  /** Where a VEX document is what says so. */
  readonly vex?: VexStatement;
  /** Holds only while no fixed version is known. */
  readonly onlyWhileUnfixed: boolean;
  /** Its place in the file; `undefined` for one from the settings. */
  readonly range: Range | undefined;
}

/** What is to be taken for the licence of a package. */
export interface LicenceOverride {
  readonly fits: (name: string, version: string) => boolean;
  /** For what is in this group of its project only (`fileGroup`). */
  readonly group?: string;
  /** SPDX, all of which apply; `undefined` for a package that the rules on licences are not about. */
  readonly expression: string | undefined;
  readonly until: Until | undefined;
}

/** What one file (or the settings) says is ignored, and what is wrong with it. */
export interface IgnoreList {
  /** `undefined` for the settings. */
  readonly path: string | undefined;
  readonly ignores: readonly Ignore[];
  readonly problems: readonly PlacedProblem[];
  /** What is to be taken for the licence of packages, for the rules on licences. */
  readonly licences?: readonly LicenceOverride[];
  /** Nothing of it could be read; nothing is ignored by it. */
  readonly isBroken: boolean;
  /** The disk refused it, so that nobody knows what it says; a report without it is incomplete. */
  readonly isUnread?: true;
}
