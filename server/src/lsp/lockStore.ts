import type { LockedVersions } from '../core/assessment/decidedVersions.ts';
import type { LockReader } from '../scan/lockReader.ts';

/** What decides versions for each file, as it was when it was last read. */
export class LockStore {
  readonly #reader: LockReader;
  readonly #locks = new Map<string, readonly LockedVersions[]>();
  #outdated: ReadonlySet<string> | 'all' = new Set();
  /** One after the other: a read that began before a change must not end after the one that saw it. */
  #reading: Promise<void> = Promise.resolve();

  constructor(reader: LockReader) {
    this.#reader = reader;
  }

  /** Empty until it has been read. */
  get(uri: string): readonly LockedVersions[] {
    return this.#locks.get(uri) ?? [];
  }

  /** Whether it has been read. */
  has(uri: string): boolean {
    return this.#locks.has(uri);
  }

  /** It may be something else now; what was read holds until then. For all files where `uri` is absent. */
  lookAgain(uri?: string): void {
    if (this.#outdated !== 'all') {
      this.#outdated = uri === undefined ? 'all' : new Set([...this.#outdated, uri]);
    }
  }

  /** Reads for these files what was not read yet or may have changed, and forgets all others. */
  read(uris: readonly string[], roots: readonly string[]): Promise<void> {
    const reading = this.#reading.then(async () => {
      const wanted = new Set(uris);
      [...this.#locks.keys()].filter((uri) => !wanted.has(uri)).forEach((uri) => this.#locks.delete(uri));
      const outdated = this.#outdated;
      this.#outdated = new Set(); // what changes from here on is read again by the next
      const asked = uris.filter((uri) => !this.#locks.has(uri) || outdated === 'all' || outdated.has(uri));
      if (asked.length > 0) {
        const found = await this.#reader.read(asked, roots);
        asked.forEach((uri) => this.#locks.set(uri, found.get(uri) ?? []));
      }
    });
    // Whoever asked hears of a failure; those who come later read all of it again.
    this.#reading = reading.catch(() => this.lookAgain());
    return reading;
  }
}

const names = /^(?:uv\.lock|poetry\.lock|pdm\.lock|pylock\.toml|Pipfile\.lock|pyvenv\.cfg|.+\.dist-info)$/u;

/** Whether a change of this file or folder may change what decides versions; `isTracked` says what is looked after. */
export function mayDecide(uri: string, trackedUris: readonly string[]): boolean {
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const name = uri.slice(folder.length);
  const isBesideSource = (): boolean =>
    trackedUris.some((one) => one.startsWith(folder) && one.endsWith('.in') && !one.slice(folder.length).includes('/'));
  return names.test(name) || (name.endsWith('.txt') && isBesideSource());
}

/** The same for the client that watches; requirements files are watched besides. */
export const decidingGlobs = [
  '**/{uv.lock,poetry.lock,pdm.lock,pylock.toml,Pipfile.lock}',
  '**/{.venv,venv,env}/pyvenv.cfg',
  '**/site-packages/*.dist-info',
] as const;
