import type { CompletionItem, CompletionItemKind, CompletionList } from 'vscode-languageserver-types';
import { listText } from '../core/report/findingText.ts';
import { plainText } from '../core/report/plainText.ts';
import { type KnownVersion, knownVersions } from '../core/assessment/knownVersions.ts';
import type { Range } from '../core/requirements/model.ts';
import type { PackageKnowledge } from '../scan/packageKnowledge.ts';
import { ageText } from './ageText.ts';

export interface CompletionContext {
  readonly now: number;
  /** What is older than this says how old it is. */
  readonly freshForMs: number;
}

/**
 * The versions to offer in place of the token at `range`, best first. `undefined`: the package is not known yet, so the
 * client asks again while typing goes on.
 */
export function versionCompletions(
  range: Range,
  knowledge: PackageKnowledge | undefined,
  context: CompletionContext,
): CompletionList {
  if (knowledge === undefined) {
    return { isIncomplete: true, items: [] };
  }
  const note = noteFor(knowledge, context);
  const items = knownVersions(knowledge.facts)
    .map((version, index) => ({ version, index }))
    .sort((a, b) => rankOf(a.version) - rankOf(b.version) || a.index - b.index)
    .slice(0, mostItems)
    .map(({ version }, place) => toItem(version, range, place, note));
  return { isIncomplete: false, items };
}

/** What keeps "no known advisory" from being said without more ado. */
function noteFor({ checkedAt, unreadable }: PackageKnowledge, { now, freshForMs }: CompletionContext): string {
  const notes = [
    ...(now - checkedAt > freshForMs ? [`as of ${ageText(checkedAt, now)}`] : []),
    ...(unreadable.length > 0 ? [`${unreadable.length} could not be read`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

// More than the packages with most advisories have releases; a client filters as the user types.
const mostItems = 500;

function rankOf({ affectedBy, fixes, yanked, isPrerelease }: KnownVersion): number {
  if (affectedBy.length > 0) {
    return 4;
  }
  if (yanked) {
    return 3;
  }
  return isPrerelease ? 2 : fixes ? 0 : 1;
}

// Number of LSP's CompletionItemKind.Value; only types are imported here.
const valueKind: CompletionItemKind = 12;

function toItem(version: KnownVersion, range: Range, place: number, note: string): CompletionItem {
  const label = plainText(version.version, 60);
  return {
    label,
    kind: valueKind,
    detail: detailOf(version) + note,
    sortText: String(place).padStart(4, '0'),
    filterText: label,
    textEdit: { range, newText: label },
  };
}

function detailOf({ affectedBy, fixes, yanked }: KnownVersion): string {
  if (affectedBy.length > 0) {
    return `vulnerable: ${plainText(listText(affectedBy, 3), 120)}`;
  }
  if (yanked) {
    return 'yanked';
  }
  // Only what the advisories held here say; never "safe".
  return fixes ? 'fixed version, no known advisory' : 'no known advisory';
}
