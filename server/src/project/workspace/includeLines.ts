import type { Manifest } from '../../core/manifests/manifest.ts';
import { type FileId, fileId, isOnDisk, join } from '../fileId.ts';
import { type IncludeLine, includesOf } from '../reading/includes.ts';
import { unreadable } from '../reading/unreadInclude.ts';

/** One `-r` or `-c` line of a document, and where it leads. */
export interface LinkedLine extends IncludeLine {
  /** The file it names. */
  readonly to: FileId;
  /** That, and what else it may be, the most likely first. */
  readonly places: readonly FileId[];
}

export function includeLines(from: FileId, file: Manifest): readonly LinkedLine[] {
  return includesOf(file).map((line) => {
    if (line.unread === undefined && isOnDisk(from)) {
      const to = join(from, line.target);
      return { ...line, to, places: [to, ...line.others.map((target) => join(from, target))] };
    }
    const to = fileId(line.target);
    return { ...line, to, places: [to], unread: line.unread ?? unreadable('the document is not on disk.') };
  });
}
