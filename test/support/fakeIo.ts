import type { ScanArguments } from '../../server/src/cli/arguments/command.ts';
import type { ReportSource } from '../../server/src/core/report/reportSource.ts';
import { relative, resolve } from 'node:path/posix';
import type { CacheFolders, CliEngine, CliIo } from '../../server/src/cli/io.ts';
import type { DiscoveredFiles, ReadFile, ReadOptions } from '../../server/src/project/reading/files.ts';
import { createAdvisoryDatabases } from '../../server/src/hosts/node/database/advisoryDatabases.ts';
import { decodeRequirementFile } from '../../server/src/hosts/node/files/readRequirementFile.ts';
import { createConfigFiles } from '../../server/src/hosts/node/config/configFiles.ts';
import { createIgnoreFiles } from '../../server/src/hosts/node/config/ignoreFiles.ts';
import type { SkippedPath } from '../../server/src/core/report/scanReport.ts';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import type { LockReader, ProjectPython } from '../../server/src/engine/lockReader.ts';
import { scannerOver } from './scannerOver.ts';
import type { AdvisoryDatabases } from '../../server/src/engine/offline/advisoryDatabase.ts';
import type { PackageIndex } from '../../server/src/engine/index/packageIndex.ts';
import type { LicenceLibrary } from '../../server/src/engine/index/licenceLibrary.ts';
import type { ProjectLibrary } from '../../server/src/engine/index/projectLibrary.ts';
import type { Log } from '../../server/src/engine/ports.ts';
import type { PathChoice } from '../../server/src/core/manifests/manifestKinds.ts';
import { matchesGlob } from '../../server/src/core/text/patterns/glob.ts';
import { noon } from './builders.ts';
import { workingParts } from './healthParts.ts';
import { FakeSource } from './fakeSource.ts';

/** The command line's world as strings: a disk that is a map, a service in memory. */
export class FakeIo implements CliIo {
  readonly version = '1.2.3';
  readonly nodeVersion = '24.0.0';
  readonly environment: Record<string, string> = {};
  readonly presentFolder: string = '/present';
  /** The options that engines were made with, in order. */
  readonly engines: ScanArguments[] = [];
  cache?: CacheFolders;
  readonly source = new FakeSource();
  readonly databases: AdvisoryDatabases = createAdvisoryDatabases({
    defaultFolder: '/no/database',
    clock: { now: () => noon },
    version: this.version,
  });
  readonly disk = new Map<string, string>();
  readonly written = new Map<string, string>();
  readonly ignoreFiles = createIgnoreFiles({
    presentFolder: '/present',
    read: (absolute) => {
      const text = this.disk.get(absolute.replace(/^\/present\//u, ''));
      return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
    },
  });
  readonly configFiles = createConfigFiles({
    presentFolder: '/present',
    isRepository: (folder) => Promise.resolve(folder === '/present'),
    read: (absolute) => {
      const text = this.disk.get(absolute.replace(/^\/present\//u, ''));
      return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
    },
  });
  showsColour = false;
  /** What was shown as going on, and when that was over. */
  readonly shown: (string | undefined)[] = [];
  stdin = '';
  out = '';
  err = '';
  /** Paths whose files exist and cannot be read. */
  readonly unreadable = new Set<string>();
  /** What decides versions, by the file that it decides for. */
  readonly locks = new Map<string, readonly LockedVersions[]>();
  /** What the project of a file says of Python, by the file. */
  readonly pythons = new Map<string, ProjectPython>();
  /** What a search for files leaves out. */
  readonly skipped: SkippedPath[] = [];
  /** Files that cannot be changed. */
  readonly locked = new Set<string>();
  /** What the package index answers; absent: nobody is asked. */
  index: PackageIndex | undefined;
  /** Who is asked about what rules are about; absent: nobody is. */
  licences: LicenceLibrary | undefined;
  projects: ProjectLibrary | undefined;
  /** Who answers, as the report has it; the service that was asked where absent. */
  reportSource: ReportSource | undefined;
  readonly #interrupt = new AbortController();

  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  interrupt(): void {
    this.#interrupt.abort();
  }

  readText(path: string): ReturnType<CliIo['readText']> {
    const text = this.disk.get(this.#onDisk(path));
    return Promise.resolve(text === undefined ? { error: 'ENOENT' } : { text });
  }

  repositoryOf(path: string): Promise<string | undefined> {
    return Promise.resolve(path.startsWith(this.presentFolder) ? this.presentFolder : undefined);
  }

  progress(line: (() => string) | undefined): void {
    this.shown.push(line?.());
  }

  stdout(text: string): void {
    this.out += text;
  }

  stderr(text: string): void {
    this.err += text;
  }

  async *stdinChunks(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new TextEncoder().encode(this.stdin));
  }

  kindOf(spelled: string): Promise<'file' | 'folder' | 'missing'> {
    const path = this.#onDisk(spelled);
    if (this.disk.has(path)) {
      return Promise.resolve('file');
    }
    return Promise.resolve([...this.disk.keys()].some((file) => file.startsWith(`${path}/`)) ? 'folder' : 'missing');
  }

  readFile(spelled: string, { within, signal }: ReadOptions = {}): Promise<ReadFile> {
    if (signal?.aborted === true) {
      return Promise.resolve({ error: `"${spelled}" was not read: the time was up.`, kind: 'timeout' });
    }
    if (spelled === '-') {
      return Promise.resolve(decodeRequirementFile(new TextEncoder().encode(this.stdin), 'standard input'));
    }
    const path = this.#onDisk(spelled);
    if (within?.every((folder) => relative(folder, resolve(this.presentFolder, spelled)).startsWith('..')) === true) {
      return Promise.resolve({ error: `"${path}" was not read: it is outside of what is scanned.`, kind: 'outside' });
    }
    if (!this.disk.has(path) && !this.unreadable.has(path)) {
      return Promise.resolve({ error: `"${path}" could not be read (ENOENT).`, kind: 'missing' });
    }
    const text = this.unreadable.has(path) ? undefined : this.disk.get(path);
    return Promise.resolve(
      text === undefined ? { error: `"${path}" could not be read (EACCES).`, kind: 'unreadable' } : { text },
    );
  }

  /** As the disk has it, however it was spelled. */
  #onDisk(path: string): string {
    return path.replace(/^(\/present\/|\.\/)/u, '');
  }

  decode(bytes: Uint8Array): { readonly text: string } | { readonly error: string } {
    return decodeRequirementFile(bytes, 'standard input');
  }

  async stdoutAll(pieces: Iterable<string>): Promise<void> {
    for (const piece of pieces) {
      this.stdout(piece);
      await this.stdoutReady();
    }
  }

  stdoutReady(): Promise<boolean> {
    return Promise.resolve(true);
  }

  writeFile(path: string, text: string | Iterable<string>): Promise<void> {
    if (path.startsWith('/no/')) {
      return Promise.reject(new Error('ENOENT'));
    }
    this.written.set(path, typeof text === 'string' ? text : [...text].join(''));
    return Promise.resolve();
  }

  changeFile(...[path, oldText, newText]: Parameters<CliIo['changeFile']>): ReturnType<CliIo['changeFile']> {
    if (this.locked.has(path) || this.disk.get(path) !== oldText) {
      return Promise.resolve({ error: `"${path}" could not be changed (EACCES).` });
    }
    this.disk.set(path, newText);
    return Promise.resolve({ kind: 'changed' });
  }

  /** The text of `installedKind` is on the disk under the name of the folder. */
  installedIn(...[folder]: Parameters<CliIo['installedIn']>): ReturnType<CliIo['installedIn']> {
    const text = this.disk.get(folder);
    const why = 'it holds no installed packages';
    return Promise.resolve(
      text === undefined ? { kind: 'missing', error: `"${folder}" was not read: ${why}.`, why } : { text },
    );
  }

  discover(folder: string, _signal?: AbortSignal, choice?: PathChoice): Promise<DiscoveredFiles> {
    return Promise.resolve({
      paths: [...this.disk.keys()].filter(
        (path) =>
          path.startsWith(`${folder}/`) &&
          !/\.toml$/u.test(path) &&
          choice?.exclude.some((glob) => matchesGlob(glob, path)) !== true,
      ),
      unread: [],
      skipped: [...this.skipped],
    });
  }

  createLockReader(...[]: Parameters<CliIo['createLockReader']>): LockReader {
    return {
      read: (files) => Promise.resolve(new Map(files.map((file) => [file, this.locks.get(file) ?? []]))),
      python: (file) => Promise.resolve(this.pythons.get(file)),
    };
  }

  createEngine(options: ScanArguments, log: Log): CliEngine {
    const { osvUrl } = options;
    this.engines.push(options);
    const { source, index } = this;
    const limits = { maxEntries: 1000, answerTtlMs: 1000, cleanTtlMs: 1000, detailsMaxAgeMs: 1000 };
    const scanner = scannerOver({
      source,
      sourceId: 'test',
      tiers: [],
      index,
      limits,
      log,
      clock: { now: () => noon },
    });
    return {
      scanner,
      index,
      licences: this.licences,
      projects: this.projects,
      counters: source.counters,
      source: this.reportSource ?? { kind: 'osv', url: osvUrl },
      parts: workingParts,
      close: () => source.close(),
    };
  }

  newId(): string {
    return 'scan-1';
  }

  now(): number {
    return noon;
  }

  elapsedMs(): number {
    return 0;
  }
}
