import type { Clock } from '../../engine/ports.ts';
import type { FileId } from '../fileId.ts';
import type { Change, Delta } from './changes/change.ts';
import type { Workspace } from './workspace.ts';

/** Does its part of what a change asks for, at once: shows, clears, stops. It applies no change itself before that is done. */
export interface DeltaTaker {
  take(delta: Delta): void;
  /** The text of a file has another version and says what it said. Most have nothing to do about that. */
  takeVersion?(file: FileId, version: number): void;
}

/** A workspace that others act on: every change of it is applied here, and each of them does its part of what that asks for. */
export class Project {
  readonly workspace: Workspace;
  readonly #clock: Clock;
  readonly #takers: DeltaTaker[] = [];

  constructor(workspace: Workspace, clock: Clock) {
    this.workspace = workspace;
    this.#clock = clock;
  }

  /** The time of day, milliseconds since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** From the next change on; in the order in which they came. */
  addTaker(taker: DeltaTaker): void {
    this.#takers.push(taker);
  }

  /** What is left to do for the caller, who alone can wait, is in the result: what to ask, to read, to wait for. */
  apply(change: Change): Delta {
    const delta = this.workspace.apply(change, this.#clock.now());
    const { sameAgain: same } = delta;
    if (delta.later !== undefined) {
      return delta;
    }
    for (const taker of this.#takers) {
      if (same === undefined) {
        taker.take(delta);
      } else {
        taker.takeVersion?.(same.file, same.version);
      }
    }
    return delta;
  }
}
