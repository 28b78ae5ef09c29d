import { isPin } from '../../core/assessment/lookup.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Delta } from '../../project/workspace/changes/change.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { type FactLibrary, factRetryMs } from '../../engine/index/factLibrary.ts';
import type { DeltaTaker, Project } from '../../project/workspace/project.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { Shell } from './lookupRunner.ts';
import { asksForProjects, hasLicenceRules } from '../publish/policies.ts';

/** Asks for what rules are about, licences and projects, of the lines that are shown; after a pause, since people type. */
export class PolicyRequests implements DeltaTaker {
  readonly #shell: Pick<Shell, 'timers' | 'own'>;
  readonly #engine: EngineHolder;
  readonly #project: Project;
  readonly #closing = new AbortController();
  #cancel: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(shell: Pick<Shell, 'timers' | 'own'>, engine: EngineHolder, project: Project) {
    this.#shell = shell;
    this.#engine = engine;
    this.#project = project;
  }

  take({ show }: Delta): void {
    for (const file of show) {
      const settings = this.#project.workspace.settingsOf(file);
      if (hasLicenceRules(settings) || asksForProjects(settings)) {
        this.#cancel?.();
        this.#cancel = this.#shell.timers.after(settings.debounceMilliseconds, () => this.#askInTurn());
      }
    }
  }

  dispose(): void {
    this.#closing.abort();
    this.#cancel?.();
    this.#cancelRetry?.();
  }

  /** One after the other: what is being asked is open still, and is not to be asked a second time. A fault ends its own turn only. */
  #askInTurn(): void {
    this.#shell.own('Asking what rules need', () => {
      const turn = this.#asking.then(() => this.#ask());
      this.#asking = turn.catch(() => undefined); // the owner of the turn logs it
      return turn;
    });
  }

  /** Asks for what the rules of these files need. Resolves when all of it is known or has failed; rejects with the signal's reason. */
  async complete(files: readonly FileSnapshot[], signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    await untilAborted(this.#asking, either);
    await this.#askFor(files, either);
  }

  async #ask(): Promise<void> {
    const { signal } = this.#closing;
    await this.#askFor(this.#project.workspace.selected, signal).catch((error: unknown) => {
      if (!signal.aborted) {
        throw error;
      }
    });
  }

  async #askFor(files: readonly FileSnapshot[], signal: AbortSignal): Promise<void> {
    const { licences, projects } = this.#engine.engine;
    const pins = files.flatMap(({ lines, settings }) => (hasLicenceRules(settings) ? pinsOf(lines) : []));
    const names = files.flatMap(({ lines, settings }) => (asksForProjects(settings) ? namesOf(lines) : []));
    const asked = await Promise.all([askOf(licences, pins, signal), askOf(projects, names, signal)]);
    if (!asked.some((one) => one !== 'nothing')) {
      return;
    }
    if (asked.includes('news')) {
      this.#project.apply({ kind: 'marksChanged' });
    }
    // What failed; where nothing did, nothing will be open then.
    this.#cancelRetry?.();
    this.#cancelRetry = this.#shell.timers.after(factRetryMs, () => this.#askInTurn());
  }
}

/** Waits for the end of `work`, or rejects with the signal's reason. */
function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}

async function askOf<Subject, Fact extends object>(
  library: FactLibrary<Subject, Fact> | undefined,
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<'nothing' | 'same' | 'news'> {
  const open = subjects.filter((one) => library?.isOpen(one));
  if (library === undefined || open.length === 0) {
    return 'nothing';
  }
  const { revision } = library;
  await library.ask(open, signal);
  return library.revision === revision ? 'same' : 'news';
}

function pinsOf(lines: readonly LineState[]): readonly Pin[] {
  return lines.flatMap(({ requirement: { subject } }) =>
    subject.kind === 'lookup' && isPin(subject.lookup) ? [subject.lookup] : [],
  );
}

function namesOf(lines: readonly LineState[]): readonly PackageName[] {
  return lines.flatMap(({ requirement: { subject } }) => (subject.kind === 'lookup' ? [subject.lookup.name] : []));
}
