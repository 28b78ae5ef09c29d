import type { CliEnvironment, ScanArguments } from './arguments/command.ts';
import type { AdvisoryDatabases } from '../engine/offline/advisoryDatabase.ts';
import type { ConfigFiles } from '../engine/configFiles.ts';
import type { IgnoreFiles } from '../engine/ignoreFiles.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { LookUpTimes } from '../engine/operations/partsClock.ts';
import type { Log } from '../engine/ports.ts';
import type { CheckerEngine } from '../project/checkProject.ts';
import type { HealthParts } from '../project/health.ts';
import type { ProjectFiles } from '../project/reading/files.ts';

/** What the command line needs of the world; the path `-` is standard input. Tests hand in strings and fakes. */
export interface CliIo extends ProjectFiles {
  readonly version: string;
  readonly environment: CliEnvironment;
  stdout(text: string): void;
  /** A long text in its pieces; waits for a slow reader. */
  stdoutAll(pieces: Iterable<string>): Promise<void>;
  /** Standard output is a terminal that shows colours, and the user wants them. */
  readonly showsColour: boolean;
  /** Shows on a terminal what is going on, until it is called without a text; called again for each line. Shows nothing elsewhere. */
  progress(line: (() => string) | undefined): void;
  /** Resolves when standard output takes more, or nobody reads it any more (`false`): a long report waits for a slow reader. */
  stdoutReady(): Promise<boolean>;
  stderr(text: string): void;
  stdinChunks(): AsyncIterable<Uint8Array>;
  decode(bytes: Uint8Array): { readonly text: string } | { readonly error: string };
  /** The text of a file that the user named, other than a requirements file; why it could not be had, in words. */
  readText(path: string, signal: AbortSignal): Promise<{ readonly text: string } | { readonly error: string }>;
  /** The root of the repository that a path lies in. */
  repositoryOf(path: string): Promise<string | undefined>;
  /**
   * `projects`: the folders in which a stranger may have put links; none is followed out of them, nor to a file that was
   * `scanned`.
   */
  writeFile(
    path: string,
    text: string | Iterable<string>,
    projects: readonly string[],
    scanned?: readonly string[],
  ): Promise<void>;
  /** For one run. */
  readonly ignoreFiles: IgnoreFiles;
  /** For one run. */
  readonly configFiles: ConfigFiles;
  /** For one run. Paths are relative to the present folder. */
  createLockReader(log: Log): LockReader;
  readonly databases: AdvisoryDatabases;
  /** Absent where nothing is kept between runs. */
  readonly cache?: CacheFolders;
  /** `times`: counts what the engine waits for. */
  createEngine(options: ScanArguments, log: Log, times?: LookUpTimes): CliEngine | Promise<CliEngine>;
  /** The time of day, milliseconds since the epoch: for the days on which ignores end, and for stamps. */
  now(): number;
  /** Of the Node.js that runs this. */
  readonly nodeVersion: string;
  /** Milliseconds; only differences matter. */
  elapsedMs(): number;
  /** Another one each time. */
  newId(): string;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
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

export interface CliEngine extends CheckerEngine {
  /** For `pinwatch health`. */
  readonly parts: HealthParts;
  close(): Promise<void>;
}
