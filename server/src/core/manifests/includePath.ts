/**
 * Where `-r` and `-c` lead: beside the including file. A target with a scheme pip knows stays as it is, and one in a
 * file that is itself at a URL is joined to that URL.
 */
export function resolveInclude(from: string, target: string): string {
  if (scheme.test(from)) return joinUrl(from, target);
  if (scheme.test(target)) return target;
  return normalizePath(target.startsWith('/') ? target : from.slice(0, from.lastIndexOf('/') + 1) + target);
}

const scheme = /^(?:http|https|file):/i;

/** Python's `posixpath.normpath`. */
export function normalizePath(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..' || kept.at(-1) === '..' || (kept.length === 0 && root === '')) kept.push(segment);
    else kept.pop();
  }
  return root + kept.join('/') || '.';
}

/** RFC 3986, section 5.2, for the hierarchical URLs that pip reads files from. */
function joinUrl(base: string, target: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(target)) return target;
  const [, origin = '', path = ''] = /^([^:]*:(?:\/\/[^/?#]*)?)([^?#]*)/.exec(base) ?? [];
  if (target.startsWith('//')) return origin.slice(0, origin.indexOf(':') + 1) + target;
  const suffixAt = target.search(/[?#]/);
  const targetPath = suffixAt < 0 ? target : target.slice(0, suffixAt);
  const suffix = suffixAt < 0 ? '' : target.slice(suffixAt);
  if (targetPath === '') return origin + path + suffix;
  const joined = targetPath.startsWith('/') ? targetPath : path.slice(0, path.lastIndexOf('/') + 1) + targetPath;
  return origin + removeDotSegments(joined) + suffix;
}

function removeDotSegments(path: string): string {
  const segments = path.split('/');
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') {
      if (kept.length > 1) kept.pop();
    } else if (segment !== '.') kept.push(segment);
  }
  const last = segments.at(-1);
  return kept.join('/') + (last === '.' || last === '..' ? '/' : '');
}
