import { starPattern, wildcardMatcher } from '../text/patterns/wildcard.ts';

/** PEP 503: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizeName(name: string): PackageName {
  return name.replace(/[-_.]+/gu, '-').toLowerCase() as PackageName;
}

/** Whether a package can have this name, by PEP 508. */
export function isPackageName(name: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/u.test(name);
}

/** A package name normalised by PEP 503. */
export type PackageName = string & { readonly brand: 'PackageName' };

/** Whether a name fits a pattern in which `*` stands for any run of characters. Both are compared as PEP 503 has it. */
export function matchesName(pattern: string, name: string): boolean {
  return nameMatcher(pattern)(name);
}

/** The same for many names. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const matches = wildcardMatcher(starPattern(normalizeName(pattern)));
  return (name) => matches(normalizeName(name));
}
