import type { Fault } from './fault.ts';
import { quote } from '../../text/quote.ts';

/** What pip reads out of a URL besides where it leads. */
export interface UrlFacts {
  /** `git`, `hg`, `svn` or `bzr`. */
  readonly vcs?: string;
  /** The branch, tag or commit behind the `@`. */
  readonly revision?: string;
  /** From `#egg=`. */
  readonly egg?: string;
  readonly subdirectory?: string;
}

/** A URL taken apart as Python's `urllib.parse.urlsplit` does. */
export interface UrlParts {
  /** Lower case; empty where there is none. */
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
}

/** Undefined where Python refuses the URL: brackets that hold no IPv6 address. */
export function splitUrl(url: string): UrlParts | undefined {
  const cleaned = url.replace(/^[\0- ]+/, '').replace(/[\t\r\n]/g, '');
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/.exec(cleaned)?.[0] ?? '';
  const rest = scheme === '' ? cleaned : cleaned.slice(scheme.length + 1);
  const host = rest.startsWith('//') ? rest.slice(2, 2 + endOf(rest.slice(2), /[/?#]/)) : '';
  if (!hasValidBrackets(host)) return undefined;
  const behindHost = rest.startsWith('//') ? rest.slice(2 + host.length) : rest;
  return { scheme: scheme.toLowerCase(), host, path: behindHost.slice(0, endOf(behindHost, /[?#]/)) };
}

/** Whether pip takes a requirement for a URL: by its scheme alone. */
export function isUrlScheme(scheme: string): boolean {
  return scheme === 'http' || scheme === 'https' || scheme === 'file' || scheme === 'ftp' || isVcsScheme(scheme);
}

export function isVcsScheme(scheme: string): boolean {
  const plus = scheme.indexOf('+');
  return plus > 0 && (transports.get(scheme.slice(0, plus))?.includes(scheme.slice(plus + 1)) ?? false);
}

/** A fault, in offsets of the URL, where pip refuses its `#egg=` or a `file:` URL of another machine. */
export function readUrlFacts(url: string, parts: UrlParts): UrlFacts | Fault {
  const egg = fragmentValue(url, 'egg');
  if (egg !== undefined && !isProjectName(egg.value)) return invalidEgg(egg);
  if (parts.scheme === 'file' && (!url.startsWith('file:') || (parts.host !== '' && parts.host !== 'localhost'))) {
    return foreignFile(url);
  }
  const subdirectory = fragmentValue(url, 'subdirectory')?.value;
  const vcs = isVcsScheme(parts.scheme) ? parts.scheme.slice(0, parts.scheme.indexOf('+')) : undefined;
  const revision = vcs === undefined ? undefined : readRevision(url, vcs);
  return {
    ...(vcs === undefined ? {} : { vcs }),
    ...(revision === undefined || revision === '' ? {} : { revision }),
    ...(egg === undefined ? {} : { egg: egg.value }),
    ...(subdirectory === undefined || subdirectory === '' ? {} : { subdirectory }),
  };
}

/** Where the name of `#egg=` stands in the URL. */
export function findEgg(url: string): { readonly start: number; readonly end: number } | undefined {
  return fragmentValue(url, 'egg');
}

/** Python's `urllib.parse.unquote`: percent escapes are UTF-8, what is not becomes U+FFFD. */
export function unquote(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%[0-9A-Fa-f]{2}/g, unquoteAscii);
    }
  });
}

const transports: ReadonlyMap<string, readonly string[]> = new Map([
  ['git', ['http', 'https', 'ssh', 'git', 'file']],
  ['hg', ['file', 'http', 'https', 'ssh', 'static-http']],
  ['svn', ['ssh', 'http', 'https', 'svn', 'file']],
  ['bzr', ['http', 'https', 'ssh', 'sftp', 'ftp', 'lp', 'file']],
]);

interface FragmentValue {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** pip looks for `#key=` or `&key=` anywhere in the URL. */
function fragmentValue(url: string, key: string): FragmentValue | undefined {
  for (let at = url.indexOf(`${key}=`); at >= 0; at = url.indexOf(`${key}=`, at + 1)) {
    const before = url[at - 1];
    if (before !== '#' && before !== '&') continue;
    const start = at + key.length + 1;
    const ampersand = url.indexOf('&', start);
    const end = ampersand < 0 ? url.length : ampersand;
    return { value: url.slice(start, end), start, end };
  }
  return undefined;
}

function isProjectName(text: string): boolean {
  return /^[A-Z0-9][A-Z0-9._-]*$/i.test(text) && /[A-Z0-9]$/i.test(text);
}

function invalidEgg(egg: FragmentValue): Fault {
  const place = { start: egg.start, end: egg.end };
  const written = quote(`#egg=${egg.value}`);
  if (egg.value === '') {
    const message = `The package name is missing after ${written}. Write one, or remove it.`;
    return { code: 'requirement.incomplete', message, ...place, incomplete: true };
  }
  const message = `${written} must hold a package name and nothing else. Write "name[extra] @ url".`;
  const legacy = /^[A-Z0-9][A-Z0-9._-]*(?:\[[^\]]*\])?(?:[=!<>~]=?[^;\s]+)?$/i.test(egg.value);
  if (!legacy) return { code: 'requirement.invalid-egg', message, ...place };
  return { code: 'requirement.legacy-egg', message: `${message} Older pip took extras and versions there.`, ...place };
}

function foreignFile(url: string): Fault {
  const message = `${quote(url)} is not a file on this machine. Write file:/// and the path, in lower case.`;
  return { code: 'requirement.invalid-url', message, start: 0, end: url.length };
}

/** What stands behind the last `@` of the path. */
function readRevision(url: string, vcs: string): string | undefined {
  const [beforeFragment = ''] = url.split('#', 1);
  // git+user@host:path is short for ssh.
  const full =
    vcs === 'git' && !beforeFragment.includes('://') ? beforeFragment.replace('git+', 'git+ssh://') : beforeFragment;
  const parts = splitUrl(full);
  if (parts === undefined) return undefined;
  const path = vcs === 'git' && parts.scheme.endsWith('file') ? unquote(parts.path) : parts.path;
  const at = path.lastIndexOf('@');
  return at < 0 ? undefined : unquote(path.slice(at + 1));
}

function hasValidBrackets(host: string): boolean {
  if (!host.includes('[') && !host.includes(']')) return true;
  const inner = /\[([^\]]*)\]/.exec(host)?.[1];
  return inner !== undefined && (/^v[0-9a-fA-F]+\../.test(inner) || /^(?=.*:)[0-9a-fA-F:.]+(?:%.+)?$/.test(inner));
}

function unquoteAscii(escape: string): string {
  const code = parseInt(escape.slice(1), 16);
  return code < 0x80 ? String.fromCharCode(code) : '\ufffd';
}

function endOf(text: string, stop: RegExp): number {
  const at = text.search(stop);
  return at < 0 ? text.length : at;
}
