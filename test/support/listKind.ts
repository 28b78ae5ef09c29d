import type { Content, Entry, Manifest, ManifestKind } from '../../server/src/core/manifests/manifest.ts';
import { nameOf } from '../../server/src/core/manifests/manifest.ts';
import { rangeOf } from '../../server/src/core/manifests/places.ts';
import type { NameToken } from '../../server/src/core/manifests/requirement.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { findLineStarts } from '../../server/src/core/text/lineIndex.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';

/**
 * A made-up format that is only read, for what must work with every kind: a line is `name version`, `name` alone, or
 * `see file`; a group may follow as `(group)`. Anything else cannot be read.
 */
export const listKind: ManifestKind = {
  id: 'list',
  matches: (path) => path.endsWith('.list'),
  parse: listManifest,
  describe: (text) => ({ lines: text.split('\n').length, items: listManifest(text).entries }),
};

interface ListEntry extends Entry {
  readonly content: Content;
}

function listManifest(text: string): Manifest {
  const lineStarts = findLineStarts(text);
  const lines = [...text.matchAll(/[^\n]+/gu)];
  const entries = lines.map(([line]) => entryOf(line));
  const starts = lines.map(({ index }) => index);
  const places = { starts, lineStarts };
  const indexes = entries.map((_, index) => index);
  return {
    kind: listKind,
    text,
    length: text.length,
    slice: (start, end) => text.slice(start, end),
    ...places,
    entries,
    contentOf: (index) => entries[index]?.content,
    entriesFor: (name) => indexes.filter((index) => nameOf(entries[index]?.content)?.normalized === name),
    includes: entries.flatMap(({ content }, index) =>
      content.kind === 'include' || content.kind === 'constraint' ? [{ ...content, index }] : [],
    ),
    decides: entries.flatMap(({ content }) => {
      const version = content.kind === 'index' ? content.specifier?.clauses[0]?.version : undefined;
      const read = version === undefined ? undefined : parseVersion(version);
      return content.kind === 'index' && version !== undefined && read !== undefined
        ? [{ name: content.name.normalized, version: { version: read, text: version } }]
        : [];
    }),
    outline: entries.flatMap(({ content, span }, index) => {
      const name = nameOf(content);
      const range = rangeOf(places, index, span);
      return name === undefined
        ? []
        : [
            {
              kind: 'package' as const,
              name: name.text,
              detail: '',
              range,
              nameRange: rangeOf(places, index, name.span),
            },
          ];
    }),
    links: [],
    edit: (changes) =>
      listManifest(changes.reduce((now, { start, end, text: by }) => now.slice(0, start) + by + now.slice(end), text)),
  };
}

function entryOf(line: string): ListEntry {
  const span = { start: 0, end: line.length };
  const [, word = '', version, group] = /^(\S+)(?: (\S+?))?(?: \((\S+)\))?$/u.exec(line) ?? [];
  if (word === 'see' && version !== undefined) {
    const target = { text: version, span: { start: 4, end: 4 + version.length } };
    return { span, problems: [], content: { kind: 'include', text: line, target } };
  }
  const name: NameToken = { text: word, normalized: normalizeName(word), span: { start: 0, end: word.length } };
  if (word === '' || (version !== undefined && parseVersion(version) === undefined)) {
    const message = `"${line}" is no line of a list.`;
    return {
      span,
      problems: [{ span, message, code: 'list.line' }],
      content: { kind: 'unread', text: line, span, message, hasOwnIndex: false, ...(word !== '' && { name }) },
    };
  }
  const start = word.length + 1;
  const versionSpan = { start, end: start + (version?.length ?? 0) };
  const content: Content = {
    kind: 'index',
    text: line,
    name,
    extras: [],
    hashes: [],
    hasOwnIndex: false,
    ...(group !== undefined && { groups: [group] }),
    ...(version !== undefined && {
      specifier: {
        text: `==${version}`,
        span: versionSpan,
        clauses: [
          {
            operator: '==',
            operatorSpan: { start, end: start },
            version,
            versionSpan,
            wildcard: version.endsWith('*'),
          },
        ],
      },
    }),
  };
  return { span, problems: [], content };
}
