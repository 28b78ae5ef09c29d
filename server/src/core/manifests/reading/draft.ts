import type { PackageName } from '../../packages/packageName.ts';
import type { Span } from '../../text/position.ts';
import type { Content } from '../manifest.ts';
import type { Problem } from '../requirement.ts';

/** What a reader found at one place of a file. All spans count from the start of the document. */
export interface Draft {
  /** From its first to its last character. */
  readonly span: Span;
  /** Absent where it is nothing about packages, or another entry stands for it. */
  readonly content?: Content | undefined;
  readonly problems?: readonly Problem[];
  /** It says that no package index is asked. */
  readonly isNoIndex?: true;
  /** Said by `pinwatch parse` alone. */
  readonly note?: { readonly code: string; readonly message: string };
  /** The names in the same file that require this one; of locks. */
  readonly via?: readonly PackageName[];
  /** The project itself asks for it, whatever else requires it. */
  readonly isDirect?: boolean;
  /** What `pinwatch parse` prints for it; absent for a problem alone. */
  readonly item?: ItemFacts;
  readonly isUnlisted?: true;
}

/** The same, which `pinwatch parse` does not print: its items are those of the tables that are most in use. */
export function unlisted(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.map((draft) => ({ ...draft, isUnlisted: true }));
}

/** One dependency that is written, in the terms of `pinwatch parse`. */
export interface ItemFacts {
  readonly k: 'requirement' | 'include' | 'constraint';
  /** The part of the file that it belongs to: `dependencies`, `optional:NAME`, `group:NAME`, `lock` … */
  readonly scope: string;
  readonly name?: string;
  /** Where the name is written; where absent, it is the first character of the span that counts. */
  readonly nameSpan?: Span;
  readonly extras?: readonly string[];
  /** As PEP 440 has it. */
  readonly specifier?: string;
  /** As the file's own tool has it. */
  readonly written?: string;
  readonly specSpan?: Span;
  /** Of a lock. */
  readonly version?: string;
  readonly marker?: string;
  readonly source?: string;
  readonly location?: string;
  readonly rev?: string;
  readonly via?: readonly string[];
  readonly groups?: readonly string[];
  readonly when?: string;
  readonly cell?: number;
  readonly index?: string;
  readonly python?: string;
  readonly platform?: string;
  readonly incomplete?: true;
  readonly redirect?: true;
}
