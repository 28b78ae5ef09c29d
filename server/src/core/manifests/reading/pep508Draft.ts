import { lastSegment } from '../../packages/archives.ts';
import { type TextNode, sourceOf } from '../../text/tree/tree.ts';
import type { Span } from '../../text/position.ts';
import type { SourceText } from '../../text/sourceText.ts';
import { coverSecrets, showCovered } from '../../text/maskSecrets.ts';
import type { Content } from '../manifest.ts';
import { isFault, type Fault, toProblem } from '../pep508/fault.ts';
import { guessName, readRequirement, type RequirementParts } from '../pep508/requirement.ts';
import { readUrlFacts, splitUrl, unquote } from '../pep508/urls.ts';
import type { Clause } from '../../versions/clause.ts';
import type { Problem, Specifier, UrlRequirement } from '../requirement.ts';
import { isSecretName } from '../shownText.ts';
import type { Draft, ItemFacts } from './draft.ts';

/** A text that is a requirement of PEP 508, as a draft. */
export function pep508Draft(node: TextNode, scope: string): Draft {
  return requirementDraft(sourceOf(node), node.inner, scope);
}

/** The same of any text. `span` is where it stands. */
export function requirementDraft(source: SourceText, span: Span, scope: string): Draft {
  const parts = readRequirement(source, 0, source.text.length);
  return isFault(parts) ? faultDraft(parts, source, span, scope) : partsDraft(parts, source, span, scope);
}

/** A requirement that cannot be read, and why. */
export function faultDraft(fault: Fault, source: SourceText, span: Span, scope: string): Draft {
  const { text } = source;
  const problem = withoutSecrets(toProblem(fault, source), text);
  const guessed = guessName(source, 0, text.length);
  const name = guessed !== undefined && isSecretName(text, guessed.text) ? undefined : guessed;
  const message =
    name === undefined || problem.message.includes(name.text) ? problem.message : `${name.text}: ${problem.message}`;
  return {
    span,
    problems: [{ ...problem, message }],
    content: { kind: 'unread', text, span, hasOwnIndex: false, message, scope, ...(name && { name }) },
  };
}

function withoutSecrets(problem: Problem, text: string): Problem {
  const covered = coverSecrets(text);
  return covered === text
    ? problem
    : {
        ...problem,
        message: `This requirement cannot be read. What is wrong is not shown: it holds a secret (${showCovered(covered).slice(0, 80)}).`,
      };
}

function partsDraft(parts: RequirementParts, source: SourceText, span: Span, scope: string): Draft {
  const { name, extras, specifier, url, marker } = parts;
  const common = { text: source.text, extras, hashes: [], hasOwnIndex: false, scope, ...(marker && { marker }) };
  const item: ItemFacts = {
    k: 'requirement',
    scope,
    name: name.text,
    nameSpan: name.span,
    extras: [...new Set(extras.map(({ text }) => text))].sort(),
    ...(marker && { marker: marker.normal }),
  };
  if (url !== undefined) {
    const content: Content = { kind: 'url', ...common, name, url, isNamed: true, ...fileOf(url.text) };
    return { span, content, item: { ...item, ...urlFacts(url.text) } };
  }
  const clauses = specifier?.clauses ?? [];
  return {
    span,
    content: { kind: 'index', ...common, name, ...(specifier && { specifier }) },
    item: {
      ...item,
      source: 'registry',
      ...(specifier &&
        clauses.length > 0 && { specifier: specifierText(clauses), specSpan: withoutParentheses(specifier) }),
    },
  };
}

export function specifierText(clauses: readonly Clause[]): string {
  return clauses.map(({ operator, version }) => operator + version).join(',');
}

function withoutParentheses({ text, span, clauses }: Specifier): Span {
  const [first] = clauses;
  if (!text.startsWith('(') || first === undefined) return span;
  const tail = /(?<![ \t])[ \t]*\)$/u.exec(text)?.[0].length ?? 0;
  return { start: first.operatorSpan.start, end: span.end - tail };
}

/** What a URL says of where a package comes from, for `pinwatch parse`. */
export function urlFacts(url: string): Pick<ItemFacts, 'source' | 'location' | 'rev'> {
  const path = url.replace(/#.*$/su, '').replace(/^[^:]*:\/\/[^/]*/u, '');
  const at = path.lastIndexOf('@');
  const rev = at < 0 ? {} : { rev: path.slice(at + 1) };
  if (/^git\+/u.test(url)) return { source: 'git', location: url, ...rev };
  if (/^(?:hg|svn|bzr)\+/u.test(url)) return { source: 'vcs', location: url, ...rev };
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//iu.test(url) && !/^file:/iu.test(url);
  return { source: isUrl ? 'url' : 'path', location: url };
}

/** The file that a URL leads to, and the folder in it. */
export function fileOf(url: string): Pick<UrlRequirement, 'fileName' | 'subdirectory'> {
  const parts = splitUrl(url);
  const facts = parts && readUrlFacts(url, parts);
  if (parts === undefined || facts === undefined || isFault(facts)) return {};
  const { vcs, subdirectory } = facts;
  return {
    ...(vcs === undefined && { fileName: lastSegment(unquote(parts.path)) }),
    ...(subdirectory !== undefined && { subdirectory }),
  };
}
