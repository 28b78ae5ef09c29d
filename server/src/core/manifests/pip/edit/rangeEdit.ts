import type { Clause } from '../../../versions/clause.ts';
import type { NamedRequirement, RequirementsFile } from '../model.ts';
import { highestKey } from '../../../versions/orderKey.ts';
import { pinnedVersion } from '../../../versions/pinnedVersion.ts';
import { admittedVersions, parseClause, type VersionClause } from '../../../versions/specifier.ts';
import { parseVersion, type Version } from '../../../versions/version.ts';
import { intersect, setHas, toVersionSet, type VersionSet } from '../../../versions/versionSet.ts';
import { changesOnly } from './changesOnly.ts';
import { addClause, type Addition, replaceClause, type ClauseText, type SpecifierChange } from './clauseChanges.ts';
import {
  disabled,
  type Disabled,
  type FixEdit,
  lastFirst,
  quoted,
  type RangeChange,
  type ReplaceRewrite,
  shown,
} from '../../rewrite.ts';
import { writtenAt, type WrittenRequirement } from './writtenAt.ts';

/** A change with its versions read. */
type ReadChange =
  | { readonly kind: 'floor'; readonly version: Version }
  | { readonly kind: 'exclude'; readonly versions: readonly Version[] };

/**
 * The smallest change of a range that leaves out what it should and allows all else that it allowed: never a version more,
 * never one less, caps and style kept. A lower clause is raised where that alone does it (`>=3.2`, `>3.2`, `~=3.2.4` within
 * 3.2); else a clause is added, `>=` before a cap and behind `~=` or a wildcard.
 */
export function rangeEdit(file: RequirementsFile, index: number, change: RangeChange | ReplaceRewrite): FixEdit {
  const item = file.items[index];
  if (item?.kind !== 'requirement' || item.url !== undefined) {
    return disabled('This line does not ask for a package by its version.');
  }
  const read = readRange(item, item.specifier?.clauses ?? []);
  if (read.kind === 'disabled') {
    return read;
  }
  if (change.kind === 'replace') {
    return replaceEdit({ file, index, item }, change.floor);
  }
  const readChange = readVersions(item, change);
  if (readChange.kind === 'disabled') {
    return readChange;
  }
  const admitted = admittedVersions(read.clauses);
  const wanted = intersect(admitted, leftBy(readChange));
  if (same(wanted, admitted)) {
    return disabled(`${shown(item.name)} leaves that out already.`);
  }
  const barred = whyBarred(item, read.clauses, readChange);
  if (barred !== undefined) {
    return barred;
  }
  const written = { file, index, item };
  return smallest(written, candidates(written, read.clauses, readChange), wanted);
}

/** One clause in place of all. */
function replaceEdit({ file, index, item }: WrittenRequirement, floor: string): FixEdit {
  const clauses = item.specifier?.clauses ?? [];
  const [first, last] = [clauses[0], clauses.at(-1)];
  const start = first && writtenAt(file, index, { text: first.operator, span: first.operatorSpan });
  const end = last && writtenAt(file, index, { text: last.version, span: last.versionSpan });
  const space = first?.operatorSpan.end === first?.versionSpan.start ? '' : ' ';
  const changes = start && end ? [{ start: start.start, end: end.end, text: `>=${space}${floor}` }] : [];
  const intended = { clauses: [{ operator: '>=', version: floor }] as const, hashes: [] };
  return changes.length > 0 && changesOnly(file, index, changes, intended)
    ? { kind: 'edit', changes }
    : disabled(`The range of ${shown(item.name)} cannot be rewritten safely: change it by hand.`);
}

function readRange(
  item: NamedRequirement,
  clauses: readonly Clause[],
): Disabled | { readonly kind: 'range'; readonly clauses: readonly VersionClause[] } {
  const name = shown(item.name);
  const { kind } = pinnedVersion(clauses);
  if (kind !== 'range' && kind !== 'unpinned') {
    return disabled(
      kind === 'pin'
        ? `${name} is pinned: change the pin.`
        : `The specifier of ${name} is no range that can be raised.`,
    );
  }
  if (item.hashes.length > 0) {
    return disabled(`${name} has hashes, which belong to particular releases: pin it.`);
  }
  const read = clauses.map(({ operator, version }) => parseClause(operator, version));
  const known = read.filter((clause) => clause !== undefined);
  return known.length === read.length
    ? { kind: 'range', clauses: known }
    : disabled(`The specifier of ${name} is no range that can be raised.`);
}

function readVersions(item: NamedRequirement, change: RangeChange): ReadChange | Disabled {
  const name = shown(item.name);
  switch (change.kind) {
    case 'floor': {
      const version = parseVersion(change.version);
      return version ? { kind: 'floor', version } : disabled(`${quoted(change.version)} is no version of ${name}.`);
    }
    case 'exclude':
      return { kind: 'exclude', versions: change.versions.flatMap((text) => parseVersion(text) ?? []) };
    case 'none':
      return disabled(
        change.highestSafe === undefined
          ? `No version that the specifier of ${name} allows is known to be safe.`
          : `No version after ${change.highestSafe} that ${name} allows is known to be safe: cap the range there by hand.`,
      );
  }
}

/** A floor that the range does not allow would make it allow nothing. */
function whyBarred(
  item: NamedRequirement,
  clauses: readonly VersionClause[],
  change: ReadChange,
): Disabled | undefined {
  if (change.kind === 'exclude') {
    return undefined;
  }
  const { version } = change;
  const name = shown(item.name);
  if (version.local !== undefined) {
    return disabled(`${name} cannot have a local version (${quoted(version.normal)}) for its lowest one.`);
  }
  const barring = clauses.find(({ admits }) => !setHas(admits, version.key));
  return barring && disabled(`${name}: ${quoted(barring.operator + barring.text)} does not allow ${version.normal}.`);
}

/** What a change leaves of all versions. */
function leftBy(change: ReadChange): VersionSet {
  switch (change.kind) {
    case 'floor':
      return toVersionSet([{ from: change.version.key, to: highestKey }]);
    case 'exclude':
      return admittedVersions(exclusions(change.versions));
  }
}

function exclusions(versions: readonly Version[]): readonly VersionClause[] {
  return versions.map(({ normal }) => parseClause('!=', normal)).filter((clause) => clause !== undefined);
}

/** What may be written, the smallest change first. */
function candidates(
  written: WrittenRequirement,
  read: readonly VersionClause[],
  change: ReadChange,
): readonly (SpecifierChange | undefined)[] {
  const clauses = written.item.specifier?.clauses ?? [];
  if (change.kind === 'exclude') {
    const admitted = admittedVersions(read);
    const named = change.versions.filter(({ key }) => setHas(admitted, key));
    const texts = named.map(({ normal }): ClauseText => ({ operator: '!=', version: normal }));
    return [addClause(written, texts, { kind: 'after', clause: clauses.length - 1 })];
  }
  const floor: ClauseText = { operator: '>=', version: change.version.normal };
  const lower = strongestFirst(clauses, read, ['>=', '>']);
  const compatible = strongestFirst(clauses, read, ['~=']);
  return [
    ...lower.map((at) => replaceClause(written, at, floor)),
    ...compatible.map((at) => replaceClause(written, at, { ...floor, operator: '~=' })),
    addClause(written, [floor], whereFloorGoes(clauses)),
  ];
}

function strongestFirst(
  clauses: readonly Clause[],
  read: readonly VersionClause[],
  operators: readonly string[],
): readonly number[] {
  const keyOf = (at: number): string => read[at]?.version?.key ?? '';
  return clauses
    .flatMap(({ operator }, at) => (operators.includes(operator) ? [at] : []))
    .sort((a, b) => (keyOf(a) > keyOf(b) ? -1 : 1));
}

/** Behind a clause that says where the range begins, else before all others: `>=3.2,<4`. */
function whereFloorGoes(clauses: readonly Clause[]): Addition {
  const beginning = clauses.findLastIndex(
    ({ operator, wildcard }) => operator === '~=' || (operator === '==' && wildcard),
  );
  return beginning >= 0 ? { kind: 'after', clause: beginning } : { kind: 'before', clause: 0 };
}

function smallest(
  { file, index, item }: WrittenRequirement,
  changes: readonly (SpecifierChange | undefined)[],
  wanted: VersionSet,
): FixEdit {
  for (const change of changes) {
    if (change === undefined || !admitsExactly(change.clauses, wanted)) {
      continue;
    }
    const ordered = lastFirst(change.changes);
    if (changesOnly(file, index, ordered, { clauses: change.clauses, hashes: [] })) {
      return { kind: 'edit', changes: ordered };
    }
  }
  return disabled(`The range of ${shown(item.name)} cannot be rewritten safely: change it by hand.`);
}

function admitsExactly(clauses: readonly ClauseText[], wanted: VersionSet): boolean {
  const read = clauses.map(({ operator, version }) => parseClause(operator, version));
  const known = read.filter((clause) => clause !== undefined);
  return known.length === read.length && same(admittedVersions(known), wanted);
}

function same(a: VersionSet, b: VersionSet): boolean {
  return a.length === b.length && a.every(({ from, to }, at) => from === b[at]?.from && to === b[at]?.to);
}
