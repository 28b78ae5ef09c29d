import { entriesOf, nodeAt, type TableEntry, type TextNode, type TreeNode, sourceOf } from '../../text/tree/tree.ts';
import { normalizeName } from '../../packages/packageName.ts';
import { tokenOf } from '../../text/sourceText.ts';
import type { Content } from '../manifest.ts';
import type { NameToken } from '../requirement.ts';
import type { Draft } from '../reading/draft.ts';
import { entryDrafts, indexListDrafts, textDrafts } from '../reading/expected.ts';
import { pep508Draft, specifierText } from '../reading/pep508Draft.ts';
import { unreadVersion } from '../reading/keyedEntry.ts';
import { problemDraft } from '../reading/problems.ts';
import { nameToken, spanOfEntry } from '../reading/tableDraft.ts';
import { readClauses } from './pixi.ts';
import { readPoetryConstraint } from './poetryConstraint.ts';

/** What `[tool.pdm]` asks for: groups of its own, whose entries may begin with `-e`, and overrides. */
export function pdmDrafts(pdm: TreeNode | undefined): readonly Draft[] {
  return [
    ...indexListDrafts(nodeAt(pdm, 'source'), 'tool.pdm.source'),
    ...entryDrafts(nodeAt(pdm, 'dev-dependencies'), 'dev-dependencies', ({ key, value }) =>
      textDrafts(value, `dev-dependencies.${key.value}`, (node) => [entryDraft(node, `group:${key.value}`)]),
    ),
    ...textDrafts(nodeAt(pdm, 'plugins'), 'plugins', (node) => [entryDraft(node, 'build')]),
    ...entriesOf(nodeAt(pdm, 'resolution', 'overrides')).flatMap(overrideDraft),
  ];
}

function entryDraft(node: TextNode, scope: string): Draft {
  const [option] = /^(?:-e\s+|--editable[\s=]\s*)/u.exec(node.value) ?? [];
  return option === undefined ? pep508Draft(node, scope) : editableDraft(node, option.length, scope);
}

/** `-e file:///${PROJECT_ROOT}/lib#egg=name[extra]`. */
function editableDraft(node: TextNode, from: number, scope: string): Draft {
  const source = sourceOf(node);
  const target = tokenOf(source, from, source.text.length);
  const egg = /[#&]egg=([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?/du.exec(source.text);
  const [start, end] = egg?.indices?.[1] ?? [];
  const token = start === undefined || end === undefined ? undefined : tokenOf(source, start, end);
  const name: NameToken | undefined = token && { ...token, normalized: normalizeName(token.text) };
  const extras = (egg?.[2] ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  const content: Content = {
    kind: 'editable',
    text: node.value,
    target,
    extras: [],
    hashes: [],
    hasOwnIndex: false,
    scope,
    ...(name && { name }),
  };
  return {
    span: node.inner,
    content,
    item: {
      k: 'requirement',
      scope,
      source: 'editable',
      location: target.text,
      ...(name && { name: name.text, nameSpan: name.span }),
      ...(extras.length > 0 && { extras: extras.sort() }),
    },
  };
}

/** The version that replaces what all others ask for: one version, a range, or a URL. */
function overrideDraft({ key, value }: TableEntry): readonly Draft[] {
  if (value.kind !== 'text') return [problemDraft(key.inner, 'requirement', `${key.value} needs a version: a text.`)];
  const name = nameToken(key);
  const span = spanOfEntry(key, value);
  const bare = /^\d/u.test(value.value) ? readPoetryConstraint(sourceOf(value))?.clauses : undefined;
  const clauses = bare ?? readClauses(value, key.value)?.clauses;
  if (clauses === undefined && !value.value.includes('://')) {
    const message = `"${value.value}" is no version specifier. Correct the one of ${key.value}.`;
    return [unreadVersion(key, { span, name, text: key.value, scope: 'override', message, problems: [] })];
  }
  const common = {
    text: `${key.value} ${value.value}`,
    scope: 'override',
    hashes: [],
    extras: [],
    hasOwnIndex: false,
    name,
  };
  const content: Content =
    clauses === undefined
      ? { kind: 'url', ...common, isNamed: true, url: { text: value.value, span: value.inner } }
      : {
          kind: 'index',
          ...common,
          ...(clauses.length > 0 && { specifier: { text: value.value, span: value.inner, clauses } }),
        };
  const item = {
    k: 'requirement',
    scope: 'override',
    name: key.value,
    nameSpan: key.inner,
    written: value.value,
  } as const;
  return [
    {
      span,
      content,
      item: clauses === undefined ? item : { ...item, specifier: specifierText(clauses), specSpan: value.inner },
    },
  ];
}
