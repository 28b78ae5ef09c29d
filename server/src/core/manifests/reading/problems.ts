import type { Span } from '../../text/position.ts';
import type { SyntaxFault } from '../../text/tree/tree.ts';
import type { Problem } from '../requirement.ts';
import type { Draft } from './draft.ts';

/** Places where a document is not well formed, as drafts. */
export function syntaxDrafts(faults: readonly SyntaxFault[]): readonly Draft[] {
  return faults.map((fault) => ({ span: fault.span, problems: [{ ...fault, code: 'manifest.syntax' }] }));
}

export type ManifestProblem = 'requirement' | 'group' | 'cycle' | 'marker' | 'script' | 'dynamic';

export function problem(span: Span, code: ManifestProblem, message: string): Problem {
  return { span, code: `manifest.${code}`, message };
}

export function problemDraft(span: Span, code: ManifestProblem, message: string): Draft {
  return { span, problems: [problem(span, code, message)] };
}

/** What asks for packages that nobody can read without running something; it is skipped and says why. */
export function dynamicDraft(span: Span, text: string, scope: string, message: string): Draft {
  return { span, content: { kind: 'unread', text, span, message, scope, hasOwnIndex: false, skipped: 'dynamic' } };
}
