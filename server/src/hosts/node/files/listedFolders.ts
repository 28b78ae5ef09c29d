import path from 'node:path';

/**
 * What lies in the folders that a search has listed, for one run: thousands of looks at files that are not there (locks,
 * environments, ignore files in every folder) can be spared.
 */
export class ListedFolders {
  readonly #presentFolder: string;
  /** Lower-case names; `undefined` where a name may stand for another one. */
  readonly #names = new Map<string, ReadonlySet<string> | undefined>();

  constructor(presentFolder: string) {
    this.#presentFolder = presentFolder;
  }

  note(folder: string, names: readonly string[]): void {
    // Which names the system takes for the same one, beside the letter case of ASCII, only the system knows.
    const isPlain = names.every((name) => /^[\x20-\x7e]*$/.test(name));
    this.#names.set(
      path.resolve(this.#presentFolder, folder),
      isPlain ? new Set(names.map((name) => name.toLowerCase())) : undefined,
    );
  }

  /** The file was not there, nor the folder it would lie in; `false` where nobody has looked. */
  lacks(file: string): boolean {
    const absolute = path.resolve(this.#presentFolder, file);
    return this.#lacksName(absolute) || this.#lacksName(path.dirname(absolute));
  }

  #lacksName(absolute: string): boolean {
    return this.#names.get(path.dirname(absolute))?.has(path.basename(absolute).toLowerCase()) === false;
  }
}
