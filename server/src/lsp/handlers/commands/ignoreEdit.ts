import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { IgnoreEdit } from '../../../../../protocol/messages/ignoreEdits.ts';
import { addIgnore } from '../../../core/ignores/addIgnore.ts';

/** The edit of an `osv-scanner.toml` that ignores an advisory; the client has the text, as it may not be saved. */
export function ignoreEdit(argument: unknown): IgnoreEdit | ResponseError {
  const { text, id, reason, until } = (argument ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof text !== 'string' || typeof id !== 'string' || typeof reason !== 'string' || !isOptionalText(until)) {
    return new ResponseError(ErrorCodes.InvalidParams, 'An ignore has a text, an id, a reason and perhaps a day.');
  }
  const edit = addIgnore(text, { id, reason, until });
  return edit === undefined
    ? new ResponseError(
        ErrorCodes.InvalidParams,
        `Nothing can be appended to this osv-scanner.toml for "${id.slice(0, 100)}": add an [[IgnoredVulns]] entry by hand.`,
      )
    : { ...edit.range.start, newText: edit.newText };
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
