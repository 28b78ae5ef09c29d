import { resolveInclude } from '../core/requirements/includePath.ts';
import { plainText } from '../core/report/plainText.ts';
import { rangeOf } from '../core/requirements/lineIndex.ts';
import type { Range, RequirementsFile } from '../core/requirements/model.ts';
import { shownText } from '../core/requirements/shownText.ts';

/** One `-r` or `-c` line of a document. */
export interface IncludeLine {
  readonly kind: 'include' | 'constraint';
  /** URI of the file it names. */
  readonly to: string;
  /** Where it is named. */
  readonly range: Range;
  /** Why it cannot be followed at all. */
  readonly problem?: string;
}

export function includeLines(uri: string, file: RequirementsFile): readonly IncludeLine[] {
  return file.items.flatMap((item, index) => {
    if (item.kind !== 'include' && item.kind !== 'constraint') {
      return [];
    }
    const { kind, target } = item;
    const range = rangeOf(file, index, target.span);
    if (/^https?:/iu.test(target.text)) {
      return [
        {
          kind,
          to: target.text,
          range,
          problem: `${plainText(shownText(item, target))} was not read: only files are followed.`,
        },
      ];
    }
    if (!uri.startsWith('file:')) {
      return [{ kind, to: target.text, range, problem: 'This file was not read: the document is not on disk.' }];
    }
    const path = /^file:/iu.test(target.text)
      ? target.text
      : encodeURI(target.text).replace(/[?#]/gu, encodeURIComponent);
    return [{ kind, to: resolveInclude(uri, path), range }];
  });
}
