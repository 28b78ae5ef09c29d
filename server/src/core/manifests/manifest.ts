import type { PackageName } from '../packages/packageName.ts';
import type { Position, Range, Span } from '../text/position.ts';
import type { Operator } from '../versions/clause.ts';
import type { Compiled } from './compiled.ts';
import type { LockedPackage } from './lockedPackage.ts';
import type { Include, NameToken, Problem, Requirement, UnreadRequirement } from './requirement.ts';
import type { FixEdit, Rewrite, TextChange } from './rewrite.ts';

/** A format of files that say which packages a project needs, or has. */
export interface ManifestKind {
  readonly id: string;
  /** Whether a path, with `/` for its separators, names such a file. */
  matches(path: string): boolean;
  /** Files of such a name may be about anything else: one that a search finds counts where something in it is about packages. */
  readonly isByContent?: true;
  /** Its names say little: a file without this word in it asks for nothing, and is of another program where it is broken. */
  readonly word?: string;
  /** A text that its files have near their beginning: what has it not need not be read. */
  readonly mark?: string;
  /** No part of its files can be read by itself: each edit has all of the text read again. */
  readonly isReadWhole?: true;
  /** Never throws: what cannot be read is an entry with a problem. */
  parse(text: string, context?: ParseContext): Manifest;
  /** `parse` for many files that are read together: what they have in common may be read once, and is shared. */
  readonly parser?: () => (text: string) => Manifest;
  /** The command that makes a file of this kind again with other versions of packages; absent where that is no lock. */
  readonly lockAgain?: (...names: readonly string[]) => string;
  /** The text in the format's own terms, as `pinwatch parse` prints it. */
  describe(text: string, context?: ParseContext): ParsedLines;
}

export interface ParsedLines {
  /** As the format counts them. */
  readonly lines: number;
  readonly items: readonly object[];
  /** Where it is not as it should be; absent where the items say that themselves. */
  readonly problems?: readonly object[];
}

export interface ParseContext {
  /** What variables in the text stand for; nothing is taken from anywhere else. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the file is: what its includes are relative to. */
  readonly path?: string;
}

/**
 * One file of such a format. It never changes: an edit makes another one. What the text says is in its entries, in the order
 * of the file; `starts[i]` is the offset at which `entries[i]` begins, and all spans in it count from there.
 */
export interface Manifest extends Lines {
  readonly kind: ManifestKind;
  readonly entries: readonly Entry[];
  /** What the entry at an index says; `undefined` where that is nothing about packages. */
  contentOf(index: number): Content | undefined;
  /** The indexes of the entries that are about a package. */
  entriesFor(name: PackageName): readonly number[];
  readonly includes: readonly PlacedInclude[];
  /** The tool that wrote it and overwrites what is changed here; absent where a person did. */
  readonly compiled?: Compiled | undefined;
  /** The versions that it decides for the files it was made from; absent where it decides none. */
  readonly decides?: readonly LockedPackage[] | undefined;
  /** Why the entry at an index is there, where the file says so. */
  viaOf?(index: number): Via;
  /** The same object for as long as every entry is of the same package and there for the same ones; absent where nobody says. */
  readonly reasons?: object | undefined;
  /** The entry that says that no package index is asked (`--no-index`): which versions there are, nobody else knows. */
  readonly noIndexAt?: number | undefined;
  readonly outline: readonly OutlineEntry[];
  /** The web addresses that it names, in the order of the file. */
  readonly links: readonly { readonly text: string; readonly range: Range }[];
  /** The version that is being typed at a place; absent where nothing can be completed. */
  versionAt?(position: Position): VersionToken | undefined;
  /** The name of a package that is being typed at a place; absent where none can be completed. */
  nameAt?(position: Position): NameBeingTyped | undefined;
  /**
   * The file after the changes, each given in offsets of the text as it is at that moment. Entries that no change touches stay
   * the same objects.
   */
  edit(changes: readonly TextChange[]): Manifest;
  /** Made by `edit` from a file that says the same, at the same lines and characters: comments or blank space alone are other ones. */
  readonly isSilentEdit?: boolean;
  /** What it says has not been worked out yet, and that takes longer than anybody should wait at each key. */
  readonly isSlow?: boolean;
  /**
   * The smallest edit that makes the entry at an index ask for something else and leaves all other text as it is. Absent
   * where files of this kind are only read.
   */
  rewrite?(index: number, to: Rewrite): FixEdit;
  /** What an entry with a problem plainly means, as an action; absent where nobody can say. */
  correctionOf?(index: number): { readonly title: string; readonly changes: readonly TextChange[] } | undefined;
}

/** The text of a file, and where its entries and lines begin. */
export interface Lines {
  /** Put together when it is first asked for. */
  readonly text: string;
  /** Of the text. */
  readonly length: number;
  /** A part of the text, without putting together the rest. */
  slice(start: number, end: number): string;
  readonly starts: ArrayLike<number>;
  /** The offsets of the document's lines as LSP counts them (`\n`, `\r\n`, `\r`). */
  readonly lineStarts: ArrayLike<number>;
}

/** The smallest part that is read by itself: a line, an element of a list, a table. */
export interface Entry {
  /** From its first to its last character; without a comment behind it. */
  readonly span: Span;
  readonly problems: readonly Problem[];
}

export type Content = Requirement | UnreadRequirement | Include;

export interface PlacedInclude extends Include {
  /** Of the entry. */
  readonly index: number;
}

/** Why an entry of a file that a tool wrote is there. */
export interface Via {
  /** The packages that need this one. */
  readonly packages: readonly PackageName[];
  /** The files that name it: `requirements.in` of `-r requirements.in`, or `pyproject.toml` of `app (pyproject.toml)`. */
  readonly sources: readonly string[];
  /** The constraints files that limit it: `constraints.txt` of `-c constraints.txt`. */
  readonly constraints?: readonly string[];
}

export interface OutlineEntry {
  readonly kind: 'package' | 'file';
  /** Fit to be shown, as is the detail: without secrets. */
  readonly name: string;
  readonly detail: string;
  /** The whole entry with its comment, so that a cursor anywhere on it is inside. */
  readonly range: Range;
  readonly nameRange: Range;
}

/** The version being typed at a place: its package, and what of the text it takes, which may be nothing yet. */
export interface VersionToken {
  readonly name: PackageName;
  /** What a completion replaces. */
  readonly range: Range;
  /** All of it, and the part before the place. */
  readonly text: string;
  readonly typed: string;
  /** Of the clause that it stands in. */
  readonly operator: Operator;
}

/** A name that is being typed, perhaps of another package yet; it may be nothing so far. */
export interface NameBeingTyped {
  /** What a completion replaces. */
  readonly range: Range;
  /** All of it, and the part before the place. */
  readonly text: string;
  readonly typed: string;
}

/** The package that an entry is about. */
export function nameOf(content: Content | undefined): NameToken | undefined {
  return content !== undefined && 'name' in content ? content.name : undefined;
}

/** The package that an entry asks for by its name: from an index, or as `name @ url`. */
export function askedName(content: Content | undefined): NameToken | undefined {
  return content?.kind === 'index' || (content?.kind === 'url' && content.isNamed) ? content.name : undefined;
}
