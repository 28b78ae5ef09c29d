import type { Outcome } from '../../../core/assessment/outcome.ts';
import type { TextChange } from './editText.ts';
import type { FileId } from '../../fileId.ts';
import type { Opening } from './opening.ts';
import type { UnreadFile } from '../../reading/files.ts';
import type { UnreadInclude } from '../../reading/unreadInclude.ts';
import type { SettingsSnapshot } from '../settingsSnapshot.ts';

/** What a file on disk says, or why it could not be had, in words for people. */
export type ReadText = { readonly text: string } | (Partial<UnreadFile> & Pick<UnreadFile, 'error'>);

/** A folder that a search left out on purpose. */
export interface SkippedFolder {
  readonly uri: string;
  readonly reason: string;
}

/** Something that has happened, as data. The one who hears of it applies it to the workspace, and does nothing else about it. */
export type Change =
  // Documents of the editor.
  | {
      readonly kind: 'opened';
      readonly uri: string;
      readonly languageId: string;
      readonly version: number;
      readonly text: string;
      /** The same document, read already. */
      readonly ahead?: Opening;
    }
  /** Without a version it is the one after the last. `waits`: others follow at once; once none does, `workedOut` is applied. */
  | {
      readonly kind: 'edited';
      readonly file: FileId;
      readonly version: number | undefined;
      readonly changes: readonly TextChange[];
      readonly waits?: boolean;
    }
  /** What edits that waited come to together. */
  | { readonly kind: 'workedOut'; readonly file: FileId }
  /** The editor's text is not known any more, until the document is opened again or comes whole. */
  | { readonly kind: 'lost'; readonly file: FileId }
  | { readonly kind: 'typingPaused'; readonly file: FileId }
  | { readonly kind: 'closed'; readonly uri: string }
  // The disk.
  /** A file that the user named, that a search found, that others include, or whose editor was closed. */
  | {
      readonly kind: 'read';
      readonly file: FileId;
      readonly why: 'named' | 'found' | 'included' | 'closed';
      readonly read: ReadText;
    }
  /** Read once more; `edition` is that of the file when the reading began. */
  | { readonly kind: 'readAgain'; readonly file: FileId; readonly edition: number; readonly read: ReadText }
  /** An included file is not read. */
  | { readonly kind: 'notRead'; readonly file: FileId; readonly unread: UnreadInclude }
  /** What could not be read may be readable now: at or below these places, or anywhere. */
  | { readonly kind: 'mayBeReadable'; readonly places: readonly FileId[] | undefined }
  /** A search of the workspace folders begins; `searched` follows. */
  | { readonly kind: 'searching' }
  /**
   * The workspace folders have been searched, and what was found has been read. `since`: the last edition when the search
   * began. One that is not complete says nothing of what it did not find.
   */
  | {
      readonly kind: 'searched';
      readonly since: number;
      readonly found: ReadonlySet<FileId>;
      readonly unsearched: readonly string[];
      readonly skipped: readonly SkippedFolder[];
      readonly isComplete: boolean;
    }
  // The window.
  | { readonly kind: 'folders'; readonly folders: readonly FileId[] }
  /** `forgets`: others answer from here on, so that what was answered counts no longer. */
  | { readonly kind: 'settings'; readonly settings: SettingsSnapshot; readonly forgets: boolean }
  /** What is ignored, or known of licences, is something else, and nothing besides: of the files in one folder, or of all. */
  | { readonly kind: 'marksChanged'; readonly folder?: FileId }
  /** Others answer from here on. */
  | { readonly kind: 'forgotten' }
  // What files say of each other.
  /** Includes and locks have been read as far as they are known; `taken` are files that were read for it, `also` others to look at. */
  | { readonly kind: 'linked'; readonly taken: readonly FileId[]; readonly also: readonly FileId[] }
  // Look-ups.
  | { readonly kind: 'asking'; readonly files: readonly FileId[]; readonly keys: ReadonlySet<string> }
  /** Some answers are there, while others are still to come. */
  | { readonly kind: 'progressed'; readonly files: readonly FileId[] }
  /** By `lookupKey`; `undefined` where nobody waits for the answers any more. `again`: known ones were asked for, too. */
  | {
      readonly kind: 'answered';
      readonly files: readonly FileId[];
      readonly outcomes: ReadonlyMap<string, Outcome> | undefined;
      readonly again: boolean;
    };

/** The changes of one kind. */
export type ChangeOf<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;

/** What is to be done about a change. The one who applies it need not think of any of it: each list has one taker. */
export interface Delta {
  /**
   * A file whose text has another version and says what it said: a comment, or blank space. Then there is nothing else to do but
   * to say which version it is that the same lines are about.
   */
  readonly sameAgain?: { readonly file: FileId; readonly version: number };
  /**
   * An edit about which nothing is to be done yet: before the pause where its text takes long to read, before `workedOut` where
   * others follow it at once.
   */
  readonly later?: 'pause' | 'turn';
  /** Files whose diagnostics are to be sent, with what is known this instant. */
  readonly show: readonly FileId[];
  /** Addresses under which nothing is shown any more. */
  readonly clear: readonly string[];
  /** What lines say has changed without an edit, so that the editor has to ask for its lenses and hints again. */
  readonly redraw: boolean;
  /** Files that wait for nothing any more: no answers, no pause. */
  readonly stop: readonly FileId[];
  /** Files that have something to be asked. */
  readonly ask: readonly FileId[];
  /** Files that are looked at once nobody has typed in them for a while. */
  readonly pause: readonly FileId[];
  /** Files to be read from disk. */
  readonly read: readonly FileId[];
  /** Files whose text was taken from disk. */
  readonly taken: readonly FileId[];
  /** What files say of each other may be something else. */
  readonly link: boolean;
}

export const noDelta: Delta = Object.freeze({
  show: [],
  clear: [],
  redraw: false,
  stop: [],
  ask: [],
  pause: [],
  read: [],
  taken: [],
  link: false,
});
