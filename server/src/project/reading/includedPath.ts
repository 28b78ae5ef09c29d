import { resolveInclude } from '../../core/manifests/includePath.ts';
import { fileId, pathOf } from '../fileId.ts';

/**
 * Where an include leads: to a path beside the including file, or to that of a `file:` URL, which is relative where it can be.
 * `undefined` where no file of this machine can be called so.
 */
export function includedPath(from: string, target: string, presentFolder: string): string | undefined {
  if (target.includes('\0')) {
    return undefined;
  }
  if (!/^file:/iu.test(target)) {
    return resolveInclude(from === '-' ? '' : from, target);
  }
  const isWindows = /^(?:[a-z]:|\\\\)/iu.test(presentFolder);
  const path = pathOf(fileId(target.replace(/[?#].*$/su, '')), isWindows);
  const isBelow = path?.startsWith(`${presentFolder}/`) === true;
  return isBelow ? path.slice(presentFolder.length + 1) : path;
}
