import type { Connection, Hover } from 'vscode-languageserver';
import type { ClearCacheResult, RescanResult, NetworkParams } from '../../../protocol/messages.ts';
import { defaultSettings, type Settings } from '../../../protocol/settings.ts';
import type { Assessed, Failed, Outcome } from '../core/assessment/outcome.ts';
import { type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import type { PackageName, Position } from '../core/requirements/model.ts';
import { isWhollyIgnored } from '../core/policy/markIgnored.ts';
import { hoverFor } from '../features/hover.ts';
import type { EditedDocument } from '../features/workspaceEdit.ts';
import type { PackageKnowledge } from '../scan/packageKnowledge.ts';
import { CatchUp } from './catchUp.ts';
import { editText, type TextChange } from './editText.ts';
import type { DatabaseOutcome } from './database.ts';
import type { ClientAccess, DatabaseWish, Engine, Environment, SourcedIgnores } from './environment.ts';
import { FileStore } from './fileStore.ts';
import { IgnoreBook } from './ignoreBook.ts';
import { IgnoreRemarks } from './ignoreRemarks.ts';
import { FindingsFeed } from './findingsFeed.ts';
import { isSelected } from './isSelected.ts';
import { mayDecide } from './lockStore.ts';
import type { LongWork, ShownWork } from './progress.ts';
import { Publisher } from './publisher.ts';
import { Run } from './run.ts';
import { isEnabledAnywhere, settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import type { TrackedFile } from './trackedFile.ts';

// A file whose look-ups failed is tried again after 15 s, then twice as long each time, at most every 10 minutes.
const firstRetryMs = 15_000;
const longestRetryMs = 600_000;

const showEveryMs = 100;

const locksSettleMs = 500;

interface RunOptions {
  readonly again?: boolean;
  /** After a pause in typing. */
  readonly typing?: boolean;
  readonly signal?: AbortSignal;
}

export interface OpenedDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

/** Who wants to know what goes on in a session. */
export interface SessionWatcher {
  /** Lines show something else without having been edited. */
  landed(): void;
  /** Something began that may take long. */
  working(work: LongWork): ShownWork;
}

/** The requirement files of one client, what runs for them and what they show. The one owner of all that state. */
export class Session {
  readonly #connection: Connection;
  readonly #environment: Environment;
  readonly #files: FileStore;
  readonly #publisher: Publisher;
  readonly #watcher: SessionWatcher;
  readonly #ignores: IgnoreBook;
  readonly #ignoreRemarks: IgnoreRemarks;
  #findings: FindingsFeed | undefined;
  #searched = false;
  #isToSearch = false;
  #cancelLocks: (() => void) | undefined;
  readonly #closing = new AbortController();
  readonly #catchUp: CatchUp;
  #ready: boolean;
  readonly #whenReady: Promise<void>;
  #becomeReady: () => void = () => undefined;
  #settings: SettingsSnapshot;
  #engine: Engine;
  #access: ClientAccess;

  /** `settings` undefined: they are still to come (`applySettings`), and nothing is asked before. */
  constructor(
    connection: Connection,
    environment: Environment,
    settings: SettingsSnapshot | undefined,
    watcher: SessionWatcher,
    access: ClientAccess,
  ) {
    this.#access = access;
    this.#watcher = watcher;
    this.#connection = connection;
    this.#environment = environment;
    this.#settings = settings ?? { window: defaultSettings, folders: [] };
    this.#ready = settings !== undefined;
    this.#whenReady = this.#ready ? Promise.resolve() : new Promise((resolve) => (this.#becomeReady = resolve));
    this.#engine = environment.createEngine(this.#settings.window, connection.console, access);
    this.#files = new FileStore(environment.files, connection.console);
    this.#publisher = new Publisher(connection, environment.clock);
    this.#catchUp = new CatchUp(
      environment.files,
      connection.console,
      () => ({ engine: this.#engine, settings: this.#settings, folders: this.folders }),
      this.#closing.signal,
    );
    this.#ignores = new IgnoreBook(
      () => environment.createIgnoreReader(),
      () => this.#ignoresChanged(),
    );
    this.#ignoreRemarks = new IgnoreRemarks(connection, environment.timers, () => ({
      files: this.selectedFiles,
      sourcesFor: (uri) => this.#ignores.sourcesFor(uri),
      workspace: this.#searched,
      now: environment.clock.now(),
    }));
    if (settings !== undefined) {
      this.#announce(settings);
    }
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** The files that are looked after and that the settings do not leave out. */
  get selectedFiles(): readonly TrackedFile[] {
    return this.#files.all.filter((file) => this.#isSelected(file));
  }

  /** What holds for the whole window; `settingsFor` has what a file's own folder decides. */
  get settings(): Settings {
    return this.#settings.window;
  }

  settingsFor(uri: string): Settings {
    return settingsFor(this.#settings, uri);
  }

  /** A file that is looked after, as it stands; `undefined` for any other. */
  fileOf(uri: string): TrackedFile | undefined {
    const file = this.#files.get(uri);
    return file !== undefined && this.#isSelected(file) ? file : undefined;
  }

  /** Whether an included file may be read: it is open, or lies where includes are followed. */
  mayRead(uri: string): Promise<boolean> {
    return this.#files.mayRead(uri);
  }

  /** All that is known of a package this instant, however old. */
  knowledgeOf(name: PackageName): PackageKnowledge | undefined {
    return this.#engine.scanner.peekPackage(name);
  }

  /** The constraints files that hold for a file. */
  constraintsOf(uri: string): readonly TrackedFile[] {
    return this.#files.constraintsOf(uri);
  }

  /** A file for an edit, as it is this moment; `undefined` where it may not be read, or cannot be. */
  readForEdit(uri: string): Promise<EditedDocument | undefined> {
    return this.#files.readForEdit(uri);
  }

  get now(): number {
    return this.#environment.clock.now();
  }

  /** Resolves when the settings are known. */
  get whenReady(): Promise<void> {
    return this.#whenReady;
  }

  get folders(): readonly string[] {
    return this.#files.folders;
  }

  /** From now on the client is told of every finding, whenever they change. */
  announceFindings(): void {
    this.#findings = new FindingsFeed(this.#connection, this.#environment.timers, () => ({
      files: this.selectedFiles,
      workspace: this.#searched,
    }));
  }

  /** Lets go of what lies in folders that are gone. What is new is searched by `searchAgain`, once its settings are known. */
  setFolders(uris: readonly string[]): void {
    this.#isToSearch ||= this.#searched;
    this.#searched = false;
    this.#catchUp.beginAnew();
    for (const file of this.#files.setFolders(uris)) {
      this.#stop(file);
      this.#publisher.showNothing(file);
    }
    this.#ignores.setFolders(uris);
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
        this.#connection.console.error(`The workspace was not searched again: ${String(error)}`);
      }
    }
  }

  open(document: OpenedDocument): void {
    this.#stop(this.#files.get(document.uri));
    const file = this.#files.open(document, document.text, this.#settings);
    if (this.#ready && this.#isSelected(file)) {
      this.#engine.preconnect();
      this.#show(file);
      void this.#run([file]);
      void this.#follow();
    }
  }

  change(uri: string, version: number, changes: readonly TextChange[]): void {
    const file = this.#files.get(uri);
    if (file === undefined) {
      return;
    }
    const edited = editText(file.file, changes);
    file.update(edited.file, version, edited.lines);
    if (!this.#ready || !this.#isSelected(file)) {
      return;
    }
    this.#show(file);
    const asks = file.asksForMore;
    if (asks) {
      this.#stop(file); // what the run before this edit asked is no longer all that the file says
    }
    if (asks || file.hasUnsaidProblems || file.isLinked) {
      file.cancelTimer?.();
      const { debounceMilliseconds } = this.settings;
      file.cancelTimer = this.#environment.timers.after(debounceMilliseconds, () => this.#typingPaused(file));
    }
    this.#report();
  }

  async close(uri: string): Promise<void> {
    const file = this.#files.get(uri);
    if (file === undefined) {
      return;
    }
    this.#stop(file);
    this.#files.forget(uri);
    // A file that a workspace scan found stays in the Problems panel, as it is on disk.
    const onDisk = file.inWorkspace ? await this.#files.readFromDisk(uri, this.#settings) : undefined;
    if (onDisk === undefined) {
      this.#publisher.showNothing(file);
    } else {
      onDisk.inWorkspace = true;
      this.#show(onDisk);
    }
    await this.#follow();
    this.#report();
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
  ignoresOf(uri: string): readonly SourcedIgnores[] {
    return this.#ignores.sourcesFor(uri);
  }

  /** Files on disk are other ones than before, or gone. What is open in an editor is not touched. */
  async changedOnDisk(uris: readonly string[]): Promise<void> {
    if (uris.some((uri) => uri.endsWith('.toml'))) {
      await this.#ignores.readAgain();
    }
    const files = uris.flatMap((uri) => this.#files.get(uri) ?? []).filter((file) => file.version === undefined);
    for (const file of files) {
      this.#stop(file);
      if ((await this.#files.readFromDisk(file.uri, this.#settings)) === undefined) {
        this.#files.forget(file.uri);
        this.#publisher.showNothing(file);
      }
    }
    this.#files.lookAgain(uris);
    const tracked = this.#files.all.map(({ uri }) => uri);
    if (uris.some((uri) => mayDecide(uri, tracked))) {
      this.#locksChanged();
    }
    await this.#follow(files.map(({ uri }) => uri));
  }

  hover(uri: string, position: Position): Hover | undefined {
    const file = this.#files.get(uri);
    if (file === undefined || !this.#isSelected(file)) {
      return undefined;
    }
    return hoverFor(file.lines, position, {
      now: this.#environment.clock.now(),
      source: this.#engine.describe(),
    });
  }

  /** Asks again for these files; for every requirement file of the workspace where `uris` is absent. */
  async rescan(uris: readonly string[] | undefined, signal: AbortSignal): Promise<RescanResult> {
    await this.#whenReady;
    this.#engine.reset();
    await this.#ignores.readAgain();
    const files = await this.#find(uris, signal);
    await this.#run(files, { again: true, signal });
    const lines = files.flatMap((file) => file.lines);
    const outcomes = lines.flatMap(({ state }) => (state.kind === 'settled' ? [state.outcome] : []));
    return {
      files: files.length,
      requirements: lines.length,
      vulnerable: outcomes.filter((outcome) => isVulnerable(outcome)).length,
      failed: outcomes.filter((outcome) => outcome.kind === 'failed').length,
    };
  }

  /** Asks about what is not known of these files, or of every requirements file of the workspace, and returns them. */
  async examine(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    await this.#whenReady;
    const files = await this.#find(uris, signal);
    await this.#ignores.readAgain();
    await this.#run(files, { signal });
    await this.#ignores.whenRead();
    // What was edited or closed meanwhile is another file, or none.
    return files.flatMap(({ uri }) => this.fileOf(uri) ?? []);
  }

  /** These files, read where they are not open, with what they include and what decides their versions; or all of the workspace. */
  async #find(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    if (uris === undefined) {
      await this.#findAll(signal);
    } else {
      for (const uri of uris.filter((one) => this.#files.get(one) === undefined)) {
        await this.#files.readFromDisk(uri, this.#settings, true);
      }
    }
    await this.#files.loadIncluded(this.#settings);
    this.#files.lookForLocksAgain();
    await this.#files.readLocks();
    this.#link();
    return this.selectedFiles.filter((file) => uris === undefined || uris.includes(file.uri));
  }

  /** Forgets every answer, then asks anew for what is open. */
  async clearCache(): Promise<ClearCacheResult> {
    const entries = await this.#engine.scanner.clear();
    void this.#run(this.selectedFiles);
    return { entries };
  }

  /** Where the database answers, what it told is asked of it again afterwards. */
  async changeDatabase(wish: DatabaseWish, signal: AbortSignal): Promise<DatabaseOutcome> {
    await this.#whenReady;
    const cancelled = new AbortController();
    const shown = this.#watcher.working({ title: 'Reading advisories', cancel: () => cancelled.abort() });
    const stop = AbortSignal.any([signal, cancelled.signal, this.#closing.signal]);
    try {
      const summary = await this.#environment.changeDatabase(wish, this.settings, this.#access, {
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
    const retired = this.#engine;
    this.#engine = this.#environment.createEngine(this.settings, this.#connection.console, this.#access);
    for (const file of this.#files.all) {
      this.#stop(file);
      file.forgetOutcomes();
    }
    this.selectedFiles.forEach((file) => this.#show(file));
    this.#watcher.landed();
    void this.#run(this.selectedFiles);
    await retired.close();
  }

  async applySettings(settings: SettingsSnapshot): Promise<void> {
    if (this.#ready && JSON.stringify(settings) === JSON.stringify(this.#settings)) {
      return;
    }
    this.#ready = true;
    this.#becomeReady();
    this.#announce(settings);
    const retired = concernsEngine(this.#settings.window, settings.window) ? this.#engine : undefined;
    this.#settings = settings;
    if (retired !== undefined) {
      this.#engine = this.#environment.createEngine(settings.window, this.#connection.console, this.#access);
      this.#catchUp.beginAnew();
    }
    for (const file of this.#files.all) {
      this.#stop(file);
      file.applySettings(this.settingsFor(file.uri));
      if (retired !== undefined) {
        file.forgetOutcomes();
      }
      if (this.#isSelected(file)) {
        this.#show(file);
      } else {
        this.#publisher.showNothing(file);
      }
    }
    this.#watcher.landed();
    void this.#run(this.selectedFiles);
    void this.#follow();
    await retired?.close();
  }

  /** The user reaches the network another way than before. What failed is tried again at once. */
  applyNetwork(params: NetworkParams): void {
    this.#access = { ...this.#access, params };
    this.#engine.useNetwork(params);
    void this.#run(this.selectedFiles.filter((file) => file.failedRuns > 0));
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    this.#findings?.dispose();
    this.#cancelLocks?.();
    this.#ignoreRemarks.dispose();
    for (const file of this.#files.all) {
      this.#stop(file);
    }
    await this.#engine.close();
  }

  #announce(settings: SettingsSnapshot): void {
    const { osvUrl, offlineMode } = settings.window;
    const who = {
      online: osvUrl,
      fallback: `${osvUrl}, and from the local database where that does not answer`,
      offline: 'the local database alone',
    }[offlineMode];
    const enable = isEnabledAnywhere(settings);
    const { version, nodeVersion } = this.#environment;
    const what = enable ? `Advisories come from ${who}.` : 'It is switched off by its setting "enable".';
    this.#connection.console.info(`Pinwatch ${version} on Node ${nodeVersion}. ${what}`);
  }

  #isSelected(file: TrackedFile): boolean {
    return isSelected(file, this.settingsFor(file.uri));
  }

  #typingPaused(file: TrackedFile): void {
    file.typingPaused();
    this.#show(file);
    if (file.asksForMore) {
      void this.#run([file], { typing: true });
    } else if (file.run === undefined) {
      file.cancelTimer = this.#scheduleRefresh(file, 0);
    }
    if (file.isLinked) {
      void this.#follow();
    }
  }

  async #findAll(signal: AbortSignal): Promise<void> {
    const gone = await this.#files.findAll(this.#settings, signal);
    gone.forEach((file) => this.#publisher.showNothing(file));
    // Folders that are not on disk are not searched.
    const { folders } = this.#files;
    this.#searched = !signal.aborted && folders.length > 0 && folders.every((folder) => folder.startsWith('file:'));
  }

  /** An installation changes many folders, one after the other: looks at them once when it is over. */
  #locksChanged(): void {
    this.#cancelLocks?.();
    this.#cancelLocks = this.#environment.timers.after(locksSettleMs, () => {
      this.#cancelLocks = undefined;
      this.#files.lookForLocksAgain();
      void this.#follow();
    });
  }

  /** Reads what is included and not known yet, and shows what that changes; asks about what is new. */
  async #follow(alsoAsk: readonly string[] = []): Promise<void> {
    const loaded = await this.#files.loadIncluded(this.#settings);
    await this.#files.readLocks();
    const changed = this.#link();
    if (this.#closing.signal.aborted) {
      return;
    }
    const asked = this.selectedFiles.filter(
      (file) => loaded.includes(file) || ((changed.includes(file) || alsoAsk.includes(file.uri)) && file.asksForMore),
    );
    asked.filter((file) => !changed.includes(file)).forEach((file) => this.#show(file));
    if (asked.length > 0) {
      await this.#run(asked);
    }
  }

  /** Tells files what others say of them and shows those that look different now; returns these. */
  #link(): readonly TrackedFile[] {
    const { changed, dropped } = this.#files.link(this.#settings);
    for (const file of dropped) {
      this.#stop(file);
      this.#publisher.showNothing(file);
    }
    const selected = changed.filter((file) => this.#isSelected(file));
    selected.forEach((file) => this.#show(file));
    if (selected.length > 0) {
      this.#watcher.landed();
    }
    return selected;
  }

  /** One scan for all that these files ask for. Every way out leaves each file showing what is known then. */
  async #run(files: readonly TrackedFile[], { again = false, typing = false, signal }: RunOptions = {}): Promise<void> {
    files.forEach((file) => this.#stop(file));
    const run = new Run(files);
    files.forEach((file) => (file.run = run));
    this.#report();
    const shown = this.#watcher.working({
      title: run.size === 1 ? 'Checking 1 requirement' : `Checking ${run.size} requirements`,
      cancel: () => run.cancel(),
    });
    const signals = [run.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const closed = files.filter((file) => file.version === undefined).flatMap((file) => file.lookups());
    let cancelled = false;
    let outcomes: ReadonlyMap<string, Assessed | Failed> = new Map();
    try {
      if (closed.length > 0) {
        await this.#catchUp.keep(closed);
      }
      outcomes = await this.#engine.scanner.scan(run.lookups, {
        again,
        typing,
        signal: AbortSignal.any(signals),
        onProgress: () => this.#showSoon(run),
      });
      run.files.forEach((file) => file.settle(outcomes));
    } catch (error) {
      cancelled = run.isCancelled || signal?.aborted === true;
      if (cancelled) {
        outcomes = unanswered(run.lookups, 'cancelled', cancelledText);
        run.files.forEach((file) => file.settle(outcomes));
      } else if (!signals.some((one) => one.aborted)) {
        const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#connection.console.error(`A scan broke off: ${trace}`);
        run.files.forEach((file) => file.settle(unanswered(run.lookups, 'internal', brokenOffText)));
      }
    } finally {
      shown.end();
    }
    run.cancelShow?.();
    if (this.#closing.signal.aborted) {
      return;
    }
    for (const file of run.files) {
      file.run = undefined;
      this.#show(file);
      file.cancelTimer = this.#scheduleRefresh(file, cancelled ? longestRetryMs : 0);
    }
    this.#watcher.landed();
    this.#report();
    await this.#catchUp.settle(closed, outcomes);
    void this.#catchUp.run();
  }

  /** What has been answered already, while the rest is under way; not more often than people can read. */
  #showSoon(run: Run): void {
    run.cancelShow ??= this.#environment.timers.after(showEveryMs, () => {
      run.cancelShow = undefined;
      run.files.filter((file) => file.run === run).forEach((file) => this.#show(file));
      this.#watcher.landed();
      this.#report();
    });
  }

  #show(file: TrackedFile): void {
    const settings = this.settingsFor(file.uri);
    this.#publisher.show(file, this.#engine.scanner, settings, this.#ignores.listsFor(file.uri, settings));
  }

  /** Looks again when answers grow old, and sooner where some are missing. */
  #scheduleRefresh(file: TrackedFile, notBeforeMs: number): () => void {
    const incomplete = file.failedRuns > 0 || file.pending().length > 0;
    const retryMs = Math.min(firstRetryMs * 2 ** Math.max(0, file.failedRuns - 1), longestRetryMs);
    const delayMs = incomplete ? retryMs : this.settings.cacheTtlMinutes * 60_000;
    return this.#environment.timers.after(Math.max(delayMs, notBeforeMs), () => void this.#run([file]));
  }

  #stop(file: TrackedFile | undefined): void {
    file?.run?.leave(file);
    file?.cancelTimer?.();
    if (file !== undefined) {
      file.run = undefined;
      file.cancelTimer = undefined;
    }
  }

  #ignoresChanged(): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    this.selectedFiles.filter((file) => file.isShown).forEach((file) => this.#show(file));
    this.#watcher.landed();
    this.#report();
  }

  #report(): void {
    const settings = { ...this.settings, enable: isEnabledAnywhere(this.#settings) };
    this.#publisher.report(this.selectedFiles, this.#engine, settings);
    this.#findings?.changed();
    this.#ignoreRemarks.changed();
  }
}

const brokenOffText = 'Pinwatch itself failed here; its output says how.';
const cancelledText = 'The check was cancelled. Rescan the file to check it.';

/** A scan that ends without answers must not leave lines that look as if they were still being checked. */
function unanswered(
  lookups: readonly Lookup[],
  reason: Failed['reason'],
  message: string,
): ReadonlyMap<string, Failed> {
  return new Map(lookups.map((lookup) => [lookupKey(lookup), { kind: 'failed', reason, message }]));
}

function isVulnerable(outcome: Outcome): boolean {
  return outcome.kind === 'assessed' && outcome.verdict !== 'clean' && !isWhollyIgnored(outcome);
}

function concernsEngine(before: Settings, after: Settings): boolean {
  return engineKeys.some((key) => before[key] !== after[key]);
}

const engineKeys = [
  'osvUrl',
  'networkTransport',
  'osvTimeoutSeconds',
  'osvConcurrency',
  'indexUrl',
  'cacheMaxEntries',
  'cacheTtlMinutes',
  'cacheDetailsMaxAgeDays',
  'cacheRedisUrl',
  'offlineMode',
  'offlineDatabasePath',
] as const satisfies readonly (keyof Settings)[];
