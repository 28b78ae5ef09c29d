import type { Settings } from '../../../../protocol/settings.ts';
import type { LineBounds } from '../../core/assessment/decided/lineBounds.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { PlacedProblem, Range } from '../../core/text/position.ts';
import type { FileId } from '../fileId.ts';
import type { LineState } from './lineState.ts';
import type { LineTally } from './lineTally.ts';

export interface TrackedDocument {
  readonly uri: string;
  /** `undefined` for a file read from disk. */
  readonly languageId: string | undefined;
  readonly version: number | undefined;
}

export type DeclaredAt = Readonly<Record<string, readonly DeclaredPlace[]>>;

export interface DeclaredPlace {
  readonly location: { readonly uri: string; readonly range: Range };
  /** The package that is declared there; absent where it is the one itself. */
  readonly direct?: string;
}

/** A tracked file as it was at one moment: what it says, what is known of each line, and what is still to be asked. */
export interface FileSnapshot extends TrackedDocument {
  readonly id: FileId;
  /** Found by a search of the workspace: keeps its diagnostics when its editor is closed. */
  readonly inWorkspace: boolean;
  readonly file: Manifest;
  /** What its folder decides. */
  readonly settings: Settings;
  readonly lines: readonly LineState[];
  /** What the files say that pip reads together with it. */
  readonly limits: LineBounds | undefined;
  /** The requirements of its text, whether its lines have been shown or not. */
  readonly count: number;
  /** To be shown now. */
  readonly problems: readonly PlacedProblem[];
  readonly includedAt: readonly { readonly uri: string; readonly range: Range }[];
  /** Of a lock: where its packages are declared, by their names. */
  readonly declaredAt: DeclaredAt;
  /** What comes with its requirements counts here, as the lock that holds it is not among the files. */
  readonly countsComing: boolean;
  readonly tally: LineTally;
  /** Its lines have been shown. */
  readonly isShown: boolean;
  /** It waits for answers. */
  readonly isAsking: boolean;
  /** What is still to be asked, or to be shown for the first time, is no answer either. */
  readonly isUnderWay: boolean;
  /** Something is to be asked that is not being asked already. */
  readonly asksForMore: boolean;
  /** It is still to be read what decides its ranges. */
  readonly awaitsDecision: boolean;
  /** Something failed, or is not known yet. */
  readonly isIncomplete: boolean;
  readonly failedRuns: number;
  /** The last run asked for what was known, too, and not all of it was answered: the next one has to do the same. */
  readonly failedAgain: boolean;
}
