import type { PathChoice } from '../../core/manifests/manifestKinds.ts';
import type { SkippedPath } from '../../core/report/scanReport.ts';

/** The files of a project, as a host gives them. Paths are as the caller spells them; relative ones start at the present folder. */
export interface ProjectFiles {
  /** Absolute. */
  readonly presentFolder: string;
  /** What a path is. */
  kindOf(path: string): Promise<'file' | 'folder' | 'missing'>;
  /** The text, or why it could not be had, in words for people. */
  readFile(path: string, options?: ReadOptions): Promise<ReadFile>;
  /** Requirements files below a folder, as paths that start with it; `choice` adds files and keeps some out. */
  discover(folder: string, signal?: AbortSignal, choice?: PathChoice): Promise<DiscoveredFiles>;
  /** The packages that are installed in an environment, as a text of `installedKind`. What is none is `notRegular`. */
  installedIn(folder: string, signal: AbortSignal): Promise<ReadFile>;
  /** Puts the new text in place of the old one, whole or not at all; why it could not, in words. */
  changeFile(
    path: string,
    oldText: string,
    newText: string,
    within: readonly string[],
  ): Promise<{ readonly kind: 'changed' } | { readonly error: string }>;
}

export interface ReadOptions {
  /** The folders, links followed, in which the file must lie; without them it is one that the user named, wherever it lies. */
  readonly within?: readonly string[];
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

export type ReadFile = { readonly text: string } | UnreadFile;

export interface UnreadFile {
  /** A sentence that names the file. */
  readonly error: string;
  readonly kind: 'missing' | 'outside' | 'notRegular' | 'tooLarge' | 'unreadable' | 'timeout' | 'undecodable';
  /** What stands behind "was not read:" for people, without the file's name. */
  readonly why?: string;
}

export interface DiscoveredFiles {
  readonly paths: readonly string[];
  /** What was not looked through, in words: the search is incomplete. */
  readonly unread: readonly string[];
  /** What is not searched on purpose. */
  readonly skipped: readonly SkippedPath[];
}
