import type { Clock } from '../../engine/ports.ts';
import type { AgeContext } from '../../features/lineCoverage.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';

/** What tells how old the data behind the lines are, at any moment. */
export class DataAge {
  readonly #engine: EngineHolder;
  readonly #workspace: Workspace;
  readonly #clock: Clock;

  constructor(engine: EngineHolder, workspace: Workspace, clock: Clock) {
    this.#engine = engine;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  now(): AgeContext {
    return {
      source: this.#engine.engine.describe(),
      now: this.#clock.now(),
      maxDataAgeDays: this.#workspace.settings.window.offlineMaxDataAgeDays,
    };
  }
}
