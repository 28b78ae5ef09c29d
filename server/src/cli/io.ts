import type { ReportSource } from '../core/report/scanReport.ts';
import type { AdvisoryDatabases } from '../scan/advisoryDatabase.ts';
import type { Log, SourceCounters } from '../scan/ports.ts';
import type { Scanner } from '../scan/scanner.ts';
import type { ScanArguments } from './args.ts';

/** What the command line needs of the world. Tests hand in strings and fakes. */
export interface CliIo {
  readonly version: string;
  stdout(text: string): void;
  stderr(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** What a path is; relative paths are those of the present folder. */
  kindOf(path: string): Promise<'file' | 'folder' | 'missing'>;
  /** The text, or why it could not be had, in words for people. */
  readFile(path: string): Promise<{ readonly text: string } | { readonly error: string }>;
  decode(bytes: Uint8Array): { readonly text: string } | { readonly error: string };
  writeFile(path: string, text: string): Promise<void>;
  /** Requirement files below a folder, as paths that start with it. */
  discover(folder: string): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }>;
  readonly databases: AdvisoryDatabases;
  createEngine(options: ScanArguments, log: Log): CliEngine;
  /** Milliseconds; only differences matter. */
  elapsedMs(): number;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

export interface CliEngine {
  readonly scanner: Scanner;
  readonly counters: SourceCounters;
  /** Who answers, for the report. */
  readonly source: ReportSource;
  close(): Promise<void>;
}
