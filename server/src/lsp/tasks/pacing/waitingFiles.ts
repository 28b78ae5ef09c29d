import type { Delta } from '../../../project/workspace/changes/change.ts';
import type { FileId } from '../../../project/fileId.ts';
import type { DeltaTaker } from '../../../project/workspace/project.ts';
import type { Timers } from '../../environment.ts';
import type { Run } from '../run.ts';

/** What each file waits for: the answers of a run, a pause in typing, the time to ask again. At most one run and one timer a file. */
export class WaitingFiles implements DeltaTaker {
  readonly #timers: Timers;
  readonly #runs = new Map<FileId, Run>();
  readonly #cancels = new Map<FileId, () => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  take({ stop }: Delta): void {
    stop.forEach((file) => this.stop(file));
  }

  runOf(file: FileId): Run | undefined {
    return this.#runs.get(file);
  }

  waitForRun(file: FileId, run: Run): void {
    this.#runs.set(file, run);
  }

  hasTimer(file: FileId): boolean {
    return this.#cancels.has(file);
  }

  /** In place of the timer that it waited for. */
  after(file: FileId, delayMs: number, call: () => void): void {
    this.#cancels.get(file)?.();
    const cancel = this.#timers.after(delayMs, () => {
      this.#cancels.delete(file);
      call();
    });
    this.#cancels.set(file, cancel);
  }

  /** The answers that it waited for are there. */
  runEnded(file: FileId): void {
    this.#runs.delete(file);
  }

  stop(file: FileId): void {
    this.#runs.get(file)?.leave(file);
    this.#cancels.get(file)?.();
    this.#runs.delete(file);
    this.#cancels.delete(file);
  }

  dispose(): void {
    [...this.#runs.keys(), ...this.#cancels.keys()].forEach((file) => this.stop(file));
  }
}
