import { lastAtOrBefore } from '../../text/lineIndex.ts';
import type { Position } from '../../text/position.ts';
import type { Operator } from '../../versions/clause.ts';
import { type Manifest, type ManifestKind, type NameBeingTyped, nameOf, type VersionToken } from '../manifest.ts';
import { offsetAt } from '../offsetAt.ts';
import { positionAt } from '../places.ts';

/** The version that is being typed in an entry; `line` knows it in a requirement of PEP 508. */
export function typedVersionAt(file: Manifest, position: Position, line: ManifestKind): VersionToken | undefined {
  const at = entryAt(file, position);
  if (at === undefined) return undefined;
  const { start, text, before } = at;
  const apart = versionsApart.exec(before);
  if (apart === null) {
    const token = line.parse(text).versionAt?.({ line: 0, character: before.length });
    return (
      token && {
        ...token,
        range: rangeAt(file, start + token.range.start.character, start + token.range.end.character),
      }
    );
  }
  const name = nameOf(file.contentOf(at.index));
  const [, sign = '', typed = ''] = lastClause.exec(apart[1] ?? '') ?? [];
  if (name === undefined) return undefined;
  const rest = /^[A-Za-z0-9.!+*_-]*/u.exec(text.slice(before.length))?.[0] ?? '';
  const from = start + before.length - typed.length;
  return {
    name: name.normalized,
    range: rangeAt(file, from, start + before.length + rest.length),
    text: typed + rest,
    typed,
    operator: operators.get(sign) ?? (sign as Operator),
  };
}

/** The name that is being typed at the beginning of a requirement of PEP 508. */
export function typedNameAt(file: Manifest, position: Position): NameBeingTyped | undefined {
  const at = entryAt(file, position);
  if (at === undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(at.before)) return undefined;
  const rest = /^[A-Za-z0-9._-]*/u.exec(at.text.slice(at.before.length))?.[0] ?? '';
  // The key of a table is no text that somebody begins to type in quotes.
  if (/^["']?\s*=(?!=)/u.test(at.text.slice(at.before.length + rest.length))) return undefined;
  const end = at.start + at.before.length + rest.length;
  return { range: rangeAt(file, at.start, end), text: at.before + rest, typed: at.before };
}

interface EntryAt {
  readonly index: number;
  readonly start: number;
  readonly text: string;
  /** Up to the position. */
  readonly before: string;
}

// No requirement is that long; the patterns below read only what is.
const longest = 2_000;

function entryAt(file: Manifest, position: Position): EntryAt | undefined {
  const offset = offsetAt(file, position);
  const index = lastAtOrBefore(file.starts, offset);
  const [entry, start, content] = [file.entries[index], file.starts[index], file.contentOf(index)];
  if (entry === undefined || start === undefined || offset < start || offset > start + entry.span.end) return undefined;
  const isAsked = content?.kind === 'index' || (content?.kind === 'unread' && content.skipped === undefined);
  if (!isAsked || entry.span.end > longest) return undefined;
  const text = file.slice(start, start + entry.span.end);
  const before = text.slice(0, offset - start);
  return /[\r\n]/u.test(before) ? undefined : { index, start, text, before };
}

function rangeAt(file: Manifest, from: number, to: number) {
  return { start: positionAt(file, from), end: positionAt(file, to) };
}

/** `flask = "^1.`, `flask = { version = "` */
const versionsApart = /^[A-Za-z0-9._-]+["']?\s*[=:]\s*(?:\{[^}]*version\s*=\s*)?["']([^"']*)$/u;
const lastClause = /(?:^|[,|\s])\s*(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*([A-Za-z0-9.!+*_-]*)$/u;
const operators: ReadonlyMap<string, Operator> = new Map([
  ['', '=='],
  ['=', '=='],
  ['^', '>='],
  ['~', '~='],
]);
