import { normalizePath } from '../../core/manifests/includePath.ts';

/** Which folders a path that a file names may lead into. */
export interface Reach {
  /** One spelling for `a.txt`, `./a.txt` and the whole path. `-` stays. */
  readonly placeOf: (path: string) => string;
  /**
   * A path below a folder that the user named, or the folder of a file that the user named, must stay below such a folder;
   * any other one must stay below the present folder or one of these. Whether it does is for the disk to say: links count.
   */
  readonly withinFor: (path: string) => readonly string[];
}

/** `named`: the paths of the call, with what they are. */
export function reachOf(
  named: readonly { readonly path: string; readonly kind: 'file' | 'folder' }[],
  presentFolder: string,
): Reach {
  const placeOf = (path: string): string =>
    path === '-'
      ? path
      : normalizePath(/^([a-z]:)?[\\/]/iu.test(path) ? path : `${presentFolder.replace(/\/$/u, '')}/${path}`);
  const folders = named
    .filter(({ path }) => path !== '-')
    .map(({ path, kind }) => (kind === 'folder' ? placeOf(path) : folderOf(placeOf(path))));
  const isNamed = (place: string): boolean =>
    folders.some((folder) => place === folder || place.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
  return {
    placeOf,
    withinFor: (path) => (isNamed(placeOf(path)) ? folders : [...folders, presentFolder]),
  };
}

function folderOf(place: string): string {
  return place.replace(/[\\/][^\\/]*$/u, '') || '/';
}
