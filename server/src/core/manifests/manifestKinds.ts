import { matchesGlob } from '../text/glob.ts';

export interface PathChoice {
  /** Globs that make further files requirement files. */
  readonly include: readonly string[];
  /** Globs that keep files out; they win. */
  readonly exclude: readonly string[];
}

/**
 * Whether a path (or URI) names a requirements file: `*requirements*.txt|in`, `*constraints*.txt|in`, or any `.txt|.in` in a
 * folder `requirements` or `constraints`. `declared` is true where the editor says so by the file's language.
 */
export function isRequirementPath(path: string, { include, exclude }: PathChoice, declared = false): boolean {
  const plain = path.replaceAll('\\', '/');
  return (
    !exclude.some((glob) => matchesGlob(glob, plain)) &&
    (declared || usual.test(plain) || include.some((glob) => matchesGlob(glob, plain)))
  );
}

const usual = /(^|\/)([^/]*(requirements|constraints)[^/]*|(requirements|constraints)\/(.*\/)?[^/]+)\.(txt|in)$/iu;
