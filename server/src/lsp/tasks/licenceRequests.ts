import { isPin } from '../../core/assessment/lookup.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { Delta } from '../../project/workspace/change.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { licenceRetryMs } from '../../engine/index/licenceLibrary.ts';
import type { DeltaTaker, Project } from '../../project/workspace/project.ts';
import type { Timers } from '../environment.ts';
import type { EngineHolder } from './engineHolder.ts';
import { hasLicenceRules } from '../publish/policies.ts';

/** Asks for the licences of the pins that are shown, where rules are about them; after a pause, since people type. */
export class LicenceRequests implements DeltaTaker {
  readonly #timers: Timers;
  readonly #engine: EngineHolder;
  readonly #project: Project;
  readonly #closing = new AbortController();
  #cancel: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(timers: Timers, engine: EngineHolder, project: Project) {
    this.#timers = timers;
    this.#engine = engine;
    this.#project = project;
  }

  take({ show }: Delta): void {
    for (const file of show) {
      const settings = this.#project.workspace.settingsOf(file);
      if (hasLicenceRules(settings)) {
        this.#cancel?.();
        this.#cancel = this.#timers.after(settings.debounceMilliseconds, () => this.#askInTurn());
      }
    }
  }

  dispose(): void {
    this.#closing.abort();
    this.#cancel?.();
    this.#cancelRetry?.();
  }

  /** One after the other: what is being asked is open still, and is not to be asked a second time. */
  #askInTurn(): void {
    this.#asking = this.#asking.then(() => this.#ask());
  }

  async #ask(): Promise<void> {
    const library = this.#engine.engine.licences;
    const pins = this.#project.workspace.selected.flatMap(({ lines, settings }) =>
      hasLicenceRules(settings) ? pinsOf(lines) : [],
    );
    const open = pins.filter((pin) => library?.isOpen(pin));
    if (library === undefined || open.length === 0) {
      return;
    }
    const { revision } = library;
    const { signal } = this.#closing;
    await library.ask(open, signal).catch((error: unknown) => {
      if (!signal.aborted) {
        throw error;
      }
    });
    if (signal.aborted) {
      return;
    }
    if (library.revision !== revision) {
      this.#project.apply({ kind: 'marksChanged' });
    }
    // What failed; where nothing did, nothing will be open then.
    this.#cancelRetry?.();
    this.#cancelRetry = this.#timers.after(licenceRetryMs, () => this.#askInTurn());
  }
}

function pinsOf(lines: readonly LineState[]): readonly Pin[] {
  return lines.flatMap(({ requirement: { subject } }) =>
    subject.kind === 'lookup' && isPin(subject.lookup) ? [subject.lookup] : [],
  );
}
