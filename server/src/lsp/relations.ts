import type { Display } from './display.ts';
import type { Timers } from './environment.ts';
import type { FileStore } from './fileStore.ts';
import { type FileId, fileId, nameOf } from '../project/fileId.ts';
import type { Own } from './guard.ts';
import { mayDecide } from './lockStore.ts';
import type { Scans } from './scans.ts';
import type { Setup } from './setup.ts';
import type { TrackedFile } from './trackedFile.ts';

// An installation changes many folders, one after the other.
const locksSettleMs = 500;

export interface RelationSources {
  readonly files: FileStore;
  readonly setup: Setup;
  readonly display: Display;
  readonly scans: Scans;
  readonly timers: Timers;
  readonly own: Own;
  /** Aborted when the session ends. */
  readonly closing: AbortSignal;
}

/** Keeps up with what files say of each other: includes, constraints, and the locks that decide versions. */
export class Relations {
  readonly #sources: RelationSources;
  #cancelLocks: (() => void) | undefined;
  #cancelSearch: (() => void) | undefined;
  #newPlaces: ReadonlySet<FileId> = new Set();

  constructor(sources: RelationSources) {
    this.#sources = sources;
  }

  /** Asks what these files ask, once it is known what decides their ranges; pins alone need not wait for that. */
  async begin(files: readonly TrackedFile[]): Promise<void> {
    const { display, scans, closing, own } = this.#sources;
    if (!files.some((file) => file.awaitsDecision)) {
      own('Checking files', () => scans.run(files));
      return this.follow();
    }
    display.report();
    await this.follow();
    const left = files.filter(
      (file) => this.#sources.files.get(file.id) === file && file.run === undefined && file.cancelTimer === undefined,
    );
    if (left.length > 0 && !closing.aborted) {
      await scans.run(left);
    }
  }

  /** Reads what is included and not known yet, and shows what that changes; asks about what is new. */
  async follow(alsoAsk: readonly FileId[] = []): Promise<void> {
    const { files, setup, display, scans, closing } = this.#sources;
    const loaded = await files.loadIncluded(setup.settings);
    await files.readLocks();
    const changed = this.#link();
    if (closing.aborted) {
      return;
    }
    const touched = files
      .selected(setup.settings)
      .filter((file) => loaded.includes(file) || changed.includes(file) || alsoAsk.includes(file.id));
    // What a file asks for is known once it is shown.
    touched.filter((file) => !changed.includes(file)).forEach((file) => display.show(file));
    const asked = touched.filter((file) => loaded.includes(file) || file.asksForMore);
    if (asked.length > 0) {
      await scans.run(asked);
    } else if (touched.length > 0) {
      display.landed();
      display.report();
    }
  }

  /** Requirements files that are new on disk, where the whole workspace had been searched: they belong to it, too. */
  async findNew(places: readonly FileId[] | undefined): Promise<readonly FileId[]> {
    const { files, setup, closing } = this.#sources;
    return (await files.findNew(places, setup.settings, closing)).map(({ id }) => id);
  }

  /** Reads again what nobody has open, and lets go of what is gone. Returns the files that say something else now. */
  async readAgain(ids: readonly FileId[]): Promise<readonly FileId[]> {
    const { files, setup, scans, display } = this.#sources;
    const { changed, gone } = await files.readAgain(ids, setup.settings);
    for (const file of gone) {
      scans.stop(file);
      display.showNothing(file);
    }
    return changed.map(({ id }) => id);
  }

  /** Locks and environments may be other ones now: reads them with the next `follow`. */
  lookForLocksAgain(): void {
    this.#sources.files.lookForLocksAgain();
  }

  /** These files, read where they are not open, with all that bears on them; or all of the workspace. */
  async find(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    const { files, setup, display, scans, own } = this.#sources;
    if (uris === undefined) {
      for (const file of await files.findAll(setup.settings, signal)) {
        scans.stop(file);
        display.showNothing(file);
      }
    } else {
      for (const id of uris.map((uri) => files.name(uri)).filter((one) => files.get(one) === undefined)) {
        await files.readFromDisk(id, setup.settings, true);
      }
    }
    files.lookAgain();
    const changed = await this.readAgain(files.all.map(({ id }) => id));
    const loaded = await files.loadIncluded(setup.settings);
    files.lookForLocksAgain();
    await files.readLocks();
    this.#link();
    const wanted = uris && new Set(uris.map(fileId));
    const isWanted = ({ id }: TrackedFile): boolean => wanted?.has(id) ?? true;
    const selected = files.selected(setup.settings);
    const also = selected.filter((file) => (loaded.includes(file) || changed.includes(file.id)) && !isWanted(file));
    if (also.length > 0) {
      own('Checking other files', () => scans.run(also)); // nobody else has it asked: it is known from here on
    }
    return selected.filter(isWanted);
  }

  /**
   * Files or folders on disk have changed: where they may decide versions, or may be folders with files of ours, follows that
   * once it is over.
   */
  changedOnDisk(places: readonly FileId[]): void {
    const { files, timers, own } = this.#sources;
    this.#searchSoon(places.filter((id) => mayBeFolder(id) && files.get(id) === undefined));
    const tracked = files.all.map(({ id }) => id);
    if (!places.some((id) => mayDecide(id, tracked))) {
      return;
    }
    this.#cancelLocks?.();
    this.#cancelLocks = timers.after(locksSettleMs, () => {
      this.#cancelLocks = undefined;
      files.lookForLocksAgain();
      own('Following locks', () => this.follow());
    });
  }

  /** Whether something is a folder nobody says; to find out is to search, so that many are looked at together. */
  #searchSoon(places: readonly FileId[]): void {
    const { files, timers, own } = this.#sources;
    if (places.length === 0 || !files.hasWholeWorkspace) {
      return;
    }
    this.#newPlaces = new Set([...this.#newPlaces, ...places]);
    this.#cancelSearch?.();
    this.#cancelSearch = timers.after(locksSettleMs, () => {
      this.#cancelSearch = undefined;
      const found = [...this.#newPlaces];
      this.#newPlaces = new Set();
      own('Searching new folders', async () => this.follow(await this.findNew(found)));
    });
  }

  dispose(): void {
    this.#cancelLocks?.();
    this.#cancelSearch?.();
  }

  /** Tells files what others say of them and shows those that look different now; returns these. */
  #link(): readonly TrackedFile[] {
    const { files, setup, display, scans } = this.#sources;
    const { changed, dropped } = files.link(setup.settings);
    for (const file of dropped) {
      scans.stop(file);
      display.showNothing(file);
    }
    const selected = files.selected(setup.settings).filter((file) => changed.includes(file));
    selected.forEach((file) => display.show(file));
    if (selected.length > 0) {
      display.landed();
    }
    return selected;
  }
}

// Folders have no ending, but for a few; the next save of a client that does not watch, or a rescan, finds what is in those.
const ending = /[^.]\.[A-Za-z][A-Za-z0-9]{0,9}$/u;
const noProject = /\/(?:\.git|node_modules|__pycache__|site-packages)(?:\/|$)/u;

function mayBeFolder(file: FileId): boolean {
  return !ending.test(nameOf(file)) && !noProject.test(file);
}
