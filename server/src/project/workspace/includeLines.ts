import type { Manifest } from '../../core/manifests/manifest.ts';
import { type FileId, fileId, isOnDisk, join } from '../fileId.ts';
import { type IncludeLine, includesOf } from '../includes.ts';
import { unreadable } from '../unreadInclude.ts';

/** One `-r` or `-c` line of a document, and where it leads. */
export interface LinkedLine extends IncludeLine {
  /** The file it names. */
  readonly to: FileId;
}

export function includeLines(from: FileId, file: Manifest): readonly LinkedLine[] {
  return includesOf(file).map((line) => {
    if (line.unread !== undefined) {
      return { ...line, to: fileId(line.target) };
    }
    return isOnDisk(from)
      ? { ...line, to: join(from, line.target) }
      : { ...line, to: fileId(line.target), unread: unreadable('the document is not on disk.') };
  });
}
