import type { Ignore } from '../../core/ignores/ignore.ts';
import { fileGroup } from '../../core/ignores/ignoreHold.ts';
import { markIgnored, markOutcome } from '../../core/ignores/markIgnored.ts';
import type { LineState } from './lineState.ts';
import { RemadeLines } from './remadeLines.ts';

/** Marks the lines of one file that an ignore holds for; a line that is the same object as before gives the same object. */
export class IgnoreMarks {
  readonly #fileGroup: string;
  #ignores: readonly Ignore[] = [];
  #now = 0;
  /** When the next of the ignores ends. */
  #until = Infinity;
  #marked = new RemadeLines();

  constructor(fileName: string) {
    this.#fileGroup = fileGroup(fileName);
  }

  /** Whether all marks stay as they were. */
  use(ignores: readonly Ignore[], now: number): boolean {
    const isSame =
      ignores.length === this.#ignores.length && ignores.every((ignore, at) => ignore === this.#ignores[at]);
    const stays = isSame && now >= this.#now && now < this.#until;
    if (!stays) {
      const ends = ignores.flatMap(({ until }) => (until === undefined ? [] : [until.endsAtMs]));
      this.#ignores = ignores;
      this.#until = Math.min(...ends.filter((endsAtMs) => endsAtMs > now));
      this.#marked = new RemadeLines();
    }
    this.#now = now;
    return stays;
  }

  /** When time alone makes them other ones. */
  get until(): number {
    return this.#until;
  }

  of(line: LineState): LineState {
    if (this.#ignores.length === 0) {
      return line;
    }
    return this.#marked.of(line, () => withMarks(line, this.#ignores, this.#now, this.#fileGroup));
  }
}

function withMarks(line: LineState, ignores: readonly Ignore[], now: number, group: string): LineState {
  const { requirement, state } = line;
  const release = { ...requirement, fileGroup: group };
  if (state.kind === 'settled') {
    const outcome = markOutcome(state.outcome, release, ignores, now);
    return outcome === state.outcome ? line : { requirement, state: { ...state, outcome } };
  }
  const { before } = state;
  if (before === undefined) {
    return line;
  }
  const outcome = markIgnored(before.outcome, { ...release, version: before.version }, ignores, now);
  return outcome === before.outcome ? line : { requirement, state: { ...state, before: { ...before, outcome } } };
}
