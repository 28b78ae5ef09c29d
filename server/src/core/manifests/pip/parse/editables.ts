import { isFault, type Fault } from '../../pep508/fault.ts';
import type { EditableRequirement } from '../model.ts';
import type { NameToken } from '../../requirement.ts';
import { normalizeName } from '../../../packages/packageName.ts';
import { splitTrailingExtras } from './pathExtras.ts';
import { quote } from '../../../text/quote.ts';
import { readRequirement } from '../../pep508/requirement.ts';
import { tokenOf, type SourceText } from '../../../text/sourceText.ts';
import { findEgg, isVcsScheme, readUrlFacts, splitUrl, type UrlFacts } from '../../pep508/urls.ts';

export type EditableText = Omit<
  EditableRequirement,
  'text' | 'span' | 'comment' | 'problems' | 'pipLineCount' | 'configSettings' | 'ignoredOptions'
>;

/** Reads what stands after `-e`: `name @ url`, a VCS or `file:` URL, or a path. */
export function readEditable(source: SourceText): EditableText | Fault {
  const end = source.text.length;
  const read = readDirectReference(source) ?? readEditableUrl(source);
  if (read !== undefined && !isFault(read)) return read;
  // Without a look at the disk, all that is no URL may be a folder.
  const extras = splitTrailingExtras(source, 0, end);
  if (!canBePath(source.text)) return read ?? (isFault(extras) ? extras : notEditable(source.text));
  const pathEnd = isFault(extras) ? end : extras.pathEnd;
  return {
    kind: 'editable',
    target: tokenOf(source, 0, end),
    extras: isFault(extras) ? [] : extras.extras,
    path: tokenOf(source, 0, pathEnd),
  };
}

/** Undefined where the text is not `name @ url`. */
function readDirectReference(source: SourceText): EditableText | Fault | undefined {
  const end = source.text.length;
  const parts = readRequirement(source, 0, end);
  if (isFault(parts) || parts.url === undefined) return undefined;
  const url = parts.url.text;
  const facts = readEditableFacts(url);
  if (isFault(facts)) return facts;
  const { name, extras, marker } = parts;
  return { kind: 'editable', target: tokenOf(source, 0, end), name, extras, url, ...(marker && { marker }), ...facts };
}

/** Undefined where the text is no URL. */
function readEditableUrl(source: SourceText): EditableText | Fault | undefined {
  const { text } = source;
  const extras = splitTrailingExtras(source, 0, text.length);
  if (isFault(extras)) return extras;
  const isFile = /^file:/i.test(text);
  const written = isFile ? text.slice(0, extras.pathEnd) : text;
  // `git:` and the like are short for `git+git:`.
  const shortVcs = isFile ? undefined : /^(?:git|hg|svn|bzr)(?=:)/i.exec(text)?.[0].toLowerCase();
  const prefix = shortVcs === undefined ? '' : `${shortVcs}+`;
  const url = prefix + written;
  const facts = readEditableFacts(url);
  if (isFault(facts)) return facts;
  const name = eggName(source, written);
  if (name === undefined && facts.vcs !== undefined) return unnamed(text);
  const target = tokenOf(source, 0, text.length);
  return { kind: 'editable', target, ...(name && { name }), extras: isFile ? extras.extras : [], url, ...facts };
}

function readEditableFacts(url: string): UrlFacts | Fault {
  const parts = splitUrl(url);
  if (parts === undefined || (!isVcsScheme(parts.scheme) && !url.startsWith('file:'))) return notEditable(url);
  return readUrlFacts(url, parts);
}

function eggName(source: SourceText, url: string): NameToken | undefined {
  const egg = findEgg(url);
  if (egg === undefined) return undefined;
  const token = tokenOf(source, egg.start, egg.end);
  return { ...token, normalized: normalizeName(token.text) };
}

function canBePath(text: string): boolean {
  if (text.startsWith('\\\\')) return true; // A Windows share.
  return !text.includes('://') && !text.includes(' @ ') && !/^(?:file|git|hg|svn|bzr):/i.test(text);
}

function notEditable(text: string): Fault {
  const message = `${quote(text)} cannot be installed as editable. Write a folder, a file: URL, or a URL of version control such as git+https://.`;
  return { code: 'editable.invalid-target', message, start: 0, end: text.length };
}

function unnamed(text: string): Fault {
  const message = `The editable ${quote(text)} does not say which package it is. Write "name @ url", or add #egg=name.`;
  return { code: 'editable.no-name', message, start: 0, end: text.length };
}
