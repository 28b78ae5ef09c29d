import type { Bundle } from '../core/words/translatedWords.ts';
import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { ReportSource } from '../core/report/reportSource.ts';
import type { FetchParams } from '../../../protocol/messages/fetch.ts';
import type { NetworkParams } from '../../../protocol/messages/network.ts';
import type { EngineSettings } from '../../../protocol/settings.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { FileId } from '../project/fileId.ts';
import type { UnreadFile } from '../project/reading/files.ts';
import type { ImportOptions, ImportSummary } from '../engine/offline/advisoryDatabase.ts';
import type { CacheTier } from '../engine/store/cacheTier.ts';
import type { MemoryFigures } from '../engine/store/memoryPressure.ts';
import type { NeedsLibrary } from '../engine/index/needsLibrary.ts';
import type { ProjectLibrary } from '../engine/index/projectLibrary.ts';
import type { LicenceLibrary } from '../engine/index/licenceLibrary.ts';
import type { PackageIndex } from '../engine/index/packageIndex.ts';
import type { LookUpPart, PartsClock } from '../engine/operations/partsClock.ts';
import type { RequestRecord } from '../engine/operations/requestRecord.ts';
import type { PendingLookups } from '../engine/offline/pendingLookups.ts';
import type { SourceHealth } from '../engine/ports.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { Clock, KeptText, Log, MonitoringPages, ScanScope, ServedPages, SourceCounters } from '../engine/ports.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';

/** What the shell needs of the world, handed in once. Two servers in one process share nothing else. */
export interface Environment {
  readonly version: string;
  readonly nodeVersion: string;
  /** By their tags: "de". English needs none. */
  readonly languages: ReadonlyMap<string, Bundle>;
  readonly clock: Clock;
  /** For the lines of the log: text for people, or JSON as the command line writes it. */
  readonly logFormat: 'text' | 'json';
  readonly scans: ScanScope;
  /** Another one each time. */
  newId(): string;
  readonly timers: Timers;
  /** Builds the engine for these settings; called again when a setting that concerns it changes. */
  createEngine(settings: EngineSettings, log: Log, access: ClientAccess): Engine;
  /** Returns memory that is not needed to the system; takes about a tenth of a second. */
  giveBackMemory(): void;
  /** How much of V8's heap is in use, and how much of it there may be. */
  memoryFigures(): MemoryFigures;
  /** Offers pages at `http://127.0.0.1:PORT`; port 0 is any that is free. Rejects where the port cannot be had. */
  serveMetrics(port: number, pages: MonitoringPages): Promise<ServedPages>;
  /**
   * Changes the local advisory database, off the event loop. Rejects with a message for people, or with the signal's
   * reason; nothing is half-done then.
   */
  changeDatabase(
    change: DatabaseWish,
    settings: EngineSettings,
    access: ClientAccess,
    options: ImportOptions,
  ): Promise<ImportSummary>;
  readonly files: Files;
  /** A reader of ignore files as they are now; each is read once. */
  createIgnoreReader(): IgnoreReader;
  /** For one reading. */
  createConfigReader(): ConfigReader;
  /** Where statistics outlive the session; absent where nothing is kept. */
  statisticsFile(access: ClientAccess): KeptText | undefined;
  processFigures(): ProcessFigures;
  /** Every request that leaves this process, as far as its engines make them. */
  readonly requests: RequestRecord;
  /** What its engines have waited for. */
  readonly times: Pick<PartsClock<LookUpPart>, 'spentMs'>;
}

export interface ProcessFigures {
  readonly rssBytes: number;
  readonly uptimeSeconds: number;
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** How late the event loop was; measured only while the pages are served, since it costs time when nothing happens. */
  readonly loopDelay?: { readonly p50Seconds: number; readonly p99Seconds: number; readonly maxSeconds: number };
}

/** What the user wants of the local advisory database. */
export type DatabaseWish = { readonly kind: 'update' } | { readonly kind: 'import'; readonly uri: string };

export interface Engine {
  readonly scanner: Scanner;
  /** The package index that fixes are checked against; absent where nobody is to be asked. */
  readonly index?: PackageIndex | undefined;
  /** What the package index says of licences; absent where nobody is to be asked. */
  readonly licences?: LicenceLibrary | undefined;
  /** What releases ask for; absent where nobody is to be asked. */
  readonly needs?: NeedsLibrary | undefined;
  /** What it says of projects; absent where nobody is to be asked. */
  readonly projects?: ProjectLibrary | undefined;
  /** Storage behind the scanner's memory. */
  readonly tiers: ReadonlyMap<'disk' | 'redis', CacheTier>;
  /** Where scans of files that are not open keep what they have still to ask; absent where nothing is kept on disk. */
  readonly pending: PendingLookups | undefined;
  readonly counters: SourceCounters;
  readonly health: SourceHealth;
  /** Of the package index; absent where nobody is to be asked. */
  readonly indexHealth?: SourceHealth | undefined;
  /** The local advisory database, where it is asked: alone, or where the service does not answer. */
  readonly database?: { readonly health: SourceHealth; dataAgeSeconds(): number | undefined } | undefined;
  /** Whether requests are held back because the service does not work. */
  readonly circuit: 'closed' | 'open' | 'halfOpen';
  /** The same of the package index; absent where nobody is to be asked. */
  readonly indexCircuit?: 'closed' | 'open' | undefined;
  /** A person asks to try at once, whatever went wrong before. */
  reset(): void;
  /** Opens the connection that the next request will use, and sends nothing over it. */
  preconnect(): void;
  /** The user's proxy or trust has changed; nothing that is known is lost. */
  useNetwork(params: NetworkParams): void;
  /** Who answers. */
  describe(): ReportSource;
  close(): Promise<void>;
}

/** What the client says of the network and of storage, and the client's own network. */
export interface ClientAccess {
  readonly params: NetworkParams;
  /** Present where the client sends requests for us. Resolves with its answer, undecoded. */
  readonly ask?: (params: FetchParams, signal: AbortSignal) => Promise<unknown>;
  /** Folders for what can be fetched again: the workspace's own, and one for all of them. */
  readonly storagePath?: string | undefined;
  readonly globalStoragePath?: string | undefined;
}

export interface Timers {
  /** Returns a function that cancels the call. A waiting timer does not keep the process alive. */
  after(delayMs: number, call: () => void): () => void;
  /** Calls once what has come from the client by now has had its turn. */
  nextTurn(call: () => void): void;
}

export interface IgnoreReader {
  /** The ignore files that hold for a requirements file, as far up as one of these folders. The same file gives the same list. */
  nearest(file: FileId, folders: readonly FileId[]): Promise<readonly SourcedIgnores[]>;
}

export interface ConfigReader {
  /** What a project says about itself, at this folder or above it; each file is read once. */
  nearest(folder: FileId): Promise<ProjectConfig | undefined>;
}

export interface SourcedIgnores {
  readonly uri: string;
  readonly list: IgnoreList;
}

/** Requirement files on disk. Nothing here throws for an address that is no path: such a file is nowhere. */
export interface Files {
  /**
   * The text of a regular file, or why it could not be had, in words for people. It must lie below one of the folders, links
   * followed; without folders it is one that the user named, wherever it lies.
   */
  read(
    file: FileId,
    folders?: readonly FileId[],
  ): Promise<{ readonly text: string } | (Partial<UnreadFile> & Pick<UnreadFile, 'error'>)>;
  /** Where the file, links followed, lies with respect to these folders; `unclear` where only reading it says what is wrong. */
  whereIs(file: FileId, folders: readonly FileId[]): Promise<'inside' | 'outside' | 'missing' | 'unclear'>;
  /** Requirement files below a folder; in words, what was not looked through; what is not searched on purpose. */
  discover(
    folder: FileId,
    options: { readonly include: readonly string[]; readonly exclude: readonly string[]; readonly signal: AbortSignal },
  ): Promise<{
    readonly uris: readonly string[];
    readonly unread: readonly string[];
    readonly skipped?: readonly { readonly uri: string; readonly reason: string }[];
  }>;
  /** Finds what decides versions, by URI. What is not on this machine's disk has nothing. */
  createLockReader(log: Log): LockReader;
}
