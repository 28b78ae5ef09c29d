import assert from 'node:assert/strict';
import type { KnownVersion } from '../../../server/src/core/advisories/knownVersions.ts';
import { versionCompletions } from '../../../server/src/features/completion.ts';

const range = { start: { line: 3, character: 8 }, end: { line: 3, character: 10 } };

function known(version: string, changes: Partial<KnownVersion> = {}): KnownVersion {
  return { version, isPrerelease: false, affectedBy: [], fixes: false, ...changes };
}

describe('completion of versions', () => {
  it('puts fixed versions first, then others, pre-releases, yanked ones, and what is vulnerable last', () => {
    const { items } = versionCompletions(range, [
      known('5.0rc1', { isPrerelease: true, fixes: true }),
      known('4.2.1', { affectedBy: ['CVE-2024-1'] }),
      known('4.2.0'),
      known('4.1.9', { yanked: true }),
      known('4.1.8', { fixes: true }),
      known('4.1.7', { fixes: true, affectedBy: ['CVE-2024-1', 'CVE-2024-2', 'PYSEC-3', 'PYSEC-4'] }),
    ]);
    const sorted = [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
    assert.deepEqual(
      sorted.map(({ label, detail }) => [label, detail]),
      [
        ['4.1.8', 'fixed version, no known advisory'],
        ['4.2.0', 'no known advisory'],
        ['5.0rc1', 'fixed version, no known advisory'],
        ['4.1.9', 'yanked'],
        ['4.2.1', 'vulnerable: CVE-2024-1'],
        ['4.1.7', 'vulnerable: CVE-2024-1, CVE-2024-2, PYSEC-3 and 1 more'],
      ],
    );
  });

  it('replaces the version token and nothing else, and never strikes a version through', () => {
    const [item] = versionCompletions(range, [known('4.2.1', { affectedBy: ['CVE-2024-1'] })]).items;
    assert.deepEqual(item?.textEdit, { range, newText: '4.2.1' });
    assert.equal(item.filterText, '4.2.1');
    assert.equal(item.tags, undefined);
  });

  it('asks to be asked again while the package is not known', () => {
    assert.deepEqual(versionCompletions(range, undefined), { isIncomplete: true, items: [] });
    assert.deepEqual(versionCompletions(range, []), { isIncomplete: false, items: [] });
  });

  it('keeps its order beyond a thousand versions', () => {
    const many = Array.from({ length: 1200 }, (_, index) => known(`1.${1200 - index}`));
    const texts = versionCompletions(range, many).items.map(({ sortText }) => sortText ?? '');
    assert.equal(texts.length, 500);
    assert.deepEqual(texts, [...texts].sort());
  });
});
