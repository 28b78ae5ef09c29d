import { lastSegment } from '../../packages/archives.ts';
import type { Content } from '../manifest.ts';
import type { IndexRequirement, UrlRequirement } from '../requirement.ts';
import { hasOwnIndex } from './parse/ownIndex.ts';
import { splitUrl, unquote } from '../pep508/urls.ts';
import type * as pip from './model.ts';

/** What an item asks for, in the terms of every manifest; `undefined` for an option. */
export function contentOf(item: pip.Item): Content | undefined {
  switch (item.kind) {
    case 'requirement':
      return item.url === undefined ? indexRequirement(item) : urlRequirement(item, item.url);
    case 'url':
      return urlRequirement(item, item.url);
    case 'path':
      return {
        kind: 'path',
        text: item.text,
        path: item.path,
        extras: item.extras,
        hashes: item.hashes,
        hasOwnIndex: hasOwnIndex(item),
        ...(item.name && { name: item.name }),
        ...(item.version !== undefined && { version: item.version }),
        ...(item.marker && { marker: item.marker }),
      };
    case 'editable':
      return {
        kind: 'editable',
        text: item.text,
        target: item.target,
        extras: item.extras,
        hashes: [],
        hasOwnIndex: false,
        ...(item.name && { name: item.name }),
        ...(item.marker && { marker: item.marker }),
      };
    case 'include':
    case 'constraint':
      return { kind: item.kind, text: item.text, target: item.target };
    case 'error':
      return asksForPackage(item) ? unreadRequirement(item) : undefined;
    case 'option':
      return undefined;
  }
}

function indexRequirement(item: pip.NamedRequirement): Content {
  const { text, name, extras, specifier, marker, hashes } = item;
  const content: Mutable<IndexRequirement> = {
    kind: 'index',
    text,
    name,
    extras,
    hashes,
    hasOwnIndex: hasOwnIndex(item),
  };
  // Not spread: this is made for every line of every file.
  if (specifier !== undefined) content.specifier = specifier;
  if (marker !== undefined) content.marker = marker;
  return content;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function urlRequirement(
  item: pip.NamedRequirement | pip.UrlRequirement,
  url: pip.UrlRequirement['url'],
): UrlRequirement {
  const path = item.vcs === undefined ? splitUrl(url.text)?.path : undefined;
  return {
    kind: 'url',
    text: item.text,
    url,
    isNamed: item.kind === 'requirement',
    extras: item.kind === 'requirement' ? item.extras : [],
    hashes: item.hashes,
    hasOwnIndex: hasOwnIndex(item),
    ...(item.name && { name: item.name }),
    ...(item.marker && { marker: item.marker }),
    ...(path !== undefined && { fileName: lastSegment(unquote(path)) }),
    ...(item.subdirectory !== undefined && { subdirectory: item.subdirectory }),
  };
}

function unreadRequirement(item: pip.InvalidLine): Content {
  const message = item.problems[0]?.message;
  return {
    kind: 'unread',
    text: item.text,
    span: item.span,
    hasOwnIndex: hasOwnIndex(item),
    ...(item.name && { name: item.name }),
    ...(message !== undefined && { message }),
  };
}

/** A broken option asks for no package, but a broken editable does. */
function asksForPackage(item: pip.InvalidLine): boolean {
  return item.name !== undefined || !item.text.startsWith('-') || /^(-e|--editable)/.test(item.text);
}
