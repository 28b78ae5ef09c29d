import type { ReportSource, SkippedPath } from '../core/report/scanReport.ts';
import type { AdvisoryDatabases } from '../engine/offline/advisoryDatabase.ts';
import type { IgnoreFiles } from '../engine/ignoreFiles.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { PackageIndex } from '../engine/index/packageIndex.ts';
import type { Log, SourceCounters } from '../engine/ports.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import type { CliEnvironment, ScanArguments } from './args.ts';

/** What the command line needs of the world. Tests hand in strings and fakes. */
export interface CliIo {
  readonly version: string;
  readonly environment: CliEnvironment;
  /** Absolute: what relative paths start from. */
  readonly presentFolder: string;
  stdout(text: string): void;
  /** Resolves when standard output takes more, or nobody reads it any more (`false`): a long report waits for a slow reader. */
  stdoutReady(): Promise<boolean>;
  stderr(text: string): void;
  stdinChunks(): AsyncIterable<Uint8Array>;
  /** What a path is; relative paths are those of the present folder. */
  kindOf(path: string): Promise<'file' | 'folder' | 'missing'>;
  /** The text, or why it could not be had, in words for people. `-` is standard input. */
  readFile(path: string, options?: ReadOptions): Promise<ReadFile>;
  decode(bytes: Uint8Array): { readonly text: string } | { readonly error: string };
  /** `projects`: the folders in which a stranger may have put links; none is followed out of them. */
  writeFile(path: string, text: string | Iterable<string>, projects: readonly string[]): Promise<void>;
  /** Puts the new text in place of the old one, whole or not at all; why it could not, in words. */
  changeFile(
    path: string,
    oldText: string,
    newText: string,
    within: readonly string[],
  ): Promise<{ readonly kind: 'changed' } | { readonly error: string }>;
  /**
   * Requirement files below a folder, as paths that start with it; in words, what was not looked through; what is not
   * searched on purpose.
   */
  discover(folder: string, signal?: AbortSignal): Promise<FoundFiles>;
  /** For one run. */
  readonly ignoreFiles: IgnoreFiles;
  /** For one run. Paths are relative to the present folder. */
  createLockReader(log: Log): LockReader;
  readonly databases: AdvisoryDatabases;
  /** Absent where nothing is kept between runs. */
  readonly cache?: CacheFolders;
  createEngine(options: ScanArguments, log: Log): CliEngine | Promise<CliEngine>;
  /** The time of day, milliseconds since the epoch: for the days on which ignores end, and for stamps. */
  now(): number;
  /** Milliseconds; only differences matter. */
  elapsedMs(): number;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

export interface ReadOptions {
  /** The folders, links followed, in which the file must lie; without them it is one that the user named, wherever it lies. */
  readonly within?: readonly string[];
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

export type ReadFile =
  | { readonly text: string }
  | {
      readonly error: string;
      readonly kind: 'missing' | 'outside' | 'notRegular' | 'tooLarge' | 'unreadable' | 'timeout' | 'undecodable';
    };

export interface FoundFiles {
  readonly paths: readonly string[];
  readonly unread: readonly string[];
  readonly skipped: readonly SkippedPath[];
}

/** What is kept between runs, by folder. A folder without a cache has no entries. */
export interface CacheFolders {
  stats(folder: string): Promise<CacheFolderFigures>;
  /** Forgets everything; the figures say how much that was. */
  clear(folder: string): Promise<CacheFolderFigures>;
}

export interface CacheFolderFigures {
  readonly entries: number;
  readonly bytes: number;
  /** Entries that are not believed: kept without the key that is set now, with one where none is set, or damaged. */
  readonly rejected: number;
  /** For people; `undefined` while it works. */
  readonly trouble: string | undefined;
}

export interface CliEngine {
  readonly scanner: Scanner;
  /** Absent where nobody is to be asked. */
  readonly index: PackageIndex | undefined;
  readonly counters: SourceCounters;
  /** Who answers, for the report. */
  readonly source: ReportSource;
  close(): Promise<void>;
}
