import { fileId } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { IgnoreReading } from './ignoreReading.ts';
import type { LockStore } from './lockStore.ts';
import type { Shell } from './lookupRunner.ts';
import type { OfflineQueueRunner } from '../upkeep/offlineQueueRunner.ts';
import type { WorkspaceChecks } from './workspaceChecks.ts';

/** Takes the folders of the workspace as they come and go, and has new ones searched where the whole workspace had been. */
export class FolderSearch {
  readonly #project: Project;
  readonly #queue: OfflineQueueRunner;
  readonly #ignores: IgnoreReading;
  readonly #locks: LockStore;
  readonly #checks: WorkspaceChecks;
  readonly #shell: Shell;
  #isWanted: boolean;

  /** `isWanted`: the workspace is to be searched as soon as the settings are known. */
  // eslint-disable-next-line max-params -- the parts that it works with; a bag would hide them
  constructor(
    project: Project,
    queue: OfflineQueueRunner,
    decisions: { readonly ignores: IgnoreReading; readonly locks: LockStore },
    checks: WorkspaceChecks,
    shell: Shell,
    isWanted: boolean,
  ) {
    this.#project = project;
    this.#queue = queue;
    this.#ignores = decisions.ignores;
    this.#locks = decisions.locks;
    this.#checks = checks;
    this.#shell = shell;
    this.#isWanted = isWanted;
  }

  /** Lets go of what lies in folders that are gone. What is new is searched by `searchWanted`, once its settings are known. */
  take(uris: readonly string[]): void {
    this.#isWanted ||= this.#project.workspace.wantsWholeWorkspace;
    this.#queue.beginAnew();
    this.#locks.lookAgain();
    this.#project.apply({ kind: 'folders', folders: [...new Set(uris.map(fileId))] });
    this.#shell.own('Reading ignore files', () => this.#ignores.readAgain());
  }

  async searchWanted(): Promise<void> {
    if (!this.#isWanted) {
      return;
    }
    this.#isWanted = false;
    const { closing, log } = this.#shell;
    try {
      await this.#checks.examine(undefined, closing);
    } catch (error) {
      if (!closing.aborted) {
        log.error(`The workspace was not searched again: ${String(error)}`);
      }
    }
  }
}
