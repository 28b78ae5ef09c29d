import type { PlacedProblem, Position, Range, Span } from '../text/position.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { LockedTree } from '../manifests/lockedTree.ts';
import { type Content, type Entry, type Manifest, nameOf } from '../manifests/manifest.ts';
import { rangeOf } from '../manifests/places.ts';
import type { PlacedRequirement, Subject } from './requirement.ts';
import { type AssessmentTarget, assessmentTarget } from './assessmentTarget.ts';
import { decidedTarget } from './decided/decidedTarget.ts';
import type { DecidedVersions } from './decided/decidedVersions.ts';
import { isSecretName, shownText } from '../manifests/shownText.ts';
import { carryOver, haveSameEntries } from '../text/carryOver.ts';
import { type LineBound, limitsOn } from './decided/lineBounds.ts';
import { holdsWherever } from '../markers/markerLogic.ts';
import type { IndexRequirement } from '../manifests/requirement.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import { parseVersion } from '../versions/version.ts';
import { type RequiredBy, requiredByIn } from './requiredBy.ts';
import { plainText } from '../text/plainText.ts';
import { mostStatements, SiblingLines } from './siblingLines.ts';

export interface PlacedFile {
  /** The id of the file's kind. */
  readonly kind: string;
  readonly requirements: readonly PlacedRequirement[];
  readonly problems: readonly PlacedProblem[];
}

/**
 * What to ask about an entry with this content; `undefined` where it asks for no package. `siblings`: what other lines of the file
 * ask of its package.
 */
export type TargetOf = (
  entry: Entry,
  content: Content | undefined,
  siblings: readonly LineBound[],
) => AssessmentTarget | undefined;

/** Works out each entry's target once: an edit leaves the entries of other lines as they are. */
export function rememberedTargets(isPrivate: (name: PackageName) => boolean, decided: DecidedVersions): TargetOf {
  const targets = new WeakMap<Entry, AssessmentTarget | undefined>();
  const isOwn = (name: PackageName): boolean => decided.ownIndex?.has(name) === true;
  const targetFor = (content: Content | undefined): AssessmentTarget | undefined =>
    assessmentTarget(withOwnIndex(content, isOwn), isPrivate);
  const own = (entry: Entry, content: Content | undefined): AssessmentTarget | undefined => {
    if (!targets.has(entry)) {
      targets.set(entry, decidedTarget(content, targetFor(content), decided));
    }
    return targets.get(entry);
  };
  return (entry, content, siblings) => {
    if (content?.kind !== 'index') {
      return own(entry, content);
    }
    const bounds = decided.limits?.get(content.name.normalized) ?? noBounds;
    if (siblings.length === 0) {
      return withLimits(content, own(entry, content), bounds);
    }
    const target = targetFor(content);
    const everywhere = siblings.filter((bound) => holdsWherever(content.marker?.tree, bound.marker));
    const placed =
      target?.kind === 'range' && everywhere.length > 0
        ? decidedTarget(content, target, decided, everywhere)
        : own(entry, content);
    return withLimits(content, upToDate(content, placed, siblings), [...bounds, ...siblings]);
  };
}

/** Where another file of the project gives its package an index of its own. */
function withOwnIndex(content: Content | undefined, isOwn: (name: PackageName) => boolean): Content | undefined {
  const name = nameOf(content)?.normalized;
  return content !== undefined && name !== undefined && 'hasOwnIndex' in content && !content.hasOwnIndex && isOwn(name)
    ? { ...content, hasOwnIndex: true }
    : content;
}

const noBounds: readonly LineBound[] = [];

/** What a lock has may be for another line about the package, where this one holds under a condition. */
function upToDate(
  { marker }: IndexRequirement,
  target: AssessmentTarget | undefined,
  siblings: readonly LineBound[],
): AssessmentTarget | undefined {
  if (marker === undefined || target === undefined || !('outOfDate' in target) || target.outOfDate === undefined) {
    return target;
  }
  const held = target.outOfDate.versions.flatMap((text) => parseVersion(text) ?? []);
  const isForOther = siblings.some(({ clauses }) => {
    const specifier = clauses.flatMap(({ operator, version }) => parseClause(operator, version) ?? []);
    return held.some((version) => contains(specifier, version, { prereleases: true }));
  });
  return isForOther ? { ...target, outOfDate: undefined } : target;
}

function withLimits(
  content: IndexRequirement,
  target: AssessmentTarget | undefined,
  bounds: readonly LineBound[],
): AssessmentTarget | undefined {
  if (target?.kind !== 'pin' && target?.kind !== 'range') return target;
  const { marker } = content;
  if (bounds.length === 0 && marker === undefined) return target;
  const version = bounds.length > 0 && target.kind === 'pin' ? parseVersion(target.pin.version) : undefined;
  const limits = bounds.length === 0 ? [] : limitsOn(content, version, bounds);
  return limits.length === 0 && marker === undefined ? target : { ...target, within: { marker: marker?.tree, limits } };
}

/** Every requirement of a file with its place and what is to be asked about it, and every problem with its place. */
export function placeRequirements(file: Manifest, targetOf: TargetOf, tree?: LockedTree): PlacedFile {
  return new RequirementPlacer(targetOf, tree).place(file);
}

/** The same for one edit of a file after the other: what an edit leaves where it was stays the same object. */
export class RequirementPlacer {
  readonly #targetOf: TargetOf;
  readonly #tree: LockedTree | undefined;
  #entries: readonly Entry[] = [];
  #placements: readonly Placement[] = [];
  #placed: PlacedFile = { kind: '', requirements: [], problems: [] };
  readonly #siblings = new SiblingLines();
  /** For as long as the file gives the same reasons. */
  #requiredBy: { readonly reasons: object; readonly tell: ReturnType<typeof requiredByIn> } | undefined;

  /** `tree`: what asks for what in its file, where that does not record it. */
  constructor(targetOf: TargetOf, tree?: LockedTree) {
    this.#targetOf = targetOf;
    this.#tree = tree;
  }

  place(file: Manifest): PlacedFile {
    let line = 0;
    const before = { entries: this.#entries, made: this.#placements };
    // Of lines that are new; made for this call alone.
    const contents: (Content | undefined)[] = [];
    const contentOf = (index: number): Content | undefined => (contents[index] ??= file.contentOf(index));
    const touched = this.#siblings.take(file, contentOf);
    const requiredBy = this.#reasonsIn(file);
    const isTouched = (entry: Entry): boolean => touched.size > 0 && touched.has(this.#siblings.nameOf(entry) ?? none);
    let isMoved = false;
    const placements = carryOver(before, file.entries, isIdentical, (entry, index, previous) => {
      const start = file.starts[index] ?? 0;
      while ((file.lineStarts[line + 1] ?? Infinity) <= start) line++;
      const character = start - (file.lineStarts[line] ?? 0);
      if (previous && !isTouched(entry) && staysAt(previous, character, requiredBy?.(index))) {
        if (previous.origin.line !== line) {
          isMoved = true;
          move(previous, line);
        }
        return previous;
      }
      const origin = { line, character };
      const placed = { file, index, entry, content: contentOf(index), requiredBy };
      return placeEntry(placed, this.#siblings, this.#targetOf, origin);
    });
    this.#entries = file.entries;
    if (isMoved || placements !== this.#placements) {
      this.#placements = placements;
      const requirements: PlacedRequirement[] = [];
      const problems: PlacedProblem[] = [];
      for (const placement of placements) {
        if (placement.requirement !== undefined) requirements.push(placement.requirement);
        if (placement.problems.length > 0) problems.push(...placement.problems);
      }
      const isSame = haveSameEntries(requirements, this.#placed.requirements);
      this.#placed = { kind: file.kind.id, requirements: isSame ? this.#placed.requirements : requirements, problems };
    }
    if (this.#placed.kind !== file.kind.id) this.#placed = { ...this.#placed, kind: file.kind.id };
    return this.#placed;
  }

  #reasonsIn(file: Manifest): ReturnType<typeof requiredByIn> {
    const { reasons } = file;
    if (reasons === undefined) return requiredByIn(file, this.#tree);
    if (this.#requiredBy?.reasons !== reasons) this.#requiredBy = { reasons, tell: requiredByIn(file, this.#tree) };
    return this.#requiredBy.tell;
  }
}

const none = '' as PackageName;

/** What an entry comes to, when it begins at `origin`. Nobody else sees it, so that it can be moved. */
interface Placement {
  origin: Position;
  requirement: PlacedRequirement | undefined;
  problems: readonly PlacedProblem[];
}

/** Not where it has moved along its line, as a part of it may be on other lines, which stay; or is there for others now. */
function staysAt({ origin, requirement }: Placement, character: number, requiredBy: RequiredBy | undefined): boolean {
  return origin.character === character && isSameReason(requirement?.requiredBy, requiredBy);
}

/** A line break moves all that is below it, so the new places share what they can. */
function move(placement: Placement, line: number): void {
  const { origin, requirement, problems } = placement;
  const lines = line - origin.line;
  placement.origin = { line, character: origin.character };
  if (requirement !== undefined) {
    const range = lower(requirement.range, lines, placement.origin, placement.origin);
    const { start, end } = range;
    placement.requirement = {
      ...requirement,
      range,
      tokenRange: lower(requirement.tokenRange, lines, start, end),
      nameRange: lower(requirement.nameRange, lines, start, end),
    };
  }
  if (problems.length > 0) {
    const at = placement.origin;
    placement.problems = problems.map((problem) => ({ ...problem, range: lower(problem.range, lines, at, at) }));
  }
}

/** The range so many lines below. `start` and `end` are taken where they are its own. */
function lower(range: Range, lines: number, start: Position, end: Position): Range {
  return { start: lowerPosition(range.start, lines, start), end: lowerPosition(range.end, lines, end) };
}

function lowerPosition({ line, character }: Position, lines: number, known: Position): Position {
  return known.line === line + lines && known.character === character ? known : { line: line + lines, character };
}

function isSameReason(a: RequiredBy | undefined, b: RequiredBy | undefined): boolean {
  return (
    a === b ||
    (a !== undefined && b !== undefined && haveSameEntries(a.parents, b.parents) && haveSameEntries(a.chain, b.chain))
  );
}

interface FileEntry {
  readonly file: Manifest;
  readonly index: number;
  readonly entry: Entry;
  readonly content: Content | undefined;
  readonly requiredBy: ReturnType<typeof requiredByIn>;
}

function placeEntry(
  { file, index, entry, content, requiredBy }: FileEntry,
  siblings: SiblingLines,
  targetOf: TargetOf,
  origin: Position,
): Placement {
  const { problems: said } = entry;
  const problems =
    said.length === 0
      ? noProblems
      : (said.length > mostProblems ? bounded(said) : said).map(({ span, message, code, incomplete = false }) => ({
          range: rangeFrom(file, index, span, origin),
          message,
          code,
          incomplete,
        }));
  const target = targetOf(entry, content, siblings.boundsOn(file, index, entry));
  if (content === undefined || target === undefined) {
    return { origin, requirement: undefined, problems };
  }
  // What stands before an `@` may be a user, not a package.
  const written = nameOf(content);
  const name = written !== undefined && isSecretName(content.text, written.text) ? undefined : written;
  const tokenRange = rangeFrom(file, index, target.token, origin);
  const requirement: Mutable<PlacedRequirement> = {
    name: name?.text ?? shownText(content),
    normalizedName: name?.normalized ?? '',
    range: rangeFrom(file, index, entry.span, origin),
    tokenRange,
    nameRange: name === undefined ? tokenRange : rangeFrom(file, index, name.span, origin),
    specifier: content.kind === 'index' && content.specifier ? shownText(content, content.specifier) : '',
    version: target.kind === 'pin' ? target.version : null,
    subject: subjectOf(target),
  };
  // Not spread: this is made for every line of every file.
  if (content.kind === 'index' && content.extras.length > 0) {
    requirement.extras = content.extras.map(({ normalized }) => normalized);
  }
  if (target.kind === 'pin' && target.decidedBy !== undefined) {
    requirement.decidedBy = target.decidedBy;
    if (content.kind === 'index' && content.specifier) requirement.limit = content.specifier.clauses;
  }
  if ('within' in target && target.within !== undefined) requirement.within = target.within;
  if ('outOfDate' in target && target.outOfDate !== undefined) requirement.outOfDate = target.outOfDate;
  if (target.kind === 'range' && target.oneOf !== undefined) requirement.oneOf = target.oneOf;
  if ('scope' in content && content.scope !== undefined) requirement.scope = content.scope;
  const reason = requiredBy?.(index);
  if (reason !== undefined) requirement.requiredBy = reason;
  const own = problems.length === 0 ? unreadProblems(target, tokenRange) : problems;
  const uncounted = uncountedText(target, requirement.name, siblings.tooMany(file, entry));
  const remarks = uncounted === undefined ? [] : [remark(uncounted, tokenRange)];
  return { origin, requirement, problems: remarks.length === 0 ? own : [...own, ...remarks] };
}

/** That other lines do not count, since there are too many. */
function uncountedText(target: AssessmentTarget, name: string, count: number | undefined): string | undefined {
  const shown = plainText(name, 100);
  if (target.kind === 'range' && target.isUnbounded === true)
    return `Other lines name too many versions of ${shown}. They do not count for this line.`;
  return count === undefined || (target.kind !== 'pin' && target.kind !== 'range')
    ? undefined
    : `${count} lines of this file ask for different versions of ${shown}. Only the first ${mostStatements} count for this line.`;
}

function remark(message: string, range: Range): PlacedProblem {
  return { range, message, code: 'ignored.lines', incomplete: false };
}

/** What cannot be read is shown as a problem of its line: so the package of a lock whose version is missing has one, too. */
function unreadProblems(target: AssessmentTarget, range: Range): readonly PlacedProblem[] {
  return target.kind === 'invalid' && target.outcome.reason === 'invalid'
    ? [{ range, message: target.outcome.message, code: 'requirement', incomplete: false }]
    : noProblems;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const noProblems: readonly PlacedProblem[] = [];

// Of one line. Nobody reads more, and a line may have a million.
const mostProblems = 100;

function bounded(problems: Entry['problems']): Entry['problems'] {
  const shown = problems.slice(0, mostProblems);
  const next = problems[mostProblems];
  const message = `This line has ${problems.length - mostProblems} more problems.`;
  return next === undefined ? shown : [...shown, { ...next, message }];
}

/** `rangeOf`, for an entry that begins at `origin`: mostly the span is on that line. */
function rangeFrom(file: Manifest, index: number, span: Span, { line, character }: Position): Range {
  const end = (file.starts[index] ?? 0) + span.end;
  return end < (file.lineStarts[line + 1] ?? Infinity)
    ? { start: { line, character: character + span.start }, end: { line, character: character + span.end } }
    : rangeOf(file, index, span);
}

function isIdentical(a: Entry, b: Entry): boolean {
  return a === b;
}

function subjectOf(target: AssessmentTarget): Subject {
  switch (target.kind) {
    case 'pin':
      return { kind: 'lookup', lookup: target.pin };
    case 'range':
      return { kind: 'lookup', lookup: target.range };
    case 'skipped':
    case 'invalid':
      return { kind: 'settled', outcome: target.outcome };
  }
}
