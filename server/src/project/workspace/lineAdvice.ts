import { adviseOldEnough } from '../../core/assessment/advice/oldEnough.ts';
import { type AdvisedFile, adviseWithin } from '../../core/fixes/adviseWithin.ts';
import { noIndexText } from '../../core/fixes/noIndexText.ts';
import type { FixPolicy } from '../../core/fixes/fixPolicy.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { ProjectPython } from '../../engine/lockReader.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { pythonDemand } from '../fixing/adviseFiles.ts';
import { compiledNote } from '../compiledNote.ts';
import type { LineState } from './lineState.ts';
import { RemadeLines } from './remadeLines.ts';

/** What decides the advice for the lines of a file, besides what is known of packages. */
export interface Advising {
  /** Younger releases are not advised where older ones are safe; 0 for any age. */
  readonly minimumReleaseAgeDays: number;
  readonly allowMajor: boolean | undefined;
  readonly python: ProjectPython | undefined;
  /** The file, for people. */
  readonly shown: string;
}

/** Lines with the advice that a fix can carry out, each worked out once. */
export class LineAdvice {
  #advising: Advising | undefined;
  #key = '';
  #nowMs = 0;
  #file: Manifest | undefined;
  #around: AdvisedFile | undefined;
  #made = new RemadeLines();

  /** Whether that is what it was before. */
  use(advising: Advising | undefined, file: Manifest | undefined, nowMs: number): boolean {
    const note = file?.compiled === undefined ? '' : JSON.stringify(file.compiled);
    const barred = file && noIndexText(advising?.shown ?? '', file);
    const key = JSON.stringify([advising, note, barred]);
    const isSame = key === this.#key;
    this.#advising = advising;
    this.#nowMs = nowMs;
    this.#file = file;
    if (!isSame) {
      this.#key = key;
      this.#around = undefined;
      this.#made = new RemadeLines();
    }
    return isSame;
  }

  of(line: LineState, scanner: Scanner): LineState {
    const { requirement, state } = line;
    const advising = this.#advising;
    const hasFindings =
      state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0;
    if (advising === undefined || !hasFindings || requirement.subject.kind !== 'lookup') {
      return line;
    }
    return this.#made.of(line, () => this.#advised(line, advising, scanner));
  }

  #advised(line: LineState, advising: Advising, scanner: Scanner): LineState {
    const { requirement, state } = line;
    if (state.kind !== 'settled' || state.outcome.kind !== 'assessed' || requirement.subject.kind !== 'lookup') {
      return line;
    }
    const { lookup } = requirement.subject;
    const facts = scanner.peekPackage(lookup.name)?.facts;
    const { minimumReleaseAgeDays, allowMajor } = advising;
    const policy: FixPolicy = { minimumReleaseAgeDays, allowMajor, nowMs: this.#nowMs };
    const age = { days: minimumReleaseAgeDays, nowMs: this.#nowMs };
    const aged = adviseOldEnough(state.outcome, lookup, facts, age);
    const outcome = adviseWithin(requirement, aged, this.#fileAround(advising), { policy, facts });
    return outcome === state.outcome ? line : { requirement, state: { ...state, outcome } };
  }

  #fileAround({ python, shown }: Advising): AdvisedFile {
    const file = this.#around === undefined ? this.#file : undefined;
    const compiled = file && compiledNote(shown, file);
    return (this.#around ??= {
      shown,
      demand: compiled?.demand ?? pythonDemand(python),
      made: compiled?.made,
      barred: file && noIndexText(shown, file),
    });
  }
}
