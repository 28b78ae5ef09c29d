import type { PlacedProblem, Range } from '../../core/text/position.ts';
import { matchesName } from '../../core/packages/packageName.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Settings } from '../../../../protocol/settings.ts';
import { type DecidedVersions, nothingDecided, treeOfLock } from '../../core/assessment/decided/decidedVersions.ts';
import { isSameDecision } from '../../core/assessment/decided/sameDecision.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import { isIncomplete, type Outcome } from '../../core/assessment/outcome.ts';
import { type PlacedFile, rememberedTargets, RequirementPlacer } from '../../core/assessment/placeRequirements.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { Comers } from './comers.ts';
import type { LineState } from './lineState.ts';
import { type LineTally, lineTally, mergedTally } from './lineTally.ts';
import { hidesOwnIndexes } from '../decided.ts';
import { fileId, type FileId, nameOf } from '../fileId.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { type Ignoring, LineStates } from './lineStates.ts';
import type { FileSnapshot, TrackedDocument } from './fileSnapshot.ts';
import { type Withheld, withheldTargets } from './withheldTargets.ts';

/** What other files say of one. */
export interface FileLinks {
  /** What decides versions that its lines leave open. */
  readonly decided: DecidedVersions;
  readonly includedAt: readonly { readonly uri: string; readonly range: Range }[];
  /** Includes of this file that were not read. */
  readonly problems: readonly PlacedProblem[];
}

/** One tracked requirements file: its text, what was answered last, and what is shown for each line. Only the workspace changes it. */
export class TrackedFile {
  readonly id: FileId;
  /** As the client spells it, for everything that is sent. */
  readonly uri: string;
  readonly languageId: string | undefined;
  #version: number | undefined;
  #inWorkspace = false;
  /** The look-ups, by `lookupKey`, that are being asked for it; `undefined` while it waits for no answers. */
  #asking: ReadonlySet<string> | undefined;
  #failedRuns = 0;
  #failedAgain = false;
  #file: Manifest;
  #placedBefore: PlacedFile;
  #isPlaced = true;
  /** With a text that was followed by others before it was worked out. */
  #wasLinked = false;
  /** Since when its lines are those of a text before this one; absent where they are not. */
  #behindSince: number | undefined;
  #links: FileLinks = { decided: nothingDecided, includedAt: [], problems: [] };
  #placer: RequirementPlacer;
  #awaitsDecision = false;
  /** What decides its versions has been known once; it may change, but is never unknown again. */
  #hasDecision = false;
  /** Lines of the last edit: what looks half-typed there is not complained about until typing pauses. */
  #editedLines: ReadonlySet<number> = new Set();
  readonly #states: LineStates;
  readonly #comers = new Comers();
  /** With what comes with them. */
  #lines: readonly LineState[] | undefined;
  #settings: Settings;
  #isPrivate: (name: string) => boolean = () => false;
  /** Why the text is not known, for people; `undefined` where it is. */
  #lostText: string | undefined;
  #snapshot: FileSnapshot | undefined;
  #tally: { readonly lines: readonly LineState[]; readonly tally: LineTally } | undefined;

  constructor(document: TrackedDocument, file: Manifest, settings: Settings) {
    this.id = fileId(document.uri);
    this.#states = new LineStates(nameOf(this.id));
    this.uri = document.uri;
    this.languageId = document.languageId;
    this.#version = document.version;
    this.#file = file;
    this.#settings = settings;
    this.#placer = this.#newPlacer();
    this.#placedBefore = this.#placer.place(file);
  }

  /** What it says now. */
  get #placed(): PlacedFile {
    if (!this.#isPlaced) this.#place();
    return this.#placedBefore;
  }

  #place(): void {
    this.#isPlaced = true;
    this.#placedBefore = this.#placer.place(this.#file);
  }

  /** When its text became one that its lines do not show yet; absent where they do. */
  get behindSince(): number | undefined {
    return this.#behindSince;
  }

  get file(): Manifest {
    return this.#file;
  }

  /** The editor's version; `undefined` for a file read from disk. */
  get version(): number | undefined {
    return this.#version;
  }

  /** Found by a search of the workspace: keeps its diagnostics when its editor is closed. */
  get inWorkspace(): boolean {
    return this.#inWorkspace;
  }

  set inWorkspace(inWorkspace: boolean) {
    this.#inWorkspace = inWorkspace;
    this.#snapshot = undefined;
  }

  /** As it stands, for the one who shows it; the same object until something changes. */
  snapshot(settings: Settings, around: Around = nothingAround): FileSnapshot {
    const known = this.#snapshot;
    const isSame =
      known?.settings === settings &&
      known.countsComing === around.countsComing &&
      known.declaredAt === around.declaredAt;
    if (!isSame) {
      this.#snapshot = this.#newSnapshot(settings, around);
    }
    return this.#snapshot ?? this.#newSnapshot(settings, around);
  }

  #newSnapshot(settings: Settings, around: Around): FileSnapshot {
    const { id, uri, version, languageId, file, lines, problems, includedAt, isShown } = this;
    const tally = around.countsComing ? withComing(this.tally, lines) : this.tally;
    const [isAsking, failedRuns, failedAgain] = [this.#asking !== undefined, this.#failedRuns, this.#failedAgain];
    const { asksForMore, awaitsDecision } = this;
    const isUnderWay = isAsking || awaitsDecision || !isShown || this.pending().length > 0;
    return {
      id,
      uri,
      version,
      languageId,
      inWorkspace: this.#inWorkspace,
      file,
      settings,
      lines,
      limits: this.#links.decided.limits,
      count: this.#placed.requirements.length,
      problems,
      includedAt,
      ...around,
      tally,
      isShown,
      isAsking,
      isUnderWay,
      asksForMore,
      awaitsDecision,
      isIncomplete: failedRuns > 0 || this.pending().length > 0,
      failedRuns,
      failedAgain,
    };
  }

  /** These look-ups are being asked for it now. */
  ask(keys: ReadonlySet<string>): void {
    this.#asking = keys;
    this.typingPaused(); // nothing waits for the pause any more that would say what is half-typed
  }

  /** It waits for no answers any more. */
  stopAsking(): void {
    this.#asking = undefined;
    this.#snapshot = undefined;
  }

  /** Nothing is known of its text. */
  get isLost(): boolean {
    return this.#lostText !== undefined;
  }

  /** Takes the new text; `editedLines` are 0-based lines of that text, which `isWhole` replaces whatever was there. */
  update(file: Manifest, version: number | undefined, editedLines: ReadonlySet<number>, isWhole = false): void {
    this.#file = file;
    this.#version = version;
    this.#snapshot = undefined;
    this.#editedLines = editedLines;
    if (isWhole && this.#lostText !== undefined) {
      this.#lostText = undefined;
      this.#placer = this.#newPlacer();
    }
    this.#place();
  }

  /** Takes the new text and leaves it unread until someone asks what it says. */
  postpone(file: Manifest, version: number, editedLines: ReadonlySet<number>, now: number): void {
    this.#wasLinked ||= this.isLinked;
    this.#behindSince = now;
    this.#isPlaced = false;
    this.#file = file;
    this.#version = version;
    this.#snapshot = undefined;
    this.#editedLines = editedLines;
  }

  /** Takes a text that says what the one before said, at the same places. */
  updateSame(file: Manifest, version: number, editedLines: ReadonlySet<number>): void {
    this.#file = file;
    this.#version = version;
    this.#snapshot = undefined;
    this.#editedLines = editedLines;
  }

  /** Whether all that it shows is what it says at this time, as far as nothing but time has passed, whichever line is edited. */
  isUpToDate(now: number): boolean {
    return (
      this.#behindSince === undefined &&
      this.#states.holdAt(now) &&
      this.#comers.holdAt(now) &&
      !this.#placed.problems.some(({ incomplete }) => incomplete)
    );
  }

  applySettings(settings: Settings): void {
    this.#settings = settings;
    this.#snapshot = undefined;
    this.#placer = this.#newPlacer();
    this.#place();
  }

  /** The editor has another text than this one: from here on until `update` with `isWhole`, nothing that the file says counts. */
  lose(why = lostText, version = this.#version): void {
    this.#lostText = why;
    this.#version = version;
    this.applySettings(this.#settings);
  }

  #newPlacer(): RequirementPlacer {
    const { blocked } = this.#settings;
    const withheld: Withheld | undefined =
      this.#lostText !== undefined
        ? { reason: 'internal', message: this.#lostText }
        : blocked === undefined
          ? undefined
          : { reason: 'settings', message: blocked };
    this.#isPrivate = privateNames(this.#settings);
    const { decided } = this.#links;
    const own = hidesOwnIndexes(this.#file) || decided.ownIndex === undefined ? decided : withoutOwnIndex(decided);
    const targetOf = rememberedTargets(this.#isPrivate, own);
    const told = withheld === undefined ? targetOf : withheldTargets(targetOf, withheld);
    return new RequirementPlacer(told, treeOfLock(this.#file, this.#links.decided));
  }

  /** Whether it includes files or is included: an edit may then change what other files show. */
  get isLinked(): boolean {
    return this.#links.includedAt.length > 0 || (this.#isPlaced && this.#file.includes.length > 0);
  }

  /** Whether it was, with the text that was worked out last. */
  takeWasLinked(): boolean {
    const wasLinked = this.#wasLinked || this.isLinked;
    this.#wasLinked = false;
    return wasLinked;
  }

  get includedAt(): FileLinks['includedAt'] {
    return this.#links.includedAt;
  }

  /** Whether it is still to be read what decides its ranges: until then they are neither judged nor asked about. */
  get awaitsDecision(): boolean {
    return this.#awaitsDecision && this.#placed.requirements.some((requirement) => this.#isUndecided(requirement));
  }

  /** Takes what other files say of this one, `isAll` or as far as it is known; whether that changes what it shows. */
  link(links: FileLinks, settings: Settings, isAll: boolean): boolean {
    const before = this.#links;
    const waited = this.awaitsDecision;
    this.#links = links;
    this.#snapshot = undefined;
    this.#hasDecision ||= isAll;
    this.#awaitsDecision = !this.#hasDecision;
    const isDecidedNow = waited && isAll;
    if (isDecidedNow) {
      this.#states.forget();
    }
    const decidesElse = !isSameDecision(before.decided, links.decided);
    if (decidesElse) {
      this.applySettings(settings);
    }
    return (
      isDecidedNow ||
      decidesElse ||
      JSON.stringify([before.includedAt, before.problems]) !== JSON.stringify([links.includedAt, links.problems])
    );
  }

  /** Something comes with its requirements. */
  get bringsIn(): boolean {
    return this.#lines !== undefined && this.#lines !== this.#states.lines;
  }

  /** The file that holds what comes with its requirements. */
  get comingUri(): FileId | undefined {
    return this.#comers.uri;
  }

  typingPaused(): void {
    this.#editedLines = new Set();
    this.#snapshot = undefined;
  }

  get hasUnsaidProblems(): boolean {
    return this.#placed.problems.some((problem) => this.#isUnsaid(problem));
  }

  /** Problems to show now. */
  get problems(): readonly PlacedProblem[] {
    return [
      ...(this.#lostText === undefined ? [] : [lostProblem(this.#lostText)]),
      ...environmentProblems(this.#coming().unread),
      ...this.#placed.problems.filter((problem) => !this.#isUnsaid(problem)),
      ...this.#links.problems,
    ];
  }

  lookups(): readonly Lookup[] {
    const own = this.#placed.requirements.flatMap((requirement) =>
      requirement.subject.kind === 'settled' || this.#isUndecided(requirement) ? [] : [requirement.subject.lookup],
    );
    const coming = this.#coming().lookups;
    return coming.length === 0 ? own : [...own, ...coming];
  }

  /** What nothing is known of, or only something old. */
  pending(): readonly Lookup[] {
    const coming = this.#coming().pending;
    return coming.length === 0 ? this.#states.pending : [...this.#states.pending, ...coming];
  }

  /** Nothing comes while nothing may be asked, or while it is not known what decides its versions. */
  #coming(): Comers {
    const isWithheld = this.#lostText !== undefined || this.#settings.blocked !== undefined || this.#awaitsDecision;
    const decided = isWithheld ? nothingDecided : this.#links.decided;
    this.#comers.use(this.#file, this.#placed.requirements, decided, this.#isPrivate);
    return this.#comers;
  }

  /** Whether something is to be asked that no run in progress asks already. */
  get asksForMore(): boolean {
    return this.pending().some((lookup) => this.#asking?.has(lookupKey(lookup)) !== true);
  }

  /** Takes the answers of a run that was for this file. */
  settle(
    outcomes: ReadonlyMap<string, Outcome>,
    { now, again }: { readonly now: number; readonly again: boolean },
  ): void {
    this.#states.take(outcomes, now);
    this.#comers.take(outcomes, now);
    this.#snapshot = undefined;
    const answers = this.lookups().map((lookup) => outcomes.get(lookupKey(lookup)));
    this.#failedRuns = answers.some(failedOrIncomplete) ? this.#failedRuns + 1 : 0;
    this.#failedAgain = again && answers.some((outcome) => outcome?.kind === 'failed');
  }

  forgetOutcomes(): void {
    this.#states.take(new Map(), -Infinity);
    this.#comers.take(new Map(), -Infinity);
    this.#failedAgain = false;
    this.#snapshot = undefined;
  }

  /** Whether its lines have ever been shown. */
  get isShown(): boolean {
    return this.#states.areShown;
  }

  /** What each line showed when it was last brought up to date. */
  get lines(): readonly LineState[] {
    return this.#lines ?? this.#states.lines;
  }

  /** What its lines come to, counted once for each state of them. */
  get tally(): LineTally {
    if (this.#tally?.lines !== this.lines) {
      this.#tally = { lines: this.lines, tally: lineTally(this.lines) };
    }
    return this.#tally.tally;
  }

  #isUndecided({ subject }: PlacedRequirement): boolean {
    if (!this.#awaitsDecision || subject.kind !== 'lookup') return false;
    return !isPin(subject.lookup) || hidesOwnIndexes(this.#file);
  }

  /** Brings every line up to date with what is known this instant; asks nobody. */
  bringUpToDate(scanner: Scanner, ignoring: Ignoring): readonly LineState[] {
    this.#snapshot = undefined;
    this.#behindSince = undefined;
    const isOpen = (requirement: PlacedRequirement): boolean => this.#isUndecided(requirement);
    const own = this.#states.bringUpToDate(this.#placed.requirements, scanner, {
      ...ignoring,
      isOpen,
      file: this.#file,
    });
    this.#lines = this.#coming().join(own, scanner, ignoring);
    return this.#lines;
  }

  #isUnsaid(problem: PlacedProblem): boolean {
    return problem.incomplete && this.#editedLines.has(problem.range.start.line);
  }
}

/** What other files say of a snapshot. */
export type Around = Pick<FileSnapshot, 'declaredAt' | 'countsComing'>;

const nothingAround: Around = { declaredAt: {}, countsComing: false };

/** What comes with the lines is at places of another file. */
function withComing(own: LineTally, lines: readonly LineState[]): LineTally {
  const coming = lines.flatMap(({ comes }) => comes?.lines ?? []);
  return coming.length === 0 ? own : { ...mergedTally([own, lineTally(coming)]), failedLines: own.failedLines };
}

const lostText =
  'An edit could not be applied, so this is not the text that the editor shows. Close the file and open it again.';

function lostProblem(message: string): PlacedProblem {
  return { range: fileStart, message, code: 'text.not-known', incomplete: false };
}

function environmentProblems(message: string | undefined): readonly PlacedProblem[] {
  return message === undefined ? [] : [{ range: fileStart, message, code: 'environment.unread', incomplete: false }];
}

const fileStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

function failedOrIncomplete(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'failed' || (outcome?.kind === 'assessed' && isIncomplete(outcome));
}

/** What people write in a file says itself which index it is about. */
function withoutOwnIndex(decided: DecidedVersions): DecidedVersions {
  const others: { -readonly [Key in keyof DecidedVersions]: DecidedVersions[Key] } = { ...decided };
  delete others.ownIndex;
  return others;
}

function privateNames(settings: Settings): (name: string) => boolean {
  return (name) => settings.privatePackages.some((pattern) => matchesName(pattern, name));
}
