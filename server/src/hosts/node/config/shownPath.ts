import path from 'node:path';

/** A path for people: relative to the present folder where it lies in it, with `/` between its parts. */
export function shownPath(absolute: string, presentFolder: string | undefined): string {
  if (presentFolder === undefined) {
    return absolute;
  }
  const relative = path.relative(presentFolder, absolute);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative)
    ? absolute
    : relative.split(path.sep).join('/');
}
