import { plainText } from '../text/plainText.ts';
import { normalizeName } from '../packages/packageName.ts';
import type { IgnoreList } from './ignore.ts';
import { untilOf } from './until.ts';

/** One entry of the setting `pinwatch.ignore`. */
export interface IgnoreEntry {
  readonly id: string;
  readonly package?: string;
  readonly reason: string;
  readonly until?: string;
}

/** The setting as a list like those of files. An entry whose day does not exist ignores nothing. */
export function ignoresFromSettings(entries: readonly IgnoreEntry[]): IgnoreList {
  return {
    path: undefined,
    ignores: entries.flatMap((entry) => {
      const until = entry.until === undefined ? undefined : untilOf(entry.until);
      if (entry.until !== undefined && until === undefined) {
        return [];
      }
      return {
        id: entry.id,
        package: entry.package === undefined ? undefined : normalizeName(entry.package),
        version: undefined,
        reason: plainText(entry.reason, 300),
        until,
        onlyWhileUnfixed: false,
        range: undefined,
      };
    }),
    problems: [],
    isBroken: false,
  };
}
