import { admittedVersions, parseClause } from '../../versions/specifier.ts';
import type { Span } from '../../text/position.ts';
import type { Clause } from '../../versions/clause.ts';
import type { VersionSet } from '../../versions/versionSet.ts';
import type { Manifest, ManifestKind } from '../manifest.ts';
import type { IndexRequirement } from '../requirement.ts';
import { disabled, type FixEdit, lastFirst, type Rewrite, shown, type TextChange } from '../rewrite.ts';
import { specifierText } from './pep508Draft.ts';

/** Where an entry is written, in offsets of the document. */
export interface WrittenAt {
  /** All of it: a requirement of PEP 508. */
  readonly whole: Span;
  /** The version text alone, where name and version are apart (`flask = "^1.0"`). */
  readonly versions?: Span | undefined;
  readonly isApart: boolean;
}

/**
 * The smallest edit that makes an entry ask for something else, in the style of its file. `line` reads and rewrites one
 * requirement; what it makes of this one is written here, and proposed only where reading all of the file again shows just that.
 */
export function rewriteEntry(
  file: Manifest,
  index: number,
  to: Rewrite,
  at: WrittenAt | undefined,
  line: ManifestKind,
): FixEdit {
  const content = file.contentOf(index);
  if (content?.kind !== 'index' || at === undefined) {
    return disabled('This entry does not ask for a package by its version.');
  }
  const clauses = content.specifier?.clauses ?? [];
  const plain = line.parse(content.name.text + specifierText(clauses));
  const wanted = rewritten(plain, to);
  if (!('clauses' in wanted)) return wanted;
  for (const changes of candidates(file, content, to, at, { line, wanted: wanted.clauses })) {
    const ordered = lastFirst(changes);
    if (changesOnly(file, index, ordered, wanted.clauses)) return { kind: 'edit', changes: ordered };
  }
  return disabled(`${shown(content.name)} cannot be rewritten safely where it stands: change it by hand.`);
}

/** What a line of one requirement comes to. */
function rewritten(plain: Manifest, to: Rewrite): { readonly clauses: readonly Clause[] } | FixEdit {
  const edit = plain.rewrite?.(0, to) ?? disabled('This entry cannot be rewritten.');
  if (edit.kind === 'disabled') return edit;
  const content = plain.edit(edit.changes).contentOf(0);
  return content?.kind === 'index'
    ? { clauses: content.specifier?.clauses ?? [] }
    : disabled('This entry cannot be rewritten.');
}

interface Wanted {
  readonly line: ManifestKind;
  readonly wanted: readonly Clause[];
}

function* candidates(
  file: Manifest,
  content: IndexRequirement,
  to: Rewrite,
  { whole, versions, isApart }: WrittenAt,
  { line, wanted }: Wanted,
): Generator<readonly TextChange[]> {
  if (!isApart) {
    const text = file.slice(whole.start, whole.end);
    yield* asLine(line, text, to, whole.start, 0);
    // The quotes of a marker may be written with escapes: "a==1; os_name == \"nt\"".
    const semicolon = text.indexOf(';');
    if (semicolon > 0) yield* asLine(line, text.slice(0, semicolon), to, whole.start, 0);
  }
  if (versions === undefined) return;
  const written = file.slice(versions.start, versions.end);
  const { name } = content;
  yield* asLine(line, name.text + written, to, versions.start - name.text.length, name.text.length);
  if (!isApart) return;
  const [only, ...more] = wanted;
  const [sign = ''] = /^[\^~]?/u.exec(written) ?? [];
  if (to.kind === 'pin' && only !== undefined && more.length === 0) {
    yield [{ ...versions, text: /^\d/u.test(written) ? only.version : only.operator + only.version }];
  }
  if (to.kind === 'floor') yield [{ ...versions, text: sign + to.version }];
  if (to.kind === 'exclude')
    yield [{ start: versions.end, end: versions.end, text: to.versions.map((one) => `,!=${one}`).join('') }];
  yield [{ ...versions, text: specifierText(wanted) }];
}

/** The change of a text that is a line of a requirements file as it stands. `from`: where what may be changed begins in it. */
function* asLine(
  line: ManifestKind,
  text: string,
  to: Rewrite,
  origin: number,
  from: number,
): Generator<readonly TextChange[]> {
  if (/[\r\n\\]/u.test(text)) return;
  const read = line.parse(text);
  const edit = read.entries.length === 1 ? read.rewrite?.(0, to) : undefined;
  if (edit?.kind === 'edit' && edit.changes.every(({ start }) => start >= from)) {
    yield edit.changes.map(({ start, end, text: by }) => ({ start: start + origin, end: end + origin, text: by }));
  }
}

function changesOnly(
  file: Manifest,
  index: number,
  changes: readonly TextChange[],
  wanted: readonly Clause[],
): boolean {
  const edited = file.edit(changes);
  const [before, after] = [file.contentOf(index), edited.contentOf(index)];
  if (edited.entries.length !== file.entries.length || before?.kind !== 'index' || after?.kind !== 'index')
    return false;
  return (
    before.name.text === after.name.text &&
    before.marker?.text === after.marker?.text &&
    before.extras.map(({ text }) => text).join() === after.extras.map(({ text }) => text).join() &&
    before.hasOwnIndex === after.hasOwnIndex &&
    edited.entries[index]?.problems.length === file.entries[index]?.problems.length &&
    isSame(after.specifier?.clauses ?? [], wanted) &&
    file.entries.every((entry, at) => at === index || sameEntry(entry, edited.entries[at]))
  );
}

function sameEntry(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** They allow the same versions. */
function isSame(a: readonly Clause[], b: readonly Clause[]): boolean {
  const [one, other] = [setOf(a), setOf(b)];
  return (
    one !== undefined &&
    other !== undefined &&
    one.length === other.length &&
    one.every(({ from, to }, at) => from === other[at]?.from && to === other[at]?.to)
  );
}

function setOf(clauses: readonly Clause[]): VersionSet | undefined {
  const read = clauses.map(({ operator, version }) => parseClause(operator, version));
  const known = read.filter((clause) => clause !== undefined);
  return known.length === read.length ? admittedVersions(known) : undefined;
}
