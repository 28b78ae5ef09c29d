import type { UsedEnvironment } from '../../engine/lockReader.ts';
import { fieldsOf } from '../handlers/documentParams.ts';

// A workspace has some folders, each with one.
const most = 200;
const longest = 4_096;

/** What a client says of selected environments; what is none is left out. */
export function decodeEnvironments(params: unknown): readonly UsedEnvironment[] {
  const { selected } = fieldsOf(params);
  const all = Array.isArray(selected) ? (selected as readonly unknown[]) : [];
  return all.slice(0, most).flatMap((one) => {
    const { folder, path } = fieldsOf(one);
    if (typeof path !== 'string' || path.length > longest) return [];
    if (folder === undefined) return [{ path }];
    return typeof folder === 'string' && folder.length <= longest ? [{ path, folder }] : [];
  });
}
