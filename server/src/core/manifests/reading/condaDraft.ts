import type { Span } from '../../text/position.ts';
import { shortText } from '../shownText.ts';
import type { Draft } from './draft.ts';

/**
 * A package that conda installs. OSV knows none of them, and one of PyPI may have the same name: so it is skipped under what is
 * written, and no rule about packages of PyPI is asked about it.
 */
export function condaDraft(span: Span, text: string, scope: string): Draft {
  const message = `"${shortText(text)}" is a conda package: advisories are about packages of PyPI only.`;
  return { span, content: { kind: 'unread', text, span, message, scope, hasOwnIndex: false, skipped: 'conda' } };
}
