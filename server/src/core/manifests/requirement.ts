import type { MarkerTree } from '../markers/markerTree.ts';
import type { PackageName } from '../packages/packageName.ts';
import type { Span } from '../text/position.ts';
import type { Clause } from '../versions/clause.ts';

// What an entry of a manifest asks for, as data, whatever the format. Nothing here knows what is vulnerable.
//
// A span is relative to the start of the entry that it belongs to, so that an entry which only moved stays the same.
// `rangeOf` turns a span into a place in the document.

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

export interface Marker extends Token {
  readonly tree: MarkerTree;
  /** The normal form of `packaging`: single spaces, double quotes, redundant outer parentheses dropped. */
  readonly normal: string;
}

/** A requirement by where it is installed from. */
export type Requirement = IndexRequirement | UrlRequirement | PathRequirement | EditableRequirement;

interface RequirementBase {
  /** The whole entry as its format reads it: it decides what is secret in a part of it (`shownText`). */
  readonly text: string;
  readonly extras: readonly NameToken[];
  readonly marker?: Marker;
  readonly hashes: readonly Hash[];
  /** It names a package index of its own: the package is not meant to be on the public one. */
  readonly hasOwnIndex: boolean;
  /** The extras or groups of the project that it belongs to, as written; absent where the format has none. */
  readonly groups?: readonly string[];
  /** The part of the file that it is in: `dependencies`, `optional:docs`, `group:dev`, `build` …; absent where there are none. */
  readonly scope?: string;
  /** Of tox: the factors of the environments that it is for. */
  readonly when?: string;
}

/** From a package index. */
export interface IndexRequirement extends RequirementBase {
  readonly kind: 'index';
  readonly name: NameToken;
  readonly specifier?: Specifier;
}

/** From an archive or a repository somewhere. */
export interface UrlRequirement extends RequirementBase {
  readonly kind: 'url';
  readonly name?: NameToken;
  /** `name @ url`: it asks for the package by its name. Else the name is read out of the URL. */
  readonly isNamed: boolean;
  readonly url: Token;
  /** The file it leads to; absent for a repository. */
  readonly fileName?: string;
  /** The package is in a folder of the archive. */
  readonly subdirectory?: string;
}

/** From a local file or folder. */
export interface PathRequirement extends RequirementBase {
  readonly kind: 'path';
  readonly path: Token;
  /** From the file name, as is the version. */
  readonly name?: NameToken;
  /** In its normal form. */
  readonly version?: string;
}

export interface EditableRequirement extends RequirementBase {
  readonly kind: 'editable';
  /** The URL or path. */
  readonly target: Token;
  readonly name?: NameToken;
  /** The project that the lock is of, or a member of its workspace: nothing that it requires. */
  readonly isProject?: true;
}

/** What asks for a package and cannot be read. */
export interface UnreadRequirement {
  readonly kind: 'unread';
  readonly text: string;
  readonly span: Span;
  /** The name it seems to be about, where one could be read. */
  readonly name?: NameToken;
  readonly hasOwnIndex: boolean;
  /** Why, for people; names the package where that could be read. */
  readonly message?: string;
  /** It is written as it should be. `dynamic`: only what runs it knows what it stands for. `conda`: a package of conda. */
  readonly skipped?: 'dynamic' | 'conda';
  readonly scope?: string;
}

/** Another file that holds requirements, or constraints on their versions. */
export interface Include {
  readonly kind: 'include' | 'constraint';
  readonly text: string;
  readonly target: Token;
  /** It is read where a program runs later, as in an image: that it is not here says nothing against it. */
  readonly isLoose?: true;
  /** The part of the file that it is for, and under which condition. */
  readonly scope?: string;
  readonly when?: string;
}
