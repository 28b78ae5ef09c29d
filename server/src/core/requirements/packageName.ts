import type { PackageName } from './model.ts';

/** PEP 503: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizeName(name: string): PackageName {
  return name.replace(/[-_.]+/gu, '-').toLowerCase() as PackageName;
}
