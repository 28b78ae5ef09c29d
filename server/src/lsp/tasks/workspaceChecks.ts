import type { RescanResult } from '../../../../protocol/messages/rescan.ts';
import type { Outcome, Verdict } from '../../core/assessment/outcome.ts';
import { isWhollyIgnored } from '../../core/ignores/markIgnored.ts';
import type { Clock } from '../../engine/ports.ts';
import { type FileId, fileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { IgnoreReading } from './ignoreReading.ts';
import type { IncludeLinker } from './includeLinker.ts';
import type { LookupRunner } from './lookupRunner.ts';
import type { SettingsAdoption } from './settingsAdoption.ts';

/** Checks what somebody asks for by name: files, or every requirements file of the workspace. */
export class WorkspaceChecks {
  readonly #project: Project;
  readonly #engine: EngineHolder;
  readonly #ignores: IgnoreReading;
  readonly #linker: IncludeLinker;
  readonly #runner: LookupRunner;
  readonly #settings: Pick<SettingsAdoption, 'whenReady'>;
  readonly #clock: Clock;

  // eslint-disable-next-line max-params -- the parts that it works with; a bag would hide them
  constructor(
    project: Project,
    engine: EngineHolder,
    ignores: IgnoreReading,
    lookups: { readonly linker: IncludeLinker; readonly runner: LookupRunner },
    settings: Pick<SettingsAdoption, 'whenReady'>,
    clock: Clock,
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#ignores = ignores;
    this.#linker = lookups.linker;
    this.#runner = lookups.runner;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Asks again for these files; for every requirements file of the workspace where `uris` is absent. */
  async rescan(uris: readonly string[] | undefined, signal: AbortSignal): Promise<RescanResult> {
    const startedMs = this.#elapsedMs();
    await this.#settings.whenReady;
    this.#engine.engine.reset();
    const files = await this.#check(uris, { again: true, signal });
    const result = resultOf(files, this.unreadFor(uris, files));
    return { ...result, durationMs: Math.round(this.#elapsedMs() - startedMs) };
  }

  /** Asks about what is not known of these files, or of every requirements file of the workspace, and returns them. */
  async examine(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly FileSnapshot[]> {
    await this.#settings.whenReady;
    return this.#check(uris, { again: false, signal });
  }

  #elapsedMs(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }

  async #check(
    uris: readonly string[] | undefined,
    { again, signal }: { readonly again: boolean; readonly signal: AbortSignal },
  ): Promise<readonly FileSnapshot[]> {
    await this.#ignores.readAgain();
    // Nothing is waited for in between: what was opened or closed meanwhile would be shown as it was found.
    const files = await this.#linker.find(uris, signal);
    await this.#runner.run(files, { again, signal });
    await this.#ignores.whenRead(); // of folders that were not known before
    // What was edited or closed meanwhile is another file, or none.
    return files.flatMap((file: FileId) => this.#project.workspace.snapshot(file) ?? []);
  }

  /** What `rescan` and `examine` did not see: files that were asked for or searched for, and what files include. */
  unreadFor(uris: readonly string[] | undefined, files: readonly FileSnapshot[]): number {
    const { workspace } = this.#project;
    const includes = files.flatMap((file) => file.problems.filter(({ code }) => code.startsWith('include.')));
    const missing =
      uris === undefined
        ? workspace.unread.length
        : [...new Set(uris.map(fileId))].filter((id) => workspace.editionOf(id) === undefined).length;
    return missing + includes.length;
  }
}

function resultOf(files: readonly FileSnapshot[], unread: number): Omit<RescanResult, 'durationMs'> {
  const lines = files.flatMap((file) => file.lines);
  const outcomes = lines.flatMap(({ state }) => (state.kind === 'settled' ? [state.outcome] : []));
  const skipped = outcomes.filter((outcome) => outcome.kind === 'skipped').length;
  // What was edited, read again, or asked again by another request has no answer yet.
  const unshown = files.filter(({ isShown }) => !isShown).reduce((sum, { count }) => sum + count, 0);
  const unanswered = unshown + lines.length - outcomes.length;
  return {
    files: files.length,
    requirements: unshown + lines.length,
    vulnerable: outcomes.filter((outcome) => isOpen(outcome, 'vulnerable')).length,
    possiblyVulnerable: outcomes.filter((outcome) => isOpen(outcome, 'possiblyVulnerable')).length,
    failed: outcomes.filter((outcome) => outcome.kind === 'failed').length + unanswered,
    ...(skipped > 0 ? { skipped } : {}),
    ...(unread > 0 ? { unread } : {}),
  };
}

function isOpen(outcome: Outcome, verdict: Verdict): boolean {
  return outcome.kind === 'assessed' && outcome.verdict === verdict && !isWhollyIgnored(outcome);
}
