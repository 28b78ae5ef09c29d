import { opendir, stat } from 'node:fs/promises';
import type { Log } from '../../../engine/ports.ts';
import { errorCode } from '../files/errorCode.ts';
import { loadFile, realFolders } from '../files/loader.ts';
import { isBelow, realPlaceOf } from '../files/realPlace.ts';
import { Remembered } from './remembered.ts';

// The largest lock files of public repositories have a few megabytes.
const mostBytes = 16 * 1024 * 1024;
// An environment with everything for machine learning has under a thousand.
const mostNames = 20_000;

export interface Listing {
  readonly names: readonly string[];
  readonly isUnread: boolean;
}

/** The disk, for what may decide versions. What cannot be read decides nothing: `undefined`, and a word at debug. */
export class LockDisk<Value> {
  readonly #log: Pick<Log, 'debug'>;
  readonly #lacks: (file: string) => boolean;
  readonly #remembered: Remembered<Value | undefined>;
  readonly #within: readonly string[];
  readonly #signal: AbortSignal | undefined;

  constructor(
    log: Pick<Log, 'debug'>,
    /** Whether it is known that a file is not there. */
    lacks: (file: string) => boolean = () => false,
    within: readonly string[] = [],
    signal?: AbortSignal,
    remembered = new Remembered<Value | undefined>(),
  ) {
    this.#log = log;
    this.#lacks = lacks;
    this.#within = within;
    this.#signal = signal;
    this.#remembered = remembered;
  }

  /** The same disk, with the same memory, for what lies below these folders, links followed. */
  within(folders: readonly string[], signal: AbortSignal | undefined): LockDisk<Value> {
    return new LockDisk(this.#log, this.#lacks, folders, signal, this.#remembered);
  }

  /**
   * What `make` makes of a file; the same as before where the file has not changed. `failed` is called where there is one that
   * could not be read, at the first attempt.
   */
  async ofFile(
    file: string,
    make: (bytes: Uint8Array) => Promise<Value | undefined> | Value | undefined,
    failed?: () => void,
  ): Promise<Value | undefined> {
    if (this.#lacks(file)) {
      return undefined;
    }
    const work = async (): Promise<Value | undefined> => {
      const stats = await stat(file);
      // What was refused below other folders may be read below these, and the other way round.
      const stamp = [stats.mtimeMs, stats.ctimeMs, stats.size, stats.ino, ...this.#within].join(' ');
      return this.#remembered.of(file, stamp, async () => {
        const load = async (): Promise<Value | undefined> => {
          const loaded = await loadFile(file, { within: this.#within, mostBytes, signal: this.#signal });
          if ('error' in loaded) throw new Error(loaded.error.message);
          return make(loaded.bytes);
        };
        const made = await this.attempt(file, load, failed);
        this.#signal?.throwIfAborted(); // and nothing is remembered
        return made;
      });
    };
    return this.attempt(file, work, failed);
  }

  /** What `make` makes of these names; the same as before where they are. */
  ofNames(folder: string, names: readonly string[], make: () => Promise<Value> | Value): Promise<Value | undefined> {
    return this.#remembered.of(folder, names.join('/'), make);
  }

  async isFile(file: string): Promise<boolean> {
    if (this.#lacks(file)) {
      return false;
    }
    const found = await this.attempt(file, async () => {
      const stats = await stat(file);
      await this.#checkInside(file);
      return stats.isFile();
    });
    return found ?? false;
  }

  /** What a folder holds by names that end so, sorted; empty where there is none, or where it cannot be read. */
  async namesIn(folder: string, ending = ''): Promise<readonly string[]> {
    return (await this.listing(folder, ending)).names;
  }

  /** The same. `isUnread`: there is one, and it could not be read. */
  async listing(folder: string, ending = ''): Promise<Listing> {
    let isUnread = false;
    const found = await this.attempt(
      folder,
      async () => {
        const names: string[] = [];
        let seen = 0;
        await this.#checkInside(folder);
        for await (const { name } of await opendir(folder)) {
          this.#signal?.throwIfAborted();
          if (++seen > mostNames) throw new Error(`it holds more than ${mostNames} entries`);
          if (name.endsWith(ending)) names.push(name);
        }
        return names.sort();
      },
      () => (isUnread = true),
    );
    return { names: found ?? [], isUnread };
  }

  async #checkInside(file: string): Promise<void> {
    const [place, folders] = await Promise.all([realPlaceOf(file), realFolders(this.#within)]);
    if (place.exists && !isBelow(place.path, folders)) throw new Error('it is outside of what is scanned');
  }

  tell(message: string): void {
    this.#log.debug(message);
  }

  /** `failed` is called where it fails for another reason than that it is not there. */
  async attempt<Result>(
    what: string,
    work: () => Promise<Result>,
    failed: () => void = () => undefined,
  ): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        const why = code === '' ? reasonOf(error) : code;
        failed();
        this.tell(`"${what}" decides no versions: ${why.split('\n')[0] ?? ''}.`);
      }
      return undefined;
    }
  }
}

/** Node quotes the text where JSON cannot be read, and that may be cut out of the middle of a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not valid JSON';
  return error instanceof Error ? error.message : String(error);
}
