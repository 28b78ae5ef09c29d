import type { Range } from '../core/text/position.ts';
import type { CompletionItem, CompletionItemKind, CompletionList } from 'vscode-languageserver-types';
import { plainText, listText } from '../core/text/plainText.ts';
import { type KnownVersion, knownVersions } from '../core/assessment/knownVersions.ts';
import type { VersionToken } from '../core/manifests/manifest.ts';
import type { Operator } from '../core/versions/clause.ts';
import { parseVersion } from '../core/versions/version.ts';
import type { PackageKnowledge } from '../engine/store/packageKnowledge.ts';
import type { Words } from '../core/words/words.ts';
import { ageText } from './ageText.ts';
import { withoutDetails } from './nameCompletion.ts';

export interface CompletionContext {
  readonly now: number;
  /** What is older than this says how old it is. */
  readonly freshForMs: number;
  /** The client shows `labelDetails`: in every row, not for the chosen one alone. */
  readonly labelDetails: boolean;
  readonly words: Words;
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
    .map(({ version }, place) => toItem(version, token.range, { place: place + 1, note, words: context.words }));
  const shown = (items: readonly CompletionItem[]): CompletionList => ({
    isIncomplete: true,
    items: context.labelDetails ? [...items] : items.map(withoutDetails),
  });
  const typed = parseVersion(token.text);
  if (typed === undefined || offered.length === 0) {
    return shown(typed === undefined ? offered : []);
  }
  const same = known.find(({ version }) => parseVersion(version)?.key === typed.key);
  return shown([typedItem(token, same, note, context.words), ...offered]);
}

const forbidding: ReadonlySet<Operator> = new Set(['<', '<=', '!=']);

/** Inside of what is no version an entry would take the place of something that it does not begin with. */
function staysAsTyped({ text, typed }: VersionToken): boolean {
  return text === typed || parseVersion(text) !== undefined;
}

function typedItem(
  { text, range }: VersionToken,
  known: KnownVersion | undefined,
  note: string,
  words: Words,
): CompletionItem {
  const asTyped = words.t('as typed');
  return {
    label: text,
    kind: valueKind,
    detail: known === undefined ? asTyped : detailOf(known, words) + note,
    labelDetails: { description: known === undefined ? asTyped : shortDetailOf(known, words) },
    sortText: '0000',
    filterText: text,
    preselect: true,
    textEdit: { range, newText: text },
  };
}

/** What keeps "no known advisory" from being said without more ado. */
function noteFor({ checkedAt, unreadable }: PackageKnowledge, { now, freshForMs, words }: CompletionContext): string {
  const notes = [
    ...(now - checkedAt > freshForMs ? [words.t('as of {0}', ageText(checkedAt, now, words))] : []),
    ...(unreadable.length > 0 ? [words.t('{0} could not be read', unreadable.length)] : []),
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

interface ItemNotes {
  readonly place: number;
  readonly note: string;
  readonly words: Words;
}

function toItem(version: KnownVersion, range: Range, { place, note, words }: ItemNotes): CompletionItem {
  const label = plainText(version.version, 60);
  return {
    label,
    kind: valueKind,
    detail: detailOf(version, words) + note,
    labelDetails: { description: shortDetailOf(version, words) },
    sortText: String(place).padStart(4, '0'),
    filterText: label,
    textEdit: { range, newText: label },
  };
}

function detailOf({ affectedBy, fixes, yanked }: KnownVersion, { t, part }: Words): string {
  if (affectedBy.length > 0) {
    return t('vulnerable: {0}', plainText(part(listText(affectedBy, 3)), 120));
  }
  if (yanked) {
    return t('yanked');
  }
  // Only what the advisories held here say; never "safe".
  return fixes ? t('fixed version, no known advisory') : t('no known advisory');
}

/** For every row: one or two words. */
function shortDetailOf({ affectedBy, fixes, yanked }: KnownVersion, { t }: Words): string {
  if (affectedBy.length > 0) {
    return t('vulnerable ({0})', affectedBy.length);
  }
  return yanked ? t('yanked') : fixes ? t('fixed') : t('no known advisory');
}
