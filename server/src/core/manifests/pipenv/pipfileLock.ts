import { readJson } from '../../text/json/readJson.ts';
import { itemsOf, nodeAt, type TableEntry, textAt } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, indexListDrafts, notTable, wayDrafts } from '../reading/expected.ts';
import { lockDraft } from '../reading/lock/lockDraft.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { extrasOf, isPublicIndex } from '../reading/tableDraft.ts';
import { pipenvElsewhere, pipenvMarker } from './pipenvTable.ts';

export const pipfileLockFormat: ReadFormat = {
  id: 'Pipfile.lock',
  matches: (path) => /(?:^|\/)Pipfile\.lock$/iu.test(path),
  read: readPipfileLock,
  lockAgain: (...names) => `pipenv update ${names.join(' ')}`,
};

function readPipfileLock(text: string): readonly Draft[] {
  const { root, faults } = readJson(text);
  const sources = itemsOf(nodeAt(root, '_meta', 'sources')).map((one) => ({
    name: textAt(one, 'name')?.value ?? '',
    url: textAt(one, 'url')?.value ?? '',
  }));
  /** The first source is what everything is from that names none. */
  const isOwn = (index: string): boolean => {
    const [main, ...others] = sources;
    const found = others.find(({ name }) => name === index);
    return main?.name !== index && !isPublicIndex(found?.url ?? '');
  };
  return [
    ...syntaxDrafts(faults),
    ...wayDrafts(root, [['_meta']]),
    ...indexListDrafts(nodeAt(root, '_meta', 'sources'), '_meta.sources'),
    ...entryDrafts(root, 'Pipfile.lock', ({ key, value }) =>
      key.value === '_meta' ? [] : entryDrafts(value, key.value, (entry) => packageDrafts(entry, key.value, isOwn)),
    ),
  ];
}

function packageDrafts(
  { key, value }: TableEntry,
  section: string,
  isOwn: (index: string) => boolean,
): readonly Draft[] {
  if (value.kind !== 'table') return [notTable(value, key.value)];
  if (value.isOpen === true) return [];
  const version = textAt(value, 'version');
  const marker = pipenvMarker(value);
  const index = textAt(value, 'index')?.value;
  return [
    lockDraft({
      name: key,
      version: version?.value.trim().startsWith('==') === true ? version : undefined,
      elsewhere: pipenvElsewhere(value),
      hasOwnIndex: index !== undefined && isOwn(index),
      groups: [section],
      extras: extrasOf(value).map(({ text }) => text),
      marker: marker === 'unreadable' ? undefined : marker,
    }),
  ];
}
