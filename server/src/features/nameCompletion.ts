import type { CompletionItem, CompletionItemKind, CompletionList } from 'vscode-languageserver-types';
import { normalizeName } from '../core/packages/packageName.ts';
import { decidedText, type LockedVersions } from '../core/assessment/decided/decidedVersions.ts';
import type { NameBeingTyped } from '../core/manifests/manifest.ts';
import { plainText } from '../core/text/plainText.ts';
import type { Words } from '../core/words/words.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';

/** What names may be offered from. */
export interface NameSources {
  /** The file that is typed in: it has its own names already. */
  readonly here: Pick<FileSnapshot, 'lines'>;
  readonly others: readonly Pick<FileSnapshot, 'lines'>[];
  /** What is locked or installed. */
  readonly locked: Iterable<readonly LockedVersions[]>;
}

/**
 * The packages of the workspace, its locks and environments that begin with what is typed. What is typed is itself the first
 * entry, since it may be a package that nothing here has yet: taking that one changes nothing. `undefined` where nothing is offered.
 */
export function nameCompletions(
  token: NameBeingTyped,
  sources: NameSources,
  { labelDetails, words }: { readonly labelDetails: boolean; readonly words: Words },
): CompletionList | undefined {
  const typed = normalizeName(token.typed);
  const own = new Set(sources.here.lines.map(({ requirement }) => requirement.normalizedName));
  const known = [...knownPackages(sources, words)].filter(
    ([name]) => name.startsWith(typed) && !own.has(name) && name !== typed,
  );
  if (known.length === 0) {
    return undefined;
  }
  known.sort(([a], [b]) => (a < b ? -1 : 1));
  const offered = known
    .slice(0, mostItems)
    .map(([, { label, source }], index) => toItem(token, label, source, index + 1));
  const items = token.text === '' ? offered : [typedItem(token, words), ...offered];
  return { isIncomplete: true, items: labelDetails ? items : items.map(withoutDetails) };
}

interface KnownPackage {
  readonly label: string;
  readonly source: string;
}

/** As people write them, else in normal form. */
function knownPackages({ others, locked }: NameSources, { t, part }: Words): ReadonlyMap<string, KnownPackage> {
  const known = new Map<string, KnownPackage>();
  for (const { lines } of others) {
    for (const { requirement } of lines) {
      if (requirement.normalizedName !== '' && !known.has(requirement.normalizedName)) {
        known.set(requirement.normalizedName, { label: requirement.name, source: t('in this workspace') });
      }
    }
  }
  for (const locks of locked) {
    for (const lock of locks) {
      for (const [name, { text }] of lock.versions) {
        if (!known.has(name))
          known.set(name, { label: name, source: `${plainText(text, 40)} ${part(decidedText(lock))}` });
      }
    }
  }
  return known;
}

const mostItems = 100;
// Number of LSP's CompletionItemKind.Module; only types are imported here.
const moduleKind: CompletionItemKind = 9;

function toItem({ range, typed }: NameBeingTyped, name: string, source: string, place: number): CompletionItem {
  const label = plainText(name, 100);
  return {
    label,
    kind: moduleKind,
    detail: source,
    labelDetails: { description: source },
    sortText: String(place).padStart(4, '0'),
    // Clients match what is typed with it letter by letter, and a name may be spelled in another way.
    filterText: typed + label.slice(typed.length),
    textEdit: { range, newText: label },
  };
}

function typedItem({ range, text }: NameBeingTyped, { t }: Words): CompletionItem {
  const asTyped = t('as typed');
  return {
    label: text,
    kind: moduleKind,
    detail: asTyped,
    labelDetails: { description: asTyped },
    sortText: '0000',
    filterText: text,
    preselect: true,
    textEdit: { range, newText: text },
  };
}

/** For clients that do not know `labelDetails`. */
export function withoutDetails(item: CompletionItem): CompletionItem {
  const { labelDetails, ...rest } = item;
  return labelDetails === undefined ? item : rest;
}
