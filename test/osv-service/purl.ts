import { invalidArgument } from './apiError.ts';

export interface PackageUrl {
  readonly type: string;
  readonly name: string;
  /** Empty where there is none. */
  readonly version: string;
}

/** A package URL without what the service has no use for: qualifiers and subpath. Throws an `ApiError` for a malformed one. */
export function parsePurl(text: string): PackageUrl {
  if (!text.startsWith('pkg:')) throw invalidArgument(`purl scheme is not "pkg": ${JSON.stringify(text)}`);
  const path = text
    .slice('pkg:'.length)
    .replace(/[?#].*$/s, '')
    .replace(/^\/+/, '');
  const at = path.lastIndexOf('@');
  const segments = (at < 0 ? path : path.slice(0, at)).split('/').filter((segment) => segment !== '');
  const [type, ...names] = segments;
  if (type === undefined || names.length === 0) throw invalidArgument('purl is missing type or name');
  if (!/^[A-Za-z][A-Za-z0-9.+-]*$/.test(type)) throw invalidArgument(`purl type is not valid: ${JSON.stringify(type)}`);
  return {
    type: type.toLowerCase(),
    name: names.map(decoded).join('/'),
    version: at < 0 ? '' : decoded(path.slice(at + 1)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidArgument(`purl has a malformed escape: ${JSON.stringify(part)}`);
  }
}
