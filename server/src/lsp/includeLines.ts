import type { Range } from '../core/text/position.ts';
import { rangeOf } from '../core/manifests/pip/places.ts';
import { plainText } from '../core/text/plainText.ts';
import type { RequirementsFile } from '../core/manifests/pip/model.ts';
import { type FileId, fileId, isOnDisk, join } from '../project/fileId.ts';
import { shownText } from '../core/manifests/pip/shownText.ts';

/** One `-r` or `-c` line of a document. */
export interface IncludeLine {
  readonly kind: 'include' | 'constraint';
  /** The file it names. */
  readonly to: FileId;
  /** Where it is named. */
  readonly range: Range;
  /** Why it cannot be followed at all. */
  readonly problem?: string;
}

export function includeLines(from: FileId, file: RequirementsFile): readonly IncludeLine[] {
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
          to: fileId(target.text),
          range,
          problem: `${plainText(shownText(item, target))} was not read: only files are followed.`,
        },
      ];
    }
    if (!isOnDisk(from)) {
      return [
        { kind, to: fileId(target.text), range, problem: 'This file was not read: the document is not on disk.' },
      ];
    }
    return [{ kind, to: join(from, target.text), range }];
  });
}
