import type { PackageName } from '../core/packages/packageName.ts';
import type { Connection } from 'vscode-languageserver';
import type { ClearCacheResult, RescanResult, NetworkParams } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Outcome, Verdict } from '../core/assessment/outcome.ts';
import { isWhollyIgnored } from '../core/ignores/markIgnored.ts';
import type { EditedDocument } from '../features/workspaceEdit.ts';
import { type FileId, fileId } from '../project/fileId.ts';
import type { Log } from '../engine/ports.ts';
import type { PackageKnowledge } from '../engine/store/packageKnowledge.ts';
import { CatchUp, type CatchUpState } from './catchUp.ts';
import type { DatabaseOutcome } from './database.ts';
import { Display } from './display.ts';
import { Documents } from './documents.ts';
import type { ClientAccess, DatabaseWish, Engine, Environment, SourcedIgnores } from './environment.ts';
import { FileStore } from './fileStore.ts';
import { MemoryGuard } from './memoryGuard.ts';
import { IgnoreBook } from './ignoreBook.ts';
import type { DiagnosticAbilities } from './capabilities.ts';
import type { Own } from './guard.ts';
import { isSelected } from './isSelected.ts';
import type { LongWork, ShownWork } from './progress.ts';
import { Relations } from './relations.ts';
import { Rest } from './rest.ts';
import { Scans } from './scans.ts';
import { choosesOtherFiles, type SettingsSnapshot } from './settingsSnapshot.ts';
import { Setup } from './setup.ts';
import type { TrackedFile } from './trackedFile.ts';

/** Who wants to know what goes on in a session. */
export interface SessionWatcher {
  /** Lines show something else without having been edited. */
  landed(): void;
  /** Something began that may take long. */
  working(work: LongWork): ShownWork;
}

/** What a session begins with. */
export interface SessionStart {
  /** `undefined`: they are still to come (`applySettings`), and nothing is asked before. */
  readonly settings: SettingsSnapshot | undefined;
  readonly watcher: SessionWatcher;
  readonly access: ClientAccess;
  readonly own: Own;
  /** What the client shows of a diagnostic. */
  readonly diagnostics: DiagnosticAbilities;
}

/** The requirement files of one client, what runs for them and what they show. The one owner of all that state. */
export class Session {
  readonly #environment: Environment;
  readonly #watcher: SessionWatcher;
  readonly #setup: Setup;
  readonly #files: FileStore;
  readonly #ignores: IgnoreBook;
  readonly #display: Display;
  readonly #catchUp: CatchUp;
  readonly #scans: Scans;
  readonly #relations: Relations;
  readonly #rest: Rest;
  readonly #guard: MemoryGuard;
  /** What happens to files: in the editor, and on disk. */
  readonly documents: Documents;
  readonly #closing = new AbortController();
  readonly #log: Log;
  readonly #own: Own;
  #isToSearch = false;
  /** Whether the client reports changes on disk; no longer, once it has refused to. */
  watchesFiles = false;

  constructor(connection: Connection, environment: Environment, start: SessionStart) {
    const log = connection.console;
    const { timers } = environment;
    const { watcher, own } = start;
    this.#own = own;
    const closing = this.#closing.signal;
    this.#environment = environment;
    this.#log = log;
    this.#watcher = watcher;
    const setup = new Setup(environment, log, start.access, start.settings);
    const files = new FileStore(environment.files, log, (file, by) => {
      scans.stop(file);
      if (file.uri !== by.uri) {
        display.showNothing(file); // no file is shown under two addresses
      }
    });
    const ignores = new IgnoreBook(
      () => environment.createIgnoreReader(),
      () => this.#ignoresChanged(),
      own,
    );
    const display = new Display(connection, environment, {
      setup,
      files,
      ignores,
      diagnostics: start.diagnostics,
      own,
      landed: () => watcher.landed(),
    });
    const state = (): CatchUpState => ({ engine: setup.engine, settings: setup.settings, folders: files.folders });
    const working = (work: LongWork): ShownWork => watcher.working(work);
    const giveBackMemory = (): void => environment.giveBackMemory();
    const guard = new MemoryGuard({
      clock: environment.clock,
      log,
      scanner: () => setup.engine.scanner,
      memory: () => environment.memoryFigures(),
      giveBackMemory,
    });
    const catchUp = new CatchUp(environment.files, log, state, guard, closing);
    const rest = new Rest({ timers, scanner: () => setup.engine.scanner, giveBackMemory });
    const scans = new Scans({
      setup,
      display,
      catchUp,
      rest,
      guard,
      timers,
      now: () => environment.clock.now(),
      own,
      log,
      working,
      closing,
    });
    this.#setup = setup;
    this.#files = files;
    this.#ignores = ignores;
    this.#display = display;
    this.#catchUp = catchUp;
    this.#scans = scans;
    this.#rest = rest;
    this.#guard = guard;
    this.#relations = new Relations({ files, setup, display, scans, timers, own, closing });
    this.documents = new Documents({
      setup,
      files,
      ignores,
      display,
      scans,
      rest,
      relations: this.#relations,
      own,
      isWatching: () => this.watchesFiles,
    });
  }

  get engine(): Engine {
    return this.#setup.engine;
  }

  /** Why less is kept in memory than the settings allow, for people; `undefined` while there is enough. */
  get memoryTrouble(): string | undefined {
    return this.#guard.trouble;
  }

  /** The files that are looked after and that the settings do not leave out. */
  get selectedFiles(): readonly TrackedFile[] {
    return this.#files.selected(this.#setup.settings);
  }

  /** What holds for the whole window; `settingsFor` has what a file's own folder decides. */
  get settings(): Settings {
    return this.#setup.settings.window;
  }

  settingsFor(uri: string): Settings {
    return this.#setup.settingsFor(fileId(uri));
  }

  /** A file that is looked after, as it stands; `undefined` for any other. */
  fileOf(uri: string): TrackedFile | undefined {
    const file = this.#files.get(fileId(uri));
    return file !== undefined && this.#isSelected(file) ? file : undefined;
  }

  /** Whether an included file may be read: it is open, or lies where includes are followed. */
  mayRead(file: FileId): Promise<boolean> {
    return this.#files.mayRead(file);
  }

  /** All that is known of a package this instant, however old. */
  knowledgeOf(name: PackageName): PackageKnowledge | undefined {
    return this.#setup.engine.scanner.peekPackage(name);
  }

  /** The constraints files that hold for a file. */
  constraintsOf(file: FileId): readonly TrackedFile[] {
    return this.#files.constraintsOf(file);
  }

  /** A file for an edit, as it is this moment; `undefined` where it may not be read, or cannot be. */
  readForEdit(file: FileId): Promise<EditedDocument | undefined> {
    return this.#files.readForEdit(file);
  }

  /** What a file is called in everything that is sent. */
  uriOf(file: FileId): string {
    return this.#files.uriOf(file);
  }

  get now(): number {
    return this.#environment.clock.now();
  }

  /** Resolves when the settings are known. */
  get whenReady(): Promise<void> {
    return this.#setup.whenReady;
  }

  get folders(): readonly FileId[] {
    return this.#files.folders;
  }

  /** What the last search of the workspace could not read, and why. */
  get unread(): readonly string[] {
    return this.#files.unread;
  }

  /** In the order in which a report has them. */
  inReportOrder(files: readonly TrackedFile[]): readonly TrackedFile[] {
    return this.#files.inReportOrder(files);
  }

  /** What it left out on purpose. */
  get skipped(): FileStore['skipped'] {
    return this.#files.skipped;
  }

  /** From now on the client is told of every finding, whenever they change. */
  announceFindings(): void {
    this.#display.announceFindings();
  }

  /** Lets go of what lies in folders that are gone. What is new is searched by `searchAgain`, once its settings are known. */
  setFolders(uris: readonly string[]): void {
    this.#isToSearch ||= this.#files.hasWholeWorkspace;
    this.#catchUp.beginAnew();
    const folders = [...new Set(uris.map(fileId))];
    for (const file of this.#files.setFolders(folders)) {
      this.#scans.stop(file);
      this.#display.showNothing(file);
    }
    this.#ignores.setFolders(folders);
  }

  /** The workspace is to be searched as soon as the settings are known. */
  wantSearch(): void {
    this.#isToSearch = true;
  }

  /** Where the whole workspace had been searched before its folders changed, that is done for the folders it has now. */
  async searchAgain(): Promise<void> {
    if (!this.#isToSearch) {
      return;
    }
    this.#isToSearch = false;
    const { signal } = this.#closing;
    try {
      await this.examine(undefined, signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#log.error(`The workspace was not searched again: ${String(error)}`);
      }
    }
  }

  /** Whether what the workspace's files say is ignored holds. */
  get isTrusted(): boolean {
    return this.#ignores.isTrusted;
  }

  /** The client has come to trust the workspace: what its files say is ignored holds. */
  setTrusted(trusted: boolean): void {
    this.#ignores.isTrusted = trusted;
  }

  /** The ignore files that hold for a requirements file, as far as they have been read. */
  ignoresOf(file: FileId): readonly SourcedIgnores[] {
    return this.#ignores.sourcesFor(file);
  }

  /** Asks again for these files; for every requirement file of the workspace where `uris` is absent. */
  async rescan(uris: readonly string[] | undefined, signal: AbortSignal): Promise<RescanResult> {
    await this.#setup.whenReady;
    this.#setup.engine.reset();
    await this.#ignores.readAgain();
    const files = await this.#relations.find(uris, signal);
    await this.#scans.run(files, { again: true, signal });
    await this.#ignores.whenRead(); // of folders that were not known before
    const lines = files.flatMap((file) => file.lines);
    const unread = this.unreadFor(uris, files);
    const outcomes = lines.flatMap(({ state }) => (state.kind === 'settled' ? [state.outcome] : []));
    const skipped = outcomes.filter((outcome) => outcome.kind === 'skipped').length;
    return {
      files: files.length,
      requirements: lines.length,
      vulnerable: outcomes.filter((outcome) => isOpen(outcome, 'vulnerable')).length,
      possiblyVulnerable: outcomes.filter((outcome) => isOpen(outcome, 'possiblyVulnerable')).length,
      failed: outcomes.filter((outcome) => outcome.kind === 'failed').length,
      ...(skipped > 0 ? { skipped } : {}),
      ...(unread > 0 ? { unread } : {}),
    };
  }

  /** What `rescan` and `examine` did not see: files that were asked for or searched for, and what files include. */
  unreadFor(uris: readonly string[] | undefined, files: readonly TrackedFile[]): number {
    const missing =
      uris === undefined
        ? this.unread.length
        : [...new Set(uris.map(fileId))].filter((id) => this.#files.get(id) === undefined).length;
    const includes = files.flatMap((file) => file.problems.filter(({ code }) => code.startsWith('include.')));
    return missing + includes.length;
  }

  /** Asks about what is not known of these files, or of every requirements file of the workspace, and returns them. */
  async examine(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    await this.#setup.whenReady;
    await this.#ignores.readAgain();
    // Nothing is waited for in between: what was opened or closed meanwhile would be shown as it was found.
    const files = await this.#relations.find(uris, signal);
    await this.#scans.run(files, { signal });
    await this.#ignores.whenRead();
    // What was edited or closed meanwhile is another file, or none.
    return files.flatMap(({ uri }) => this.fileOf(uri) ?? []);
  }

  /** Forgets every answer, then asks anew for what is open. */
  async clearCache(): Promise<ClearCacheResult> {
    this.#setup.engine.licences?.clear();
    const entries = await this.#setup.engine.scanner.clear();
    this.#own('Checking files', () => this.#scans.run(this.selectedFiles));
    return { entries };
  }

  /** Where the database answers, what it told is asked of it again afterwards. */
  async changeDatabase(wish: DatabaseWish, signal: AbortSignal): Promise<DatabaseOutcome> {
    await this.#setup.whenReady;
    const cancelled = new AbortController();
    const shown = this.#watcher.working({ title: 'Reading advisories', cancel: () => cancelled.abort() });
    const stop = AbortSignal.any([signal, cancelled.signal, this.#closing.signal]);
    try {
      const summary = await this.#setup.changeDatabase(wish, {
        onProgress: (message) => shown.report(message),
        signal: stop,
      });
      await this.#databaseChanged();
      return { kind: 'done', summary };
    } catch (error) {
      return stop.aborted
        ? { kind: 'cancelled' }
        : { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    } finally {
      shown.end();
    }
  }

  async #databaseChanged(): Promise<void> {
    if (this.settings.offlineMode === 'online' || this.#closing.signal.aborted) {
      return;
    }
    const retired = this.#setup.renewEngine();
    for (const file of this.#files.all) {
      this.#scans.stop(file);
      file.forgetOutcomes();
    }
    this.selectedFiles.forEach((file) => this.#display.show(file));
    this.#display.landed();
    this.#own('Checking files', () => this.#scans.run(this.selectedFiles));
    await retired.close();
  }

  async applySettings(settings: SettingsSnapshot): Promise<void> {
    const before = this.#setup.settings;
    const adopted = this.#setup.adopt(settings);
    if (adopted === undefined) {
      return;
    }
    const { retired } = adopted;
    if (retired !== undefined) {
      this.#catchUp.beginAnew();
    }
    for (const file of this.#files.all) {
      this.#scans.stop(file);
      file.applySettings(this.#setup.settingsFor(file.id));
      if (retired !== undefined) {
        file.forgetOutcomes();
      }
      if (this.#isSelected(file)) {
        this.#display.show(file);
      } else {
        this.#display.showNothing(file);
      }
    }
    this.#display.landed();
    this.#own('Checking files', () => this.#relations.begin(this.selectedFiles));
    if (this.#files.hasWholeWorkspace && choosesOtherFiles(before, settings)) {
      this.#own('Searching for files', async () => this.#relations.follow(await this.#relations.findNew(undefined)));
    }
    await retired?.close();
  }

  /** The user reaches the network another way than before. What failed is tried again at once. */
  applyNetwork(params: NetworkParams): void {
    this.#setup.useNetwork(params);
    const failed = this.selectedFiles.filter((file) => file.failedRuns > 0);
    this.#own('Checking again', () => this.#scans.run(failed, { again: failed.some((file) => file.failedAgain) }));
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    this.#relations.dispose();
    this.#rest.stop();
    this.#display.dispose();
    for (const file of this.#files.all) {
      this.#scans.stop(file);
    }
    await this.#setup.engine.close();
  }

  #isSelected(file: TrackedFile): boolean {
    return isSelected(file, this.#setup.settingsFor(file.id));
  }

  #ignoresChanged(): void {
    if (!this.#closing.signal.aborted) {
      this.#display.showAgain();
    }
  }
}

function isOpen(outcome: Outcome, verdict: Verdict): boolean {
  return outcome.kind === 'assessed' && outcome.verdict === verdict && !isWhollyIgnored(outcome);
}
