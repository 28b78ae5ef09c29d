import type { Clause } from '../../versions/clause.ts';
import type { Span } from '../../text/position.ts';
import type { PackageName } from '../../packages/packageName.ts';
import type { OptionDestination } from './parse/optionTable.ts';

// What a requirements file says, as data. Nothing here knows what is vulnerable.
//
// A span is relative to the start of the logical line that it belongs to, so that a line which only moved keeps its parsed
// item. `rangeOf` turns a span into a place in the document.

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

/** What pip reads out of a URL besides where it leads. */
export interface UrlFacts {
  /** `git`, `hg`, `svn` or `bzr`. */
  readonly vcs?: string;
  /** The branch, tag or commit behind the `@`. */
  readonly revision?: string;
  /** From `#egg=`. */
  readonly egg?: string;
  readonly subdirectory?: string;
}

interface RequirementBase extends ItemBase {
  /** As `KEY=VALUE`. */
  readonly configSettings: readonly string[];
  /** What pip parses on a requirement line and then ignores. */
  readonly ignoredOptions: readonly GivenOption[];
}

export interface NamedRequirement extends RequirementBase, UrlFacts {
  readonly kind: 'requirement';
  readonly name: NameToken;
  readonly extras: readonly NameToken[];
  readonly specifier?: Specifier;
  /** `name @ url` (PEP 508 direct reference); the `UrlFacts` are its own. */
  readonly url?: Token;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
}

export interface UrlRequirement extends RequirementBase, UrlFacts {
  readonly kind: 'url';
  readonly url: Token;
  /** From `#egg=` or the wheel's file name. */
  readonly name?: NameToken;
  /** From the wheel's file name, in its normal form. */
  readonly version?: string;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
}

export interface PathRequirement extends RequirementBase {
  readonly kind: 'path';
  /** Without the extras. */
  readonly path: Token;
  readonly extras: readonly NameToken[];
  /** Whether the extension alone makes it a path; else pip takes it only where the folder exists. */
  readonly archive: boolean;
  /** From the wheel's file name. */
  readonly name?: NameToken;
  /** From the wheel's file name, in its normal form. */
  readonly version?: string;
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
}

export interface EditableRequirement extends RequirementBase, UrlFacts {
  readonly kind: 'editable';
  /** All that stands after `-e`, unquoted. */
  readonly target: Token;
  readonly name?: NameToken;
  readonly extras: readonly NameToken[];
  /** Of a URL, with the scheme as pip completes it; undefined for a path. */
  readonly url?: string;
  /** Without the extras; undefined for a URL. */
  readonly path?: Token;
  readonly marker?: Marker;
}

/** `-r FILE` or `-c FILE`. */
export interface Include extends ItemBase {
  readonly kind: 'include' | 'constraint';
  readonly target: Token;
  /** The other options of the line: pip ignores them. */
  readonly ignoredOptions: readonly GivenOption[];
}

/** An option as it was given. `destination` is pip's own name for what it sets. */
export interface GivenOption {
  readonly destination: OptionDestination;
  readonly flag: Token;
  readonly value?: Token;
}

export interface OptionLine extends ItemBase {
  readonly kind: 'option';
  readonly options: readonly GivenOption[];
}

/** A line that pip would refuse; `problems` says why. */
export interface InvalidLine extends ItemBase {
  readonly kind: 'error';
  /** The name the line seems to be about, where one could be read. */
  readonly name?: NameToken;
  /** True where pip before 24.1 still accepted it. */
  readonly legacy?: boolean;
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
