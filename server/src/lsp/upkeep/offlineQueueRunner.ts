import { matchesName } from '../../core/packages/packageName.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import { drainPending, keepPending, settlePending } from '../../engine/offline/pendingLookups.ts';
import type { Log } from '../../engine/ports.ts';
import type { Outcomes } from '../../engine/lookup/scanner.ts';
import type { Files } from '../environment.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import type { MemoryGuard } from './memoryGuard.ts';
import { isBlockedAnywhere, isEnabledAnywhere } from '../../project/workspace/settingsSnapshot.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import { warmUp } from './warmUp.ts';

/**
 * Work for files that nobody has open: what storage knows of them is taken into memory once, and what could not be asked
 * about them, now or in a former session, is asked as soon as the service answers.
 */
export class OfflineQueueRunner {
  readonly #files: Files;
  readonly #log: Log;
  readonly #engine: EngineHolder;
  readonly #workspace: Workspace;
  readonly #guard: Pick<MemoryGuard, 'check' | 'isShort'>;
  readonly #signal: AbortSignal;
  #warm = false;
  #mayHavePending = true;

  constructor(
    engine: EngineHolder,
    workspace: Workspace,
    guard: Pick<MemoryGuard, 'check' | 'isShort'>,
    { files, log, signal }: { readonly files: Files; readonly log: Log; readonly signal: AbortSignal },
  ) {
    this.#engine = engine;
    this.#workspace = workspace;
    this.#guard = guard;
    this.#files = files;
    this.#log = log;
    this.#signal = signal;
  }

  /** The workspace, or the engine, is another one. */
  beginAnew(): void {
    this.#warm = false;
  }

  /** What files ask that nobody has open: their text is no reminder of it in the next session. */
  async keep(lookups: readonly Lookup[]): Promise<void> {
    const { pending, scanner } = this.#engine.engine;
    if (pending !== undefined && lookups.length > 0) {
      this.#mayHavePending = true;
      await keepPending(
        pending,
        lookups.filter((lookup) => scanner.peek(lookup).kind !== 'fresh'),
      );
    }
  }

  async settle(lookups: readonly Lookup[], outcomes: Outcomes): Promise<void> {
    const { pending } = this.#engine.engine;
    if (pending !== undefined && lookups.length > 0) {
      await settlePending(pending, lookups, outcomes);
    }
  }

  /** Once what is open has been served. Never throws for what the world does. */
  async run(): Promise<void> {
    await this.#tryTo('Stored answers were not looked through', () => this.#warmUp());
    await this.#tryTo('What an earlier scan could not ask was not asked', () => this.#drain());
  }

  async #tryTo(failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#signal.aborted) {
        this.#log.warn(`${failure}: ${String(error)}`);
      }
    }
  }

  async #warmUp(): Promise<void> {
    if (this.#warm) {
      return;
    }
    this.#warm = true;
    const { engine } = this.#engine;
    const { folders, settings } = this.#workspace;
    await warmUp({
      files: this.#files,
      folders,
      settings,
      scanner: engine.scanner,
      log: this.#log,
      hasRoom: () => {
        this.#guard.check();
        return !this.#guard.isShort;
      },
      signal: this.#signal,
    });
  }

  async #drain(): Promise<void> {
    const { pending, scanner, health } = this.#engine.engine;
    const { settings } = this.#workspace;
    const answers = health.lastAnswerAt !== undefined && health.lastError === undefined;
    const mayAsk = isEnabledAnywhere(settings) && !isBlockedAnywhere(settings);
    if (pending === undefined || !this.#mayHavePending || !answers || !mayAsk) {
      return;
    }
    this.#mayHavePending = false;
    const everySetting = [settings.window, ...settings.folders.map((folder) => folder.settings)];
    const patterns = everySetting.flatMap(({ privatePackages }) => privatePackages);
    const isDrained = await drainPending({
      pending,
      scanner,
      isPrivate: (name) => patterns.some((pattern) => matchesName(pattern, name)),
      signal: this.#signal,
      onAsking: (count) => this.#log.info(`Asking about ${count} packages that an earlier scan could not ask about.`),
    });
    this.#mayHavePending ||= !isDrained;
  }
}
