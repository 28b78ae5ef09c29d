import { maskSecrets } from '../text/maskSecrets.ts';
import { oneLine, truncate } from '../advisories/plainText.ts';
import type { TextChange } from '../manifests/pip/edit/applyEdits.ts';
import type { RequirementsFile } from '../manifests/pip/model.ts';

/** What a fix does to a file, or why it does nothing. */
export type FixEdit =
  | {
      readonly kind: 'edit';
      /**
       * In offsets of the text as it is, the last place first: so they may be applied one after another as well as all
       * at once.
       */
      readonly changes: readonly TextChange[];
    }
  | Disabled;

/** The same over several files. */
export type FilesEdit = { readonly kind: 'edit'; readonly edits: readonly SourcedEdit[] } | Disabled;

export interface SourcedEdit {
  readonly source: string;
  /** The item that is changed. */
  readonly index: number;
  /** As in `FixEdit`. */
  readonly changes: readonly TextChange[];
}

export interface SourcedFile {
  /** The file's path or URI, one way throughout. */
  readonly source: string;
  readonly file: RequirementsFile;
}

export interface SourcedItem extends SourcedFile {
  readonly index: number;
}

export interface Disabled {
  readonly kind: 'disabled';
  /** One sentence for people; names the package. */
  readonly reason: string;
  /** The digests of the release's files are all that is missing. */
  readonly wantsFiles?: true;
}

export function disabled(reason: string): Disabled {
  return { kind: 'disabled', reason };
}

/** The changes of several edits of one file as one. No two of them may touch the same item. */
export function lastFirst(changes: readonly TextChange[]): readonly TextChange[] {
  return [...changes].sort((a, b) => b.start - a.start);
}

/** Part of a line for a sentence: bounded, in quotes, without what could disguise it. */
export function quoted(text: string): string {
  return `"${truncate(oneLine(maskSecrets(text)), 60)}"`;
}

/** The name of a package for a sentence; bounded, as a file may hold any length. */
export function shown(name: { readonly text: string }): string {
  return truncate(name.text, 60);
}
