import type { Clause } from '../../../versions/clause.ts';
import type { TextChange } from '../../rewrite.ts';
import type { NamedRequirement, RequirementsFile } from '../model.ts';
import { pinnedVersion } from '../../../versions/pinnedVersion.ts';
import { contains, parseClause } from '../../../versions/specifier.ts';
import type { Version } from '../../../versions/version.ts';
import { changesOnly } from './changesOnly.ts';
import { disabled, type Disabled, type FixEdit, lastFirst, quoted, shown } from '../../rewrite.ts';
import { hashEdit } from './hashEdit.ts';
import type { ReleaseFile } from '../../../packages/release.ts';
import { writtenAt } from './writtenAt.ts';

/**
 * Pins the requirement at `index` to another version. Only the version token changes, and the hashes where there are any:
 * for these the files of the target release are needed. The version is written in its normal form, whatever the form of
 * the old one (`v1.0`, `1.0-beta`). Other clauses stay; one that does not allow the target bars the edit, as does a local
 * label (`+cu118`), which says that the build comes from elsewhere. A wildcard (`==1.2.*`) is a range, see `rangeEdit`.
 */
export function pinEdit(
  file: RequirementsFile,
  index: number,
  target: Version,
  targetFiles?: readonly ReleaseFile[],
): FixEdit {
  const item = file.items[index];
  if (item?.kind !== 'requirement' || item.url !== undefined) {
    return disabled('This line does not ask for a package by its version.');
  }
  const clauses = item.specifier?.clauses ?? [];
  const barred = whyBarred(item, clauses, target);
  if (barred !== undefined) {
    return barred;
  }
  const versions = versionChanges(file, index, clauses, target);
  const hashes = hashEdit({ file, index, item }, target, targetFiles);
  if (versions === undefined) {
    return disabled(`The version of ${shown(item.name)} is not written in one piece: change it by hand.`);
  }
  if (hashes.kind === 'disabled') {
    return hashes;
  }
  const changes = lastFirst([...versions, ...hashes.changes]);
  const intended = {
    clauses: clauses.map((clause) => (isExact(clause) ? { ...clause, version: target.normal } : clause)),
    hashes: hashes.texts,
  };
  return changesOnly(file, index, changes, intended)
    ? { kind: 'edit', changes }
    : disabled(`The line of ${shown(item.name)} cannot be rewritten safely: change it by hand.`);
}

/** `==` and `===` with one version. */
function isExact({ operator, wildcard }: Clause): boolean {
  return operator === '===' || (operator === '==' && !wildcard);
}

function whyBarred(item: NamedRequirement, clauses: readonly Clause[], target: Version): Disabled | undefined {
  const name = shown(item.name);
  const pinned = pinnedVersion(clauses);
  if (pinned.kind !== 'pin') {
    return disabled(`${name} is not pinned to one version.`);
  }
  if (pinned.version.key === target.key) {
    return disabled(`${name} is at ${target.normal} already.`);
  }
  const { local } = pinned.version;
  if (local !== undefined && local !== target.local) {
    return disabled(`${name} is pinned to a local build (+${local}): choose one of ${target.normal} by hand.`);
  }
  const barring = clauses.find((clause) => !isExact(clause) && !admits(clause, target));
  return barring && disabled(`${name}: ${quoted(barring.operator + barring.version)} does not allow ${target.normal}.`);
}

function admits(clause: Clause, version: Version): boolean {
  const read = parseClause(clause.operator, clause.version);
  return read !== undefined && contains([read], version);
}

function versionChanges(
  file: RequirementsFile,
  index: number,
  clauses: readonly Clause[],
  target: Version,
): readonly TextChange[] | undefined {
  const places = clauses
    .filter(isExact)
    .map(({ version, versionSpan }) => writtenAt(file, index, { text: version, span: versionSpan }));
  const known = places.filter((place) => place !== undefined);
  return known.length === places.length ? known.map((place) => ({ ...place, text: target.normal })) : undefined;
}
