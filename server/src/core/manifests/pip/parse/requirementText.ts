import { isWheelPath } from '../../../packages/archives.ts';
import { isArchivePath, lastSegment, readWheelName } from '../../../packages/archives.ts';
import { skipSpace, trimSpace } from '../../../text/characters.ts';
import { isFault, type Fault } from '../../pep508/fault.ts';
import { legacyCode } from '../lexical/legacy.ts';
import { readMarker } from '../../pep508/markers.ts';
import type { NamedRequirement, PathRequirement, UrlRequirement } from '../model.ts';
import type { Marker, NameToken } from '../../requirement.ts';
import { normalizeName } from '../../../packages/packageName.ts';
import { splitTrailingExtras } from './pathExtras.ts';
import { quote } from '../../../text/quote.ts';
import { readRequirement } from '../../pep508/requirement.ts';
import { spanOf, tokenOf, type SourceText } from '../../../text/sourceText.ts';
import {
  findEgg,
  isUrlScheme,
  readUrlFacts,
  splitUrl,
  unquote,
  type UrlFacts,
  type UrlParts,
} from '../../pep508/urls.ts';

type Own<T> = Omit<
  T,
  'text' | 'span' | 'comment' | 'problems' | 'pipLineCount' | 'configSettings' | 'ignoredOptions' | 'hashes'
>;

/** What a requirement text is, in pip's order of asking: URL, path, name. A path may carry a fault of its own. */
export type RequirementText =
  Own<NamedRequirement> | Own<UrlRequirement> | (Own<PathRequirement> & { readonly fault?: Fault });

/** Reads the requirement that takes up the text up to `end`. */
export function readRequirementText(source: SourceText, end: number): RequirementText | Fault {
  const { text } = source;
  const urlLike = beginsLikeUrl.test(text);
  const url = urlLike ? splitUrl(text.slice(0, end)) : noUrl;
  if (url === undefined) return invalidUrl(text, 0, end);
  const isUrl = isUrlScheme(url.scheme);
  // A URL may hold a semicolon, so that pip wants a space behind the one before a marker.
  const separatorText = isUrl ? '; ' : ';';
  const separator = text.indexOf(separatorText);
  const hasMarker = separator >= 0 && separator + separatorText.length <= end;
  const start = skipSpace(text, 0, hasMarker ? separator : end);
  const textEnd = trimSpace(text, start, hasMarker ? separator : end);
  const marker = hasMarker ? readMarkerText(source, separator + 1, end) : undefined;
  if (isUrl) return readUrl(source, start, textEnd, marker);
  return readPathOrName(source, start, textEnd, marker);
}

const beginsLikeUrl = /^[\0- ]*(?:[A-Za-z][A-Za-z0-9+.-]*:|\/\/)/;
const noUrl: UrlParts = { scheme: '', host: '', path: '' };

/** An empty marker is none. */
function readMarkerText(source: SourceText, start: number, end: number): Marker | Fault | undefined {
  const markerStart = skipSpace(source.text, start, end);
  const markerEnd = trimSpace(source.text, markerStart, end);
  return markerStart < markerEnd ? readMarker(source, markerStart, markerEnd) : undefined;
}

function readUrl(
  source: SourceText,
  start: number,
  end: number,
  marker: Marker | Fault | undefined,
): RequirementText | Fault {
  if (marker && isFault(marker)) return marker;
  const url = tokenOf(source, start, end);
  const parts = splitUrl(url.text);
  if (parts === undefined) return invalidUrl(source.text, start, end);
  // pip makes a new URL of such a path, and loses the fragment.
  const rewritten = parts.scheme === 'file' && url.text.includes('../');
  const facts = readUrlFacts(url.text, rewritten ? { ...parts, scheme: '' } : parts);
  if (isFault(facts)) return { ...facts, start: facts.start + start, end: facts.end + start };
  const common = { kind: 'url', url, ...(marker && { marker }), ...(rewritten ? {} : facts) } as const;
  const path = unquote(parts.path);
  if (!isWheelPath(path)) {
    const name = rewritten ? undefined : eggName(source, start, url.text);
    return name === undefined ? common : { ...common, name };
  }
  const wheel = readWheel(source, start, start + endOfPath(url.text), path);
  return isFault(wheel) ? wheel : { ...common, ...wheel };
}

function readPathOrName(
  source: SourceText,
  start: number,
  end: number,
  marker: Marker | Fault | undefined,
): RequirementText | Fault {
  const text = source.text.slice(start, end);
  const extras = splitTrailingExtras(source, start, end);
  const markerFault = marker && isFault(marker) ? marker : undefined;
  const valid = marker && !isFault(marker) ? { marker } : {};
  if (markerFault === undefined && !isFault(extras) && isLocalArchive(text, source.text.slice(start, extras.pathEnd))) {
    const path = tokenOf(source, start, extras.pathEnd);
    const archive = { kind: 'path', path, extras: extras.extras, archive: true, ...valid } as const;
    if (/^\/\/(?!\/)/.test(path.text)) return { ...archive, fault: otherMachine(path.text, start, extras.pathEnd) };
    if (!isWheelPath(path.text)) return archive;
    const wheel = readWheel(source, start, extras.pathEnd, path.text);
    if (!isFault(wheel)) return { ...archive, ...wheel };
    return canBePath(text) ? { ...archive, fault: wheel } : wheel;
  }
  const named = markerFault ?? readNamed(source, start, end, isFault(extras) ? extras : extras.extras);
  if (!isFault(named)) return { ...named, ...valid };
  if (!canBePath(text)) return named;
  const pathEnd = isFault(extras) ? end : extras.pathEnd;
  return {
    kind: 'path',
    path: tokenOf(source, start, pathEnd),
    extras: isFault(extras) ? [] : extras.extras,
    archive: false,
    ...valid,
    ...(markerFault === undefined ? {} : { fault: markerFault }),
  };
}

function readNamed(
  source: SourceText,
  start: number,
  end: number,
  trailingExtras: readonly NameToken[] | Fault,
): Own<NamedRequirement> | Fault {
  const parts = readRequirement(source, start, end);
  if (isFault(parts)) return legacyCode(parts, source.text, start, end);
  if (isFault(trailingExtras)) return trailingExtras;
  if (parts.url === undefined) return { kind: 'requirement', ...parts };
  const facts = readDirectUrl(parts.url.text);
  if (isFault(facts)) {
    const urlStart = end - parts.url.text.length;
    return { ...facts, start: facts.start + urlStart, end: facts.end + urlStart };
  }
  const extras = parts.extras.length > 0 ? parts.extras : trailingExtras;
  return { kind: 'requirement', ...parts, extras, ...facts };
}

function readDirectUrl(url: string): UrlFacts | Fault {
  const parts = splitUrl(url);
  return parts === undefined ? invalidUrl(url, 0, url.length) : readUrlFacts(url, parts);
}

function endOfPath(url: string): number {
  const at = url.search(/[?#]/);
  return at < 0 ? url.length : at;
}

function eggName(source: SourceText, start: number, url: string): NameToken | undefined {
  const egg = findEgg(url);
  if (egg === undefined) return undefined;
  const token = tokenOf(source, start + egg.start, start + egg.end);
  return { ...token, normalized: normalizeName(token.text) };
}

/** `pathEnd` is where the written path ends, which `path` is the unquoted form of. */
function readWheel(
  source: SourceText,
  start: number,
  pathEnd: number,
  path: string,
): { readonly name: NameToken; readonly version: string } | Fault {
  const wheel = readWheelName(path);
  if ('message' in wheel) return { ...wheel, start, end: pathEnd };
  const written = source.text.slice(start, pathEnd);
  // `file:a-1.0-py3-none-any.whl` has no slash.
  const verbatim = written.lastIndexOf(lastSegment(path));
  const nameStart = start + (verbatim < 0 ? written.lastIndexOf(lastSegment(written)) : verbatim);
  const nameEnd = nameStart + wheel.name.length;
  const isVerbatim = source.text.slice(nameStart, nameEnd) === wheel.name;
  const span = spanOf(source, nameStart, isVerbatim ? nameEnd : pathEnd);
  return { name: { text: wheel.name, normalized: wheel.normalized, span }, version: wheel.version };
}

/** pip takes any text with an archive's extension for a path, unless it reads as `name @ url`. */
function isLocalArchive(text: string, path: string): boolean {
  if (!isArchivePath(path)) return false;
  const at = text.indexOf('@');
  return at < 0 || looksLikePath(text.slice(0, at));
}

function looksLikePath(text: string): boolean {
  return text.includes('/') || text.startsWith('.');
}

/** Whether the text may be a folder that we cannot see from here. */
function canBePath(text: string): boolean {
  return looksLikePath(text) && !/[@ ]|:\/\//.test(text);
}

/** pip makes a `file:` URL of the path, in which two slashes are followed by a host. */
function otherMachine(path: string, start: number, end: number): Fault {
  const message = `${quote(path)} is not a path on this machine: it begins with two slashes. Begin it with one.`;
  return { code: 'requirement.invalid-path', message, start, end };
}

function invalidUrl(text: string, start: number, end: number): Fault {
  const message = `${quote(text.slice(start, end))} is not a URL: its brackets hold no IPv6 address. Correct the host.`;
  return { code: 'requirement.invalid-url', message, start, end };
}
