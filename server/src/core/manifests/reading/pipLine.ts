import { normalizeName } from '../../packages/packageName.ts';
import type { Span } from '../../text/position.ts';
import { sliceSource, type SourceText, spanOf, tokenOf } from '../../text/sourceText.ts';
import type { Content } from '../manifest.ts';
import type { NameToken, Token } from '../requirement.ts';
import type { Draft, ItemFacts } from './draft.ts';
import { fileOf, requirementDraft, urlFacts } from './pep508Draft.ts';

/** A line of a requirements file within another format; nothing for an option that asks for no package. */
export function pipLineDrafts(source: SourceText, scope: string, more: Partial<ItemFacts> = {}): readonly Draft[] {
  const { text } = source;
  const span = spanOf(source, 0, text.length);
  const option = /^(-r|--requirement|-c|--constraint|-e|--editable)(?:\s*=\s*|\s+|(?<=-[rce]))(?=\S)/u.exec(text);
  if (option !== null) {
    const target = tokenOf(source, option[0].length, text.trimEnd().length);
    return [optionDraft(option[1] ?? '', target, span, { scope, more, source })];
  }
  if (text.startsWith('-')) return [];
  const end = /\s+--?[a-z].*$/su.exec(text)?.index ?? text.length;
  const body = end === text.length ? source : sliceSource(source, 0, end);
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(body.text) || /^(?:git|hg|svn|bzr)[+:]/u.test(body.text)) {
    return [urlDraft(body, scope, more)];
  }
  return [
    isPath(body.text)
      ? pathDraft(body, scope, more)
      : withFacts(requirementDraft(body, spanOf(body, 0, body.text.length), scope), more),
  ];
}

interface Around {
  readonly scope: string;
  readonly more: Partial<ItemFacts>;
  readonly source: SourceText;
}

function optionDraft(option: string, target: Token, span: Span, { scope, more, source }: Around): Draft {
  if (/^-(?:r|-requirement)$/u.test(option)) return includeDraft('include', target, span, { ...more, scope });
  if (/^-(?:c|-constraint)$/u.test(option)) return includeDraft('constraint', target, span, { ...more, scope });
  const egg = eggOf(source);
  const isVcs = /^(?:git|hg|svn|bzr)[+:]/u.test(target.text);
  const kind = isVcs ? (target.text.startsWith('git') ? 'git' : 'vcs') : 'editable';
  const content: Content = {
    kind: 'editable',
    text: source.text,
    target,
    scope,
    extras: [],
    hashes: [],
    hasOwnIndex: false,
    ...(egg && { name: egg.name }),
  };
  const item = { ...more, k: 'requirement', scope } as const;
  return {
    span,
    content,
    item:
      egg === undefined
        ? { ...item, source: 'editable', location: target.text }
        : { ...item, source: kind, ...egg.item },
  };
}

/** Another file that is named where this one is read: it is followed as an include of a requirements file is. */
export function includeDraft(
  kind: 'include' | 'constraint',
  target: Token,
  span: Span,
  facts: Partial<ItemFacts> & { readonly scope: string },
): Draft {
  return { span, content: { kind, text: target.text, target }, item: { ...facts, k: kind, location: target.text } };
}

function urlDraft(source: SourceText, scope: string, more: Partial<ItemFacts>): Draft {
  const { text } = source;
  const url = tokenOf(source, 0, text.length);
  const egg = eggOf(source);
  const { source: kind, location, rev } = urlFacts(text);
  const content: Content = {
    kind: 'url',
    text,
    url,
    scope,
    isNamed: false,
    extras: [],
    hashes: [],
    hasOwnIndex: false,
    ...fileOf(text),
    ...(egg && { name: egg.name }),
  };
  return {
    span: url.span,
    content,
    item: {
      ...more,
      k: 'requirement',
      scope,
      ...(kind !== undefined && { source: kind }),
      ...(rev !== undefined && { rev }),
      ...(egg === undefined ? location !== undefined && { location } : egg.item),
    },
  };
}

function eggOf(source: SourceText): { readonly name: NameToken; readonly item: Partial<ItemFacts> } | undefined {
  const egg = /[#&]egg=([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?/du.exec(source.text);
  const [start, end] = egg?.indices?.[1] ?? [];
  if (start === undefined || end === undefined) return undefined;
  const token = tokenOf(source, start, end);
  const extras = (egg?.[2] ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  return {
    name: { ...token, normalized: normalizeName(token.text) },
    item: { name: token.text, nameSpan: token.span, ...(extras.length > 0 && { extras: extras.sort() }) },
  };
}

function isPath(text: string): boolean {
  if (text.includes(' @ ') || addressOfName.test(text)) return false;
  return /^[./~{]/u.test(text) || /\.(?:whl|tar\.gz|zip)$/u.test(text) || text.replace(/\[.*|;.*/su, '').includes('/');
}

/** `flask@git+https://…`, as pip has it too. */
const addressOfName = /^[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(?:\[[^\]]*\][ \t]*)?@[ \t]*[A-Za-z][A-Za-z0-9+.-]*:/u;

function pathDraft(source: SourceText, scope: string, more: Partial<ItemFacts>): Draft {
  const path = tokenOf(source, 0, source.text.length);
  return {
    span: path.span,
    content: { kind: 'path', text: source.text, path, scope, extras: [], hashes: [], hasOwnIndex: false },
    item: { ...more, k: 'requirement', scope, source: 'path', location: path.text },
  };
}

export function withFacts(draft: Draft, more: Partial<ItemFacts>): Draft {
  return draft.item === undefined ? draft : { ...draft, item: { ...draft.item, ...more } };
}
