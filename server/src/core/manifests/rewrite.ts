import type { ReleaseFile } from '../packages/release.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import { oneLine, truncate } from '../text/outsideText.ts';
import type { Version } from '../versions/version.ts';

/** What a requirement is to ask for instead. */
export type Rewrite = PinRewrite | RangeChange | ReplaceRewrite;

/** Everything that the specifier says is given up for a floor. */
export interface ReplaceRewrite {
  readonly kind: 'replace';
  readonly floor: string;
}

export interface PinRewrite {
  readonly kind: 'pin';
  readonly version: Version;
  /** The files of that release, where they are known: an entry with hashes needs theirs. */
  readonly files?: readonly ReleaseFile[] | undefined;
}

export type RangeChange =
  /** Allow nothing below this version. */
  | { readonly kind: 'floor'; readonly version: string }
  | { readonly kind: 'exclude'; readonly versions: readonly string[] }
  /**
   * Nothing that the specifier allows is known to be safe, or nothing above what is vulnerable: then `highestSafe` is the
   * highest version below that.
   */
  | { readonly kind: 'none'; readonly highestSafe?: string };

/** Replaces the text between two offsets. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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

/** The changes of several edits of one file as one. No two of them may touch the same entry. */
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
