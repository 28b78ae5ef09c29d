import type { Connection } from 'vscode-languageserver';
import { type AgeContext, lineCoverage } from '../features/lineCoverage.ts';
import type { DiagnosticAbilities } from './capabilities.ts';
import { AgeWatch } from './ageWatch.ts';
import type { Environment } from './environment.ts';
import type { FileStore } from './fileStore.ts';
import { FindingsFeed } from './findingsFeed.ts';
import type { IgnoreBook } from './ignoreBook.ts';
import type { Own } from './guard.ts';
import { IgnoreRemarks } from './ignoreRemarks.ts';
import { LicenceKeeper } from './licenceKeeper.ts';
import { Publisher } from './publisher.ts';
import { isEnabledAnywhere, settingsFault } from './settingsSnapshot.ts';
import type { Setup } from './setup.ts';
import type { TrackedFile } from './trackedFile.ts';

export interface DisplaySources {
  readonly setup: Setup;
  readonly files: FileStore;
  readonly ignores: IgnoreBook;
  /** What the client shows of a diagnostic. */
  readonly diagnostics: DiagnosticAbilities;
  readonly own: Own;
  /** Called when lines show something else without having been edited. */
  readonly landed: () => void;
}

/** What the client shows: the diagnostics of each file, and what is told of all of them together. */
export class Display {
  readonly #connection: Connection;
  readonly #environment: Environment;
  readonly #sources: DisplaySources;
  readonly #publisher: Publisher;
  readonly #ignoreRemarks: IgnoreRemarks;
  readonly #licences: LicenceKeeper;
  readonly #age: AgeWatch;
  #findings: FindingsFeed | undefined;

  constructor(connection: Connection, environment: Environment, sources: DisplaySources) {
    const { setup, files, ignores } = sources;
    this.#connection = connection;
    this.#environment = environment;
    this.#sources = sources;
    this.#publisher = new Publisher(connection, environment.clock, sources.diagnostics);
    this.#age = new AgeWatch(
      environment.timers,
      () => lineCoverage(files.selected(setup.settings), this.#ageContext()).freshness,
      () => this.showAgain(),
    );
    this.#licences = new LicenceKeeper(
      environment.timers,
      () => ({
        library: setup.engine.licences,
        files: files.selected(setup.settings).map(({ id, lines }) => ({ lines, settings: setup.settingsFor(id) })),
      }),
      () => this.showAgain(),
    );
    this.#ignoreRemarks = new IgnoreRemarks(connection, environment.timers, () => ({
      files: files.selected(setup.settings),
      sourcesFor: (file) => ignores.sourcesFor(file),
      uriOf: (file) => files.uriOf(file),
      workspace: files.hasWholeWorkspace,
      now: environment.clock.now(),
    }));
  }

  /** From now on the client is told of every finding, whenever they change. */
  announceFindings(): void {
    const { setup, files } = this.#sources;
    this.#findings = new FindingsFeed(this.#connection, this.#environment.timers, () => ({
      files: files.selected(setup.settings),
      workspace: files.hasWholeWorkspace,
      age: this.#ageContext(),
    }));
  }

  #ageContext(): AgeContext {
    const { setup } = this.#sources;
    return {
      source: setup.engine.describe(),
      now: this.#environment.clock.now(),
      maxDataAgeDays: setup.settings.window.offlineMaxDataAgeDays,
    };
  }

  /** Brings a file up to date with what is known this instant, and shows it. */
  show(file: TrackedFile): void {
    const { setup, ignores } = this.#sources;
    const settings = setup.settingsFor(file.id);
    this.#publisher.show(file, setup.engine, settings, ignores.listsFor(file.id, settings));
    this.#licences.shown(settings);
  }

  /** For a file that is no longer looked after. */
  showNothing(file: TrackedFile): void {
    this.#publisher.showNothing(file);
  }

  /** Lines show something else without having been edited. */
  landed(): void {
    this.#sources.landed();
  }

  /** What is ignored, or known of licences, has changed, and nothing else. */
  showAgain(): void {
    const { setup, files } = this.#sources;
    files
      .selected(setup.settings)
      .filter((file) => file.isShown)
      .forEach((file) => this.show(file));
    this.landed();
    this.report();
  }

  /** Tells what holds of all files together, where it differs from what was told last. */
  report(): void {
    const { setup, files } = this.#sources;
    const settings = { ...setup.settings.window, enable: isEnabledAnywhere(setup.settings) };
    const shown = files.selected(setup.settings);
    this.#age.shown(this.#publisher.report(shown, setup.engine, settings, settingsFault(setup.settings)));
    this.#findings?.changed();
    this.#ignoreRemarks.changed();
  }

  dispose(): void {
    this.#age.stop();
    this.#findings?.dispose();
    this.#ignoreRemarks.dispose();
    this.#licences.dispose();
  }
}
