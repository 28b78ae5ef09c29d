import type { ClearCacheResult } from '../../../../protocol/messages/clearCache.ts';
import type { NetworkParams } from '../../../../protocol/messages/network.ts';
import { counted } from '../../core/text/counted.ts';
import type { ImportSummary } from '../../engine/offline/advisoryDatabase.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { Progress } from '../client/progress.ts';
import type { DatabaseWish } from '../environment.ts';
import type { DatabaseOutcome } from '../handlers/commands/database.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { LookupRunner, Shell } from './lookupRunner.ts';
import { selectedIds, type SettingsAdoption } from './settingsAdoption.ts';

/** Has files asked about again once what was answered counts no longer: a cleared cache, another database, another network. */
export class AnswerReset {
  readonly #project: Project;
  readonly #engine: EngineHolder;
  readonly #runner: LookupRunner;
  readonly #settings: Pick<SettingsAdoption, 'whenReady'>;
  readonly #progress: Pick<Progress, 'begin'>;
  readonly #shell: Shell;

  // eslint-disable-next-line max-params -- the parts that it works with; a bag would hide them
  constructor(
    project: Project,
    engine: EngineHolder,
    runner: LookupRunner,
    settings: Pick<SettingsAdoption, 'whenReady'>,
    progress: Pick<Progress, 'begin'>,
    shell: Shell,
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#runner = runner;
    this.#settings = settings;
    this.#progress = progress;
    this.#shell = shell;
  }

  /** Forgets every answer, then asks again for what is open. */
  async clearCache(): Promise<ClearCacheResult> {
    const { licences, needs, projects, scanner } = this.#engine.engine;
    licences?.clear();
    needs?.clear();
    projects?.clear();
    const entries = await scanner.clear();
    this.#shell.log.info(`The cache was cleared: ${counted(entries, 'entry', 'entries')}.`, {
      event: 'cache.cleared',
      entries,
    });
    this.#checkAll();
    return { entries };
  }

  /** Where the database answers, what it told is asked of it again afterwards. */
  async changeDatabase(wish: DatabaseWish, signal: AbortSignal): Promise<DatabaseOutcome> {
    await this.#settings.whenReady;
    const cancelled = new AbortController();
    const shown = this.#progress.begin({ title: 'Reading advisories', cancel: () => cancelled.abort() });
    const stop = AbortSignal.any([signal, cancelled.signal, this.#shell.closing]);
    try {
      const summary = await this.#engine.changeDatabase(wish, {
        onProgress: (message) => shown.report(message),
        signal: stop,
      });
      this.#audit(wish, summary);
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

  #audit({ kind }: DatabaseWish, { written, older, problems, setAside, requests }: ImportSummary): void {
    const log = this.#shell.log;
    if (setAside !== undefined) {
      log.warn(`The local advisory database could not be used and was renamed to "${setAside}".`, {
        event: 'database.setAside',
      });
    }
    const what = kind === 'update' ? 'updated' : 'imported';
    log.info(`The local advisory database was ${what}: ${counted(written, 'record')} written.`, {
      event: `database.${what}`,
      written,
      older,
      problems: problems.length,
      ...(requests && { requests }),
    });
  }

  /** The user reaches the network another way than before. What failed is tried again at once. */
  useNetwork(params: NetworkParams): void {
    this.#engine.useNetwork(params);
    const failed = this.#project.workspace.selected.filter(({ failedRuns }) => failedRuns > 0);
    const again = failed.some(({ failedAgain }) => failedAgain);
    this.#shell.own('Checking again', () =>
      this.#runner.run(
        failed.map(({ id }) => id),
        { again },
      ),
    );
  }

  async #databaseChanged(): Promise<void> {
    if (this.#project.workspace.settings.window.offlineMode === 'online' || this.#shell.closing.aborted) {
      return;
    }
    const retired = this.#engine.renew();
    this.#project.apply({ kind: 'forgotten' });
    this.#checkAll();
    await this.#engine.close(retired);
  }

  #checkAll(): void {
    this.#shell.own('Checking files', () => this.#runner.run(selectedIds(this.#project)));
  }
}
