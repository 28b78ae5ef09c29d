import { type FileId, shownBelow } from '../fileId.ts';

/**
 * Links to lines for a Markdown preview, which takes a path from the root for one in the first workspace folder. `undefined` for
 * a file that is not on this machine's disk, or is not one of `files`.
 */
export function folderLinks(
  folders: readonly FileId[],
  files: readonly FileId[],
): (path: string, line: number) => string | undefined {
  const [first] = folders;
  const byPath = new Map(files.map((file) => [shownBelow(folders, file), file]));
  return (path, line) => {
    const file = byPath.get(path);
    const target = file === undefined || first === undefined ? undefined : relative(first, file);
    return target === undefined ? undefined : `/${target}#L${line}`;
  };
}

/** Both are spelled as addresses, so that what comes out can stand in one. */
function relative(folder: FileId, file: FileId): string | undefined {
  if (!folder.startsWith('file:///') || !file.startsWith('file:///')) {
    return undefined;
  }
  const [from, to] = [folder.split('/'), file.split('/')];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.slice(shared).map(() => '..');
  return [...up, ...to.slice(shared)].join('/').replace(/[()]/gu, (one) => (one === '(' ? '%28' : '%29'));
}
