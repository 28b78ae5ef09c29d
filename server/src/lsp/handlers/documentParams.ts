import type { Position } from '../../core/text/position.ts';
import type { TextChange } from '../../project/workspace/changes/editText.ts';

export interface DocumentEdit {
  readonly uri: string;
  /** `undefined` where the client sends none that counts. */
  readonly version: number | undefined;
  /** `undefined` where one of them cannot be applied. */
  readonly changes: readonly TextChange[] | undefined;
}

/** What `textDocument/didChange` says; `undefined` where it is about no document. */
export function decodeEdit(params: unknown): DocumentEdit | undefined {
  const { textDocument, contentChanges } = fieldsOf(params);
  const { uri, version } = fieldsOf(textDocument);
  return typeof uri === 'string'
    ? { uri, version: isVersion(version) ? version : undefined, changes: decodeChanges(contentChanges) }
    : undefined;
}

/** A range that is `null` is one that is absent. */
function decodeChanges(changes: unknown): readonly TextChange[] | undefined {
  if (!Array.isArray(changes)) {
    return undefined;
  }
  const decoded: TextChange[] = [];
  for (const change of changes as readonly unknown[]) {
    const { range, text } = fieldsOf(change);
    if (typeof text !== 'string') {
      return undefined;
    }
    if (range === undefined || range === null) {
      decoded.push({ text });
      continue;
    }
    const { start, end } = fieldsOf(range);
    if (!isPosition(start) || !isPosition(end)) {
      return undefined;
    }
    decoded.push({ range: { start, end }, text });
  }
  return decoded;
}

export function isPosition(value: unknown): value is Position {
  const { line, character } = fieldsOf(value);
  return isCount(line) && isCount(character);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

export function isVersion(value: unknown): value is number {
  return Number.isInteger(value);
}

/** The fields of anything that a client sends; none where it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
