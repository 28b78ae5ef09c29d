import type { Range } from '../core/text/position.ts';
import type { CompletionItem, CompletionItemKind, CompletionList } from 'vscode-languageserver-types';
import { plainText, listText } from '../core/text/plainText.ts';
import { type KnownVersion, knownVersions } from '../core/assessment/knownVersions.ts';
import type { VersionToken } from '../core/manifests/manifest.ts';
import type { Operator } from '../core/versions/clause.ts';
import { parseVersion } from '../core/versions/version.ts';
import type { PackageKnowledge } from '../engine/store/packageKnowledge.ts';
import { ageText } from './ageText.ts';
import { withoutDetails } from './nameCompletion.ts';

export interface CompletionContext {
  readonly now: number;
  /** What is older than this says how old it is. */
  readonly freshForMs: number;
  /** The client shows `labelDetails`: in every row, not for the chosen one alone. */
  readonly labelDetails: boolean;
}

/**
 * The versions to offer in place of the token, best first: those that begin with what is typed. Editors match more freely
 * and take the first entry on Enter, so that a typed version is itself the first one: taking it changes nothing. After what
 * forbids versions nothing is offered, as none that is listed would be meant.
 *
 * The list is never complete: with the next key the client has to ask again, in place of matching in what it has.
 */
export function versionCompletions(
  token: VersionToken,
  knowledge: PackageKnowledge | undefined,
  context: CompletionContext,
): CompletionList {
  if (knowledge === undefined || forbidding.has(token.operator) || !staysAsTyped(token)) {
    return { isIncomplete: true, items: [] };
  }
  const note = noteFor(knowledge, context);
  const known = knownVersions(knowledge.facts);
  const offered = known
    .map((version, index) => ({ version, index }))
    .filter(({ version }) => version.version.startsWith(token.typed) && version.version !== token.text)
    .sort((a, b) => rankOf(a.version) - rankOf(b.version) || a.index - b.index)
    .slice(0, mostItems)
    .map(({ version }, place) => toItem(version, token.range, place + 1, note));
  const shown = (items: readonly CompletionItem[]): CompletionList => ({
    isIncomplete: true,
    items: context.labelDetails ? [...items] : items.map(withoutDetails),
  });
  const typed = parseVersion(token.text);
  if (typed === undefined || offered.length === 0) {
    return shown(typed === undefined ? offered : []);
  }
  const same = known.find(({ version }) => parseVersion(version)?.key === typed.key);
  return shown([typedItem(token, same, note), ...offered]);
}

const forbidding: ReadonlySet<Operator> = new Set(['<', '<=', '!=']);

/** Inside of what is no version an entry would take the place of something that it does not begin with. */
function staysAsTyped({ text, typed }: VersionToken): boolean {
  return text === typed || parseVersion(text) !== undefined;
}

function typedItem({ text, range }: VersionToken, known: KnownVersion | undefined, note: string): CompletionItem {
  return {
    label: text,
    kind: valueKind,
    detail: known === undefined ? 'as typed' : detailOf(known) + note,
    labelDetails: { description: known === undefined ? 'as typed' : shortDetailOf(known) },
    sortText: '0000',
    filterText: text,
    preselect: true,
    textEdit: { range, newText: text },
  };
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
    labelDetails: { description: shortDetailOf(version) },
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

/** For every row: one or two words. */
function shortDetailOf({ affectedBy, fixes, yanked }: KnownVersion): string {
  if (affectedBy.length > 0) {
    return `vulnerable (${affectedBy.length})`;
  }
  return yanked ? 'yanked' : fixes ? 'fixed' : 'no known advisory';
}
