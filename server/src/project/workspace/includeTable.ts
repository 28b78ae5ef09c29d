import { filesReachedFrom, type IncludeEdge, includeOrder } from '../../core/manifests/includeGraph.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { PlacedProblem } from '../../core/text/position.ts';
import { constraintsIn, type FileConstraints } from '../decided.ts';
import { type FileId, folderOf, isAtOrInsideAny } from '../fileId.ts';
import type { FileTable } from './fileTable.ts';
import { includeLines, type LinkedLine } from './includeLines.ts';
import type { TrackedFile } from './trackedFile.ts';
import { missingInclude, otherPlaceProblem, type UnreadInclude, unreadProblem } from '../reading/unreadInclude.ts';

/** What tracked files include: which of it is still to be read, which cannot be, and which constraints hold for which file. */
export class IncludeTable {
  readonly #files: FileTable;
  /** Why an included file is not read; looked at again when the workspace is searched, a file is saved or this one changes. */
  readonly #unreadable = new Map<FileId, UnreadInclude>();
  readonly #lines = new WeakMap<TrackedFile, { readonly file: Manifest; readonly lines: readonly PlacedLine[] }>();

  constructor(files: FileTable) {
    this.#files = files;
  }

  /** Included files that are not tracked, and of which it is not known that they cannot be read. */
  get missing(): readonly FileId[] {
    const named = this.#all().flatMap(({ to, unread }) => (unread === undefined ? [to] : []));
    return [...new Set(named)].filter((id) => !this.#files.has(id) && !this.#unreadable.has(id));
  }

  setUnreadable(file: FileId, why: UnreadInclude): void {
    this.#unreadable.set(file, why);
  }

  setReadable(file: FileId): void {
    this.#unreadable.delete(file);
  }

  /** These files, or those below these folders, may be readable now; without any, all may be. */
  lookAgain(places?: readonly FileId[]): void {
    if (places === undefined) {
      this.#unreadable.clear();
      return;
    }
    const among = new Set(places);
    for (const id of this.#unreadable.keys()) {
      if (isAtOrInsideAny(id, among)) {
        this.#unreadable.delete(id);
      }
    }
  }

  /** What these files include, directly or not, as far as it is tracked; themselves among them. */
  reachedFrom(files: readonly FileId[]): ReadonlySet<FileId> {
    return filesReachedFrom(files, this.#edges()) as ReadonlySet<FileId>;
  }

  /** The folders of the files that include this one. */
  foldersOfIncluders(file: FileId): readonly FileId[] {
    return this.includersOf(file).map(folderOf);
  }

  includersOf(file: FileId): readonly FileId[] {
    return this.#all().flatMap(({ from, to }) => (to === file ? [from.id] : []));
  }

  /** In the order of a report: as a search finds them, each followed by what it includes. */
  order(files: Iterable<FileId>): readonly FileId[] {
    return includeOrder([...files], this.#edges()) as readonly FileId[];
  }

  /** What files say of each other now, read once for all of them. `shown`: what a file is called, for people. */
  links(shown: (file: FileId) => string): (file: TrackedFile) => IncludeLinks {
    const lines = this.#all();
    const constraintsOf = constraintsIn(edgesOf(lines), (id) => {
      const file = this.#files.get(id as FileId);
      return file && { source: shown(file.id), file: file.file, uri: file.uri };
    });
    return (file) => ({
      ...constraintsOf(file.id),
      includedAt: lines.filter(({ to }) => to === file.id).map(({ from, range }) => ({ uri: from.uri, range })),
      problems: this.#linesOf(file).flatMap((written) => {
        const line = this.#placed(written);
        const unread = line.unread ?? (this.#files.has(line.to) ? undefined : this.#unreadable.get(line.to));
        if (unread !== undefined) return [unreadProblem(line, unread)];
        const other = line.places.find((place) => place !== line.to && this.#files.has(place));
        return other === undefined || !this.#files.has(line.to)
          ? []
          : [otherPlaceProblem(line, shown(line.to), shown(other))];
      }),
    });
  }

  #edges(): readonly IncludeEdge[] {
    return edgesOf(this.#all());
  }

  #all(): readonly PlacedLine[] {
    return this.#files.all.flatMap((from) => this.#linesOf(from).map((line) => this.#placed(line)));
  }

  /** Leads to the first of its places where a file is, or where nobody has looked yet. */
  #placed(line: PlacedLine): PlacedLine {
    if (line.places.length === 1) return line;
    const to = line.places.find((place) => this.#files.has(place) || !isNoFile(this.#unreadable.get(place)));
    return to === undefined || to === line.to ? line : { ...line, to };
  }

  /** Wanted for every file after every change, and the same until its text changes. */
  #linesOf(from: TrackedFile): readonly PlacedLine[] {
    const known = this.#lines.get(from);
    if (known?.file === from.file) {
      return known.lines;
    }
    const lines = includeLines(from.id, from.file).map((line) => ({ ...line, from }));
    this.#lines.set(from, { file: from.file, lines });
    return lines;
  }
}

function isNoFile(why: UnreadInclude | undefined): boolean {
  return why?.code === 'include.outside' || why?.why === missingInclude.why;
}

/** What other files say of one. */
export interface IncludeLinks extends FileConstraints {
  readonly includedAt: TrackedFile['includedAt'];
  readonly problems: readonly PlacedProblem[];
}

type PlacedLine = LinkedLine & { readonly from: TrackedFile };

function edgesOf(lines: readonly PlacedLine[]): readonly IncludeEdge[] {
  return lines.map(({ from, to, kind, part }) => ({ from: from.id, to, kind, ...(part && { part }) }));
}
