import { isAlphanumeric, isBlank, isDigit, isWordAt, skipBlanks } from '../../text/characters.ts';
import { isFault, type Fault } from './fault.ts';
import { readMarker } from './markers.ts';
import type { Marker, NameToken, Specifier, Token } from '../requirement.ts';
import { normalizeName } from '../../packages/packageName.ts';
import { quote } from '../../text/quote.ts';
import { readSpecifier, unreadable } from './specifiers.ts';
import { tokenOf, type SourceText } from '../../text/sourceText.ts';

/** The parts of a PEP 508 requirement. */
export interface RequirementParts {
  readonly name: NameToken;
  readonly extras: readonly NameToken[];
  readonly specifier?: Specifier;
  readonly url?: Token;
  readonly marker?: Marker;
}

/** Reads all of the text between `start` and `end` as `name [extras] (@ url | specifier) ; marker`. */
export function readRequirement(source: SourceText, start: number, end: number): RequirementParts | Fault {
  const { text } = source;
  const name = readName(source, skipBlanks(text, start, end), end);
  if (isFault(name)) return name;
  const extras = readExtras(source, name.end, end, name.token.text);
  if (isFault(extras)) return extras;
  const named = { name: name.token, extras: extras.extras };
  const rest = text[extras.end] === '@' && extras.end < end ? readUrl : readVersions;
  return rest(source, extras.end, end, named);
}

/** Reads `[a, b]` where the text between `start` and `end` is that alone, and nothing where it is empty. */
export function readExtras(source: SourceText, start: number, end: number, name: string): ReadExtras | Fault {
  const { text } = source;
  const open = skipBlanks(text, start, end);
  if (open >= end || text[open] !== '[') return { extras: [], end: open };
  const extras: NameToken[] = [];
  let at = skipBlanks(text, open + 1, end);
  if (at < end && text[at] === ']') return { extras, end: skipBlanks(text, at + 1, end) };
  for (;;) {
    const extra = readIdentifier(source, at, end);
    if (extra === undefined) return invalidExtras(text, open, at, end, name);
    extras.push(extra.token);
    at = skipBlanks(text, extra.end, end);
    if (at < end && text[at] === ']') return { extras, end: skipBlanks(text, at + 1, end) };
    if (at >= end || text[at] !== ',') return invalidExtras(text, open, at, end, name);
    at = skipBlanks(text, at + 1, end);
  }
}

/** The name that a text seems to be about, whether the rest can be read or not. */
export function guessName(source: SourceText, start: number, end: number): NameToken | undefined {
  return readIdentifier(source, skipBlanks(source.text, start, end), end)?.token;
}

export interface ReadExtras {
  readonly extras: readonly NameToken[];
  readonly end: number;
}

interface ReadName {
  readonly token: NameToken;
  readonly end: number;
}

type Named = Pick<RequirementParts, 'name' | 'extras'>;

const underscore = 0x5f;

function readName(source: SourceText, start: number, end: number): ReadName | Fault {
  const name = readIdentifier(source, start, end);
  if (name !== undefined) return name;
  const { text } = source;
  const wordEnd = skipNameWord(text, start, end);
  const written = text.slice(start, wordEnd);
  const foreign = foreignText(written, start, wordEnd);
  if (foreign !== undefined) return foreign;
  const halfTyped = isAlphanumeric(text.charCodeAt(start)) && skipNameCharacters(text, start, end) === end;
  return {
    code: halfTyped ? 'requirement.incomplete' : 'requirement.invalid-name',
    message: `${quote(written)} is not a package name: names are ASCII letters, digits, "-", "_" and "." and begin and end with a letter or digit. Correct the name, or make this line a comment.`,
    start,
    end: wordEnd,
    ...(halfTyped ? { incomplete: true } : {}),
  };
}

/** What is no requirement, and was never meant to be one. */
function foreignText(written: string, start: number, end: number): Fault | undefined {
  if (/^(?:<{7}|={7}|>{7}|\|{7})$/u.test(written)) {
    const message = `Unresolved merge conflict: ${quote(written)} is a marker of a version control system. Keep one side, and remove the markers.`;
    return { code: 'requirement.merge-conflict', message, start, end };
  }
  if (/\{\{|\{%|^<%/u.test(written)) {
    const message = `This looks like a template (${quote(written)}), which pip cannot read before it is filled in.`;
    return { code: 'requirement.template', message, start, end };
  }
  const variable = /^\$\{([A-Z0-9_]+)\}/u.exec(written)?.[1];
  return variable === undefined
    ? undefined
    : {
        code: 'requirement.invalid-name',
        message: `The environment variable ${variable} is not set here, so ${quote(written)} names no package.`,
        start,
        end,
      };
}

/** A name ends with a letter or digit. packaging's tokenizer lets an underscore pass there too. */
function readIdentifier(source: SourceText, start: number, end: number): ReadName | undefined {
  const { text } = source;
  if (start >= end || !isAlphanumeric(text.charCodeAt(start))) return undefined;
  const at = skipNameCharacters(text, start + 1, end);
  const last = text.charCodeAt(at - 1);
  if (!isAlphanumeric(last) && last !== underscore) return undefined;
  if (at < end && isWordAt(text, at)) return undefined;
  const token = tokenOf(source, start, at);
  return { token: { ...token, normalized: normalizeName(token.text) }, end: at };
}

function readUrl(source: SourceText, at: number, end: number, named: Named): RequirementParts | Fault {
  const { text } = source;
  const start = skipBlanks(text, at + 1, end);
  let urlEnd = start;
  while (urlEnd < end && !isBlank(text.charCodeAt(urlEnd))) urlEnd++;
  if (urlEnd === start) {
    const message = `The URL of ${named.name.text} is missing after "@". Write one, or remove the "@".`;
    return { code: 'requirement.incomplete', message, start: at, end: at + 1, incomplete: true };
  }
  const url = tokenOf(source, start, urlEnd);
  const rest = skipBlanks(text, urlEnd, end);
  if (rest >= end) return { ...named, url };
  const message = `${quote(text.slice(rest, end))} does not belong behind the URL of ${named.name.text}. A marker needs " ;" before it.`;
  if (text[rest] !== ';') return { code: 'requirement.invalid-url', message, start: rest, end };
  const marker = readMarker(source, rest + 1, end);
  return isFault(marker) ? marker : { ...named, url, marker };
}

function readVersions(source: SourceText, at: number, end: number, named: Named): RequirementParts | Fault {
  const { text } = source;
  const versions = readSpecifier(source, at, end, named.name.text);
  if (isFault(versions)) return versions;
  const { specifier } = versions;
  const parts = specifier === undefined ? named : { ...named, specifier };
  const rest = skipBlanks(text, versions.end, end);
  if (rest >= end) return parts;
  if (text[rest] !== ';') return afterVersions(text, rest, end, named.name.text, specifier);
  const marker = readMarker(source, rest + 1, end);
  return isFault(marker) ? marker : { ...parts, marker };
}

function afterVersions(
  text: string,
  start: number,
  end: number,
  name: string,
  specifier: Specifier | undefined,
): Fault {
  const place = { start, end: skipNameWord(text, start, end) };
  const written = text.slice(place.start, place.end);
  if (written.startsWith('--')) {
    const message = `The option ${quote(written)} must have a space before it. Put one between it and ${name}.`;
    return { code: 'requirement.unseparated-option', message, ...place };
  }
  if (written.startsWith('#')) {
    const message = `A comment needs a space before its "#". Put one behind ${name}.`;
    return { code: 'requirement.unseparated-comment', message, ...place };
  }
  if (specifier === undefined && isDigit(text.charCodeAt(start))) {
    const message = `An operator is missing between ${name} and ${quote(written)}. Write "==", for example.`;
    return { code: 'requirement.invalid-specifier', message, ...place };
  }
  if (specifier !== undefined && /^[=!<>~]/.test(written)) {
    const message = `A comma is missing in the specifier of ${name}, before ${quote(written)}.`;
    return { code: 'requirement.invalid-specifier', message, ...place };
  }
  if (written.startsWith('[') && specifier !== undefined) {
    const message = `Extras come before the version: write ${name}${written}${specifier.text}.`;
    return { code: 'requirement.invalid-extras', message, ...place };
  }
  return unreadable(text, start, end, name);
}

function invalidExtras(text: string, open: number, at: number, end: number, name: string): Fault {
  const isOpen = !text.slice(open, end).includes(']');
  if (at >= end || (isOpen && skipNameCharacters(text, at, end) === end)) {
    const message = `The extras of ${name} have no closing bracket. Add "]".`;
    return { code: 'requirement.incomplete', message, start: open, end, incomplete: true };
  }
  const close = text.indexOf(']', open);
  const placeEnd = close < 0 || close >= end ? end : close + 1;
  const message = `${quote(text.slice(open, placeEnd))} is not a list of extras for ${name}. Write names with commas between them, as in [a,b].`;
  return { code: 'requirement.invalid-extras', message, start: open, end: placeEnd };
}

function skipNameWord(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

function skipNameCharacters(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isNameCharacter(text.charCodeAt(at))) at++;
  return at;
}

function isNameCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 0x2d || code === 0x2e || code === underscore;
}
