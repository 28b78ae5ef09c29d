import { normalizeName } from '../../packages/packageName.ts';
import { findLineStarts, lastAtOrBefore } from '../../text/lineIndex.ts';
import type { Span } from '../../text/position.ts';
import type { ParsedLines } from '../manifest.ts';
import type { Problem } from '../requirement.ts';
import type { Draft } from './draft.ts';

/** What a reader found, as `pinwatch parse` prints it. */
export function parsedItems(text: string, drafts: readonly Draft[]): ParsedLines {
  const starts = findLineStarts(text);
  const lineOf = (offset: number): number => lastAtOrBefore(starts, offset) + 1;
  /** `[line, start, end)`: from 1 and 0; `undefined` where it is on several lines. */
  const placeOf = (span: Span): readonly number[] | undefined => {
    const line = lineOf(span.start);
    const origin = starts[line - 1] ?? 0;
    const isOneLine = lineOf(Math.max(span.start, span.end - 1)) === line;
    return isOneLine ? [line, span.start - origin, span.end - origin] : undefined;
  };
  return {
    lines: text === '' ? 0 : starts.length - (starts.at(-1) === text.length ? 1 : 0),
    items: drafts.flatMap(({ span, item, isUnlisted }) => {
      if (item === undefined || isUnlisted === true) return [];
      const { nameSpan, specSpan, name, ...facts } = item;
      const nameAt = nameSpan && placeOf(nameSpan);
      const specAt = specSpan && placeOf(specSpan);
      return [
        {
          ...facts,
          line: lineOf((nameSpan ?? span).start),
          ...(name !== undefined && { name, normalizedName: normalizeName(name) }),
          ...(nameSpan && nameAt && { nameAt, nameText: text.slice(nameSpan.start, nameSpan.end) }),
          ...(specSpan && specAt && { specAt, specText: text.slice(specSpan.start, specSpan.end) }),
        },
      ];
    }),
    problems: drafts.flatMap(({ problems = [], content, note, span: place }) =>
      [
        ...problems,
        ...(note === undefined ? [] : [{ ...note, span: place }]),
        // Nothing is wrong with it, and still nobody can say what it asks for.
        ...(content?.kind === 'unread' && content.skipped === 'dynamic' && content.name === undefined
          ? [{ span: place, code: 'manifest.dynamic', message: content.message ?? '' }]
          : []),
      ].map(({ span, code, message, incomplete = false }: Problem) => {
        const [line, endLine] = [lineOf(span.start), lineOf(Math.max(span.start, span.end - 1))];
        return {
          line,
          ...(endLine > line && { endLine }),
          code: codeOf(code),
          message,
          ...(incomplete && { incomplete }),
        };
      }),
    ),
  };
}

/** `pinwatch parse` says in one word what kind of problem it is. */
function codeOf(code: string): string {
  const [family = '', rest = ''] = code.split('.');
  return family === 'manifest' ? rest : family;
}
