import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { plainText } from '../../core/text/plainText.ts';
import type { PlacedProblem, Range } from '../../core/text/position.ts';
import type { UnreadFile } from './files.ts';

/** Why an included file was not read: its requirements are not checked, and its constraints do not hold. */
export interface UnreadInclude {
  readonly code: 'include.remote' | 'include.outside' | 'include.unreadable' | 'ignored.include';
  /** What stands behind "was not read:", for people. */
  readonly why: string;
}

// An end for includes that breed; the largest trees in public repositories have a few dozen files.
export const mostIncluded = 500;

export const remoteInclude: UnreadInclude = { code: 'include.remote', why: 'only files are followed.' };
export const outsideInclude: UnreadInclude = {
  code: 'include.outside',
  why: 'it is outside of what is scanned.',
};
export const missingInclude: UnreadInclude = unreadable('there is no such file.');
const imageInclude: UnreadInclude = {
  code: 'ignored.include',
  why: 'it is a file of the image, and there is none of that name beside this file or farther up.',
};
export const tooManyIncludes: UnreadInclude = unreadable(`more than ${mostIncluded} files are included.`);

export function unreadable(why: string): UnreadInclude {
  return { code: 'include.unreadable', why };
}

/** What a host said of the file. */
export function unreadInclude({ kind, why }: Partial<UnreadFile>): UnreadInclude {
  switch (kind) {
    case 'outside':
      return outsideInclude;
    case 'missing':
      return missingInclude;
    default:
      return unreadable(why ?? 'it could not be read.');
  }
}

/** The problem to report at the line of the include. */
export function unreadProblem({ shown, range, isLoose }: Named, unread: UnreadInclude): PlacedProblem {
  const isElsewhere = isLoose === true && (unread.code === 'include.outside' || unread.why === missingInclude.why);
  const { code, why } = isElsewhere ? imageInclude : unread;
  return { range, message: maskSecrets(`${shown} was not read: ${why}`), code, incomplete: false };
}

/** The remark at an include that is in two places: which one is read. */
export function otherPlaceProblem({ shown, range }: Named, read: string, other: string): PlacedProblem {
  const message = `${shown} is read from ${plainText(read, 200)}; an image that is built in another folder may take ${plainText(other, 200)}.`;
  return { range, message: maskSecrets(message), code: 'ignored.otherInclude', incomplete: false };
}

/** An include as it is shown, and where. */
interface Named {
  readonly shown: string;
  readonly range: Range;
  readonly isLoose?: true;
}
