import type { FileId } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import { choosesOtherFiles, type SettingsSnapshot } from '../../project/workspace/settingsSnapshot.ts';
import type { ConfigReading } from './configReading.ts';
import type { DiskFollower } from './diskFollower.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { IncludeLinker } from './includeLinker.ts';
import type { Shell } from './lookupRunner.ts';
import type { OfflineQueueRunner } from '../upkeep/offlineQueueRunner.ts';

/** Puts settings into force: the engine that they ask for, the files that they choose, what of them is shown. */
export class SettingsAdoption {
  readonly #project: Project;
  readonly #engine: EngineHolder;
  readonly #linker: IncludeLinker;
  readonly #disk: DiskFollower;
  readonly #queue: OfflineQueueRunner;
  readonly #configs: ConfigReading;
  readonly #shell: Shell;
  #given: SettingsSnapshot | undefined;
  #takes = 0;
  /** Resolves when settings are in force: they say whom to ask and what never to send. */
  readonly whenReady: Promise<void>;
  #becomeReady: () => void = () => undefined;

  constructor(
    project: Project,
    engine: EngineHolder,
    followers: {
      readonly linker: IncludeLinker;
      readonly disk: DiskFollower;
      readonly queue: OfflineQueueRunner;
      readonly configs: ConfigReading;
    },
    shell: Shell,
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#linker = followers.linker;
    this.#disk = followers.disk;
    this.#queue = followers.queue;
    this.#configs = followers.configs;
    this.#configs.onChanged(() => this.#takeAgain());
    this.#shell = shell;
    this.whenReady = new Promise((resolve) => (this.#becomeReady = resolve));
    if (project.workspace.isReady) {
      engine.announce(project.workspace.settings);
      this.#becomeReady();
    }
  }

  /** As the client has them, without what configurations say. */
  get given(): SettingsSnapshot | undefined {
    return this.#given;
  }

  async take(given: SettingsSnapshot): Promise<void> {
    const { workspace } = this.#project;
    this.#given = given;
    const take = ++this.#takes;
    const settings = await this.#configs.configured(given, workspace.folders);
    if (take !== this.#takes) {
      return; // what came later is what holds
    }
    const before = workspace.settings;
    if (workspace.isReady && JSON.stringify(settings) === JSON.stringify(before)) {
      return;
    }
    const retired = this.#engine.takeSettings(settings.window);
    if (retired !== undefined) {
      this.#queue.beginAnew();
    }
    this.#becomeReady();
    this.#engine.announce(settings);
    this.#project.apply({ kind: 'settings', settings, forgets: retired !== undefined });
    this.#shell.own('Checking files', () => this.#linker.begin(selectedIds(this.#project)));
    if (workspace.wantsWholeWorkspace && choosesOtherFiles(before, settings)) {
      this.#shell.own('Searching for files', () => this.#disk.searchAgain());
    }
    if (retired !== undefined) {
      await this.#engine.close(retired);
    }
  }

  async #takeAgain(): Promise<void> {
    if (this.#given !== undefined) {
      await this.take(this.#given);
    }
  }
}

export function selectedIds({ workspace }: Project): readonly FileId[] {
  return workspace.selected.map(({ id }) => id);
}
