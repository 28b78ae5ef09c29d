/**
 * What a requirements file says, as data. Nothing here knows what is vulnerable.
 *
 * Every span is half-open, counted in UTF-16 units and relative to the start of the logical line it belongs to, so
 * that a line which only moved keeps its parsed item. `rangeOf` turns a span into a place in the document.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A remark on the text. A problem never stops the rest of the file from being read. */
export interface Problem {
  readonly span: Span;
  /** For people: what is wrong, with which package, what to do. */
  readonly message: string;
  /** Dotted kebab-case, stable: settings, tests and code actions match on it. */
  readonly code: string;
  /** True while the text looks half-typed (`django==`): quiet until the user has stopped typing. */
  readonly incomplete?: boolean;
}

export interface Token {
  readonly text: string;
  readonly span: Span;
}

export interface NameToken extends Token {
  /** PEP 503: lower case, runs of `-_.` become one `-`. */
  readonly normalized: PackageName;
}

/** A package name normalised by PEP 503. */
export type PackageName = string & { readonly brand: 'PackageName' };

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

export interface Clause {
  readonly operator: Operator;
  readonly operatorSpan: Span;
  /** As written, with a trailing `.*` where there is one. */
  readonly version: string;
  readonly versionSpan: Span;
  readonly wildcard: boolean;
}

export interface Specifier extends Token {
  readonly clauses: readonly Clause[];
}

export interface Hash extends Token {
  readonly algorithm: string;
  readonly digest: string;
}

export type MarkerValue =
  { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'literal'; readonly value: string };

export type MarkerTree =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly MarkerTree[] }
  | { readonly kind: 'compare'; readonly left: MarkerValue; readonly operator: string; readonly right: MarkerValue };

export interface Marker extends Token {
  readonly tree: MarkerTree;
  /** The normal form of `packaging`: single spaces, double quotes, redundant outer parentheses dropped. */
  readonly normal: string;
}

interface ItemBase {
  /** The logical line after joining, comment removal and environment variables (pip's `preprocess`). */
  readonly text: string;
  /** From the first to the last character that is part of the item; without the comment. */
  readonly span: Span;
  readonly comment?: Span;
  readonly problems: readonly Problem[];
  /** How many of pip's physical lines (Python `splitlines`) the logical line takes, and the first one, from 1. */
  readonly pipLineCount: number;
}

export interface NamedRequirement extends ItemBase {
  readonly kind: 'requirement';
  readonly name: NameToken;
  readonly extras: readonly NameToken[];
  readonly specifier?: Specifier;
  /** `name @ url` (PEP 508 direct reference). */
  readonly url?: Token;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
  readonly configSettings: readonly string[];
  /** Destination names of options that pip parses on a requirement line and then ignores. */
  readonly ignoredOptions: readonly string[];
  /** Accepted only by pip before 24.1. */
  readonly legacy?: boolean;
}

export interface UrlRequirement extends ItemBase {
  readonly kind: 'url';
  readonly url: Token;
  /** From `#egg=` or the wheel's file name. */
  readonly name?: NameToken;
  readonly version?: string;
  readonly vcs?: string;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
}

export interface PathRequirement extends ItemBase {
  readonly kind: 'path';
  readonly path: Token;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
}

export interface EditableRequirement extends ItemBase {
  readonly kind: 'editable';
  readonly target: Token;
  readonly name?: NameToken;
}

/** `-r FILE` or `-c FILE`. */
export interface Include extends ItemBase {
  readonly kind: 'include' | 'constraint';
  readonly target: Token;
}

export interface OptionLine extends ItemBase {
  readonly kind: 'option';
}

/** A line that pip would refuse; `problems` says why. */
export interface InvalidLine extends ItemBase {
  readonly kind: 'error';
  /** The name the line seems to be about, where one could be read. */
  readonly name?: NameToken;
}

export type Item =
  NamedRequirement | UrlRequirement | PathRequirement | EditableRequirement | Include | OptionLine | InvalidLine;

/** The items of one file, in file order. `starts[i]` is the offset in the document at which the logical line of
 * `items[i]` begins; `lineStarts` are the offsets of the document's lines as LSP counts them (`\n`, `\r\n`, `\r`). */
export interface RequirementsFile {
  readonly text: string;
  readonly items: readonly Item[];
  readonly starts: ArrayLike<number>;
  readonly lineStarts: ArrayLike<number>;
}

/** 0-based line and UTF-16 character, as LSP has them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}
