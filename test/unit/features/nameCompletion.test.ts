import assert from 'node:assert/strict';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import type { LockedVersions } from '../../../server/src/core/assessment/decided/decidedVersions.ts';
import { parseVersion } from '../../../server/src/core/versions/version.ts';
import { nameCompletions, type NameSources } from '../../../server/src/features/nameCompletion.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { pinned } from '../../support/builders.ts';

describe('completion of names', () => {
  const file = (...names: readonly string[]): NameSources['here'] => ({
    lines: names.map((name) => ({ requirement: pinned(name, '1'), state: { kind: 'pending' } })),
  });
  const lock = (...names: readonly string[]): LockedVersions => ({
    kind: 'lock',
    source: 'uv.lock',
    versions: new Map(
      names.map((name) => {
        const version = parseVersion('2.0');
        assert.ok(version);
        return [normalizeName(name), { version, text: '2.0' }];
      }),
    ),
  });
  const sources = (changes: Partial<NameSources> = {}): NameSources => ({
    here: file('typed'),
    others: [file('Django_Filter', 'django', 'flask'), file('django')],
    locked: [[lock('django', 'django-cors', 'asgiref')]],
    ...changes,
  });
  const token = (text: string) => ({
    range: { start: { line: 2, character: 0 }, end: { line: 2, character: text.length } },
    text,
    typed: text,
  });
  const items = (text: string, changes?: Partial<NameSources>, withDetails = true) =>
    nameCompletions(token(text), sources(changes), { labelDetails: withDetails, words: english })?.items ?? [];
  const offered = (text: string, changes?: Partial<NameSources>) =>
    items(text, changes).map(({ label, labelDetails }) => [label, labelDetails?.description]);

  it('offers what begins with what is typed, which is itself the first', () => {
    assert.deepEqual(offered('dja'), [
      ['dja', 'as typed'],
      ['django', 'in this workspace'],
      ['django-cors', '2.0 locked by uv.lock'],
      ['Django_Filter', 'in this workspace'],
    ]);
    const [typed, django] = items('dja');
    assert.deepEqual([typed?.preselect, typed?.textEdit], [true, { range: token('dja').range, newText: 'dja' }]);
    assert.deepEqual(django?.textEdit, { range: token('dja').range, newText: 'django' });
  });

  it('takes names that are spelled otherwise for the same, and matches as the client does', () => {
    assert.deepEqual(offered('DJANGO.f').slice(1), [['Django_Filter', 'in this workspace']]);
    assert.equal(items('DJANGO.f')[1]?.filterText, 'DJANGO.filter');
  });

  it('offers nothing that the file has, and nothing where nothing begins so', () => {
    assert.deepEqual(offered('dja', { here: file('django', 'Django.Filter', 'dja') }).slice(1), [
      ['django-cors', '2.0 locked by uv.lock'],
    ]);
    assert.deepEqual(offered('requests'), []);
    assert.deepEqual(offered('django-cors', { others: [] }), []);
  });

  it('offers all where nothing is typed yet', () => {
    assert.deepEqual(
      offered('').map(([label]) => label),
      ['asgiref', 'django', 'django-cors', 'Django_Filter', 'flask'],
    );
  });

  it('sends no details to clients that do not know them', () => {
    assert.ok(items('dja', {}, false).every((item) => !('labelDetails' in item)));
  });
});
