import type { DiskFollower } from '../tasks/diskFollower.ts';
import { fieldsOf } from './documentParams.ts';

/** `workspace/didChangeWatchedFiles`. */
export function didChangeWatchedFiles(disk: DiskFollower): (params: unknown) => Promise<void> {
  return (params) => {
    const { changes } = fieldsOf(params);
    const uris = (Array.isArray(changes) ? changes : []).flatMap((change: unknown) => {
      const { uri } = fieldsOf(change);
      return typeof uri === 'string' ? [uri] : [];
    });
    return disk.changed(uris);
  };
}
