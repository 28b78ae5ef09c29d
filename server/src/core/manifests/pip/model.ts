import type { Span } from '../../text/position.ts';
import type { Entry, Lines } from '../manifest.ts';
import type { Hash, Marker, NameToken, Specifier, Token } from '../requirement.ts';
import type { UrlFacts } from '../pep508/urls.ts';
import type { OptionDestination } from './parse/optionTable.ts';

// What a requirements file says, as data, in pip's own terms: nothing outside of this folder knows them. An item is the entry
// of the manifest; its spans are relative to the start of the logical line that it belongs to.

interface ItemBase extends Entry {
  /** The logical line after joining, comment removal and environment variables (pip's `preprocess`). */
  readonly text: string;
  readonly comment?: Span;
  /** How many of pip's physical lines (Python `splitlines`) the logical line takes, and the first one, from 1. */
  readonly pipLineCount: number;
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

/** The items of one file, in file order. `starts[i]` is where the logical line of `items[i]` begins. */
export interface RequirementsFile extends Lines {
  readonly items: readonly Item[];
}
