import type { Range } from '../../../text/position.ts';
import { percentEncode } from '../../../packages/purl.ts';

/** A place of a result or a notification. `paths`: where each file stands among the artifacts. */
export function location(path: string, range: Range, paths: ReadonlyMap<string, number>): object {
  return { physicalLocation: placeParts(path, range, paths) };
}

/** The same in its two parts. */
export function placeParts(
  path: string,
  { start, end }: Range,
  paths: ReadonlyMap<string, number>,
): { readonly artifactLocation: object; readonly region: object } {
  return {
    artifactLocation: artifactLocation(path, paths),
    region: {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    },
  };
}

/** A relative path stays below the scanned folder; an absolute one becomes a file address. */
export function artifactLocation(path: string, paths: ReadonlyMap<string, number>): object {
  const index = paths.get(path);
  const known = index === undefined ? {} : { index };
  if (path === '-') {
    return { uri: 'stdin', ...known };
  }
  const slashed = path.replaceAll('\\', '/').replace(/^(\.\/)+/u, '');
  const encoded = slashed.split('/').map(percentEncode).join('/');
  if (/^[A-Za-z]:\//u.test(slashed)) {
    return { uri: `file:///${slashed.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}`, ...known };
  }
  return slashed.startsWith('/')
    ? { uri: `file://${encoded}`, ...known }
    : { uri: encoded, uriBaseId: sourceRoot, ...known };
}

export const sourceRoot = '%SRCROOT%';
