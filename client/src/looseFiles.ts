import { type Disposable, languages, RelativePattern, type TextDocument, Uri, workspace } from 'vscode';
import type { RequirementFilter } from './requirementFilters.ts';

export type FileChange = 'created' | 'changed' | 'deleted';

// Other requirements files, ignore files and locks. Not what lies deeper: a home folder can be deep.
const pattern = '*.{txt,in,toml,lock}';

/** Watches beside open requirements files that lie in no workspace folder: the editor itself watches only those. */
export class LooseFiles implements Disposable {
  readonly #changed: (uri: Uri, change: FileChange) => void;
  readonly #filters: () => readonly RequirementFilter[];
  readonly #watchers = new Map<string, Disposable>();
  readonly #subscriptions: readonly Disposable[];

  constructor(filters: () => readonly RequirementFilter[], changed: (uri: Uri, change: FileChange) => void) {
    this.#filters = filters;
    this.#changed = changed;
    this.#subscriptions = [
      workspace.onDidOpenTextDocument(() => this.refresh()),
      workspace.onDidCloseTextDocument(() => this.refresh()),
      workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
    ];
  }

  /** Watches beside those that are open now; to be called first of all, and when the filters have changed. */
  refresh(): void {
    const loose = workspace.textDocuments.filter((document) => this.#isLoose(document));
    const folders = new Map(loose.map(({ uri }) => Uri.joinPath(uri, '..')).map((uri) => [uri.toString(), uri]));
    for (const [key, watcher] of this.#watchers) {
      if (!folders.has(key)) {
        watcher.dispose();
        this.#watchers.delete(key);
      }
    }
    for (const [key, folder] of folders) {
      if (!this.#watchers.has(key)) {
        this.#watchers.set(key, this.#watcher(folder));
      }
    }
  }

  dispose(): void {
    for (const disposable of [...this.#subscriptions, ...this.#watchers.values()]) {
      disposable.dispose();
    }
    this.#watchers.clear();
  }

  #watcher(folder: Uri): Disposable {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, pattern));
    watcher.onDidCreate((uri) => this.#changed(uri, 'created'));
    watcher.onDidChange((uri) => this.#changed(uri, 'changed'));
    watcher.onDidDelete((uri) => this.#changed(uri, 'deleted'));
    return watcher;
  }

  #isLoose(document: TextDocument): boolean {
    const { uri, isClosed } = document;
    const isLoose = !isClosed && uri.scheme === 'file' && workspace.getWorkspaceFolder(uri) === undefined;
    return isLoose && languages.match(this.#filters(), document) > 0;
  }
}
