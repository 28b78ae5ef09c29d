import assert from 'node:assert/strict';
import { normalizeName } from '../../../server/src/core/requirements/packageName.ts';
import { parseVersion } from '../../../server/src/core/versions/version.ts';
import { versionCompletions } from '../../../server/src/features/completion.ts';
import {
  type KnowledgeParts,
  packageKnowledge,
  type PackageKnowledge,
} from '../../../server/src/scan/packageKnowledge.ts';
import { noon } from '../../support/builders.ts';
import { advisory } from '../core/advisories/advisoryBuilder.ts';

const name = normalizeName('django');
const range = { start: { line: 3, character: 8 }, end: { line: 3, character: 10 } };
const context = { now: noon, freshForMs: 3_600_000 };

/** Releases of the index (`!` behind a yanked one), and what affects or fixes them. */
function known(
  releases: readonly string[],
  advisories: readonly (readonly [id: string, versions: readonly string[], fixed?: string])[] = [],
  parts: Partial<KnowledgeParts> = {},
): PackageKnowledge {
  return packageKnowledge({
    name,
    advisories: advisories.map(([id, versions, fixed]) =>
      advisory({
        id,
        affected: [{ name, versions, ranges: fixed === undefined ? [] : [[{ kind: 'fixed', version: fixed }]] }],
      }),
    ),
    releases: releases.flatMap((text) => {
      const version = parseVersion(text.replace('!', ''));
      return version === undefined ? [] : [{ version, yanked: text.endsWith('!'), files: [] }];
    }),
    checkedAt: noon,
    fetchedAt: noon,
    ...parts,
  });
}

describe('completion of versions', () => {
  it('puts fixed versions first, then others, pre-releases, yanked ones, and what is vulnerable last', () => {
    const knowledge = known(
      ['4.1.7', '4.1.8', '4.1.9!', '4.2.0', '4.2.1', '5.0rc1'],
      [
        ['CVE-2024-1', ['4.1.7', '4.2.1'], '4.1.8'],
        ['CVE-2024-2', ['4.1.7'], '5.0rc1'],
        ['PYSEC-3', ['4.1.7'], '4.1.7'],
        ['PYSEC-4', ['4.1.7']],
      ],
    );
    const { items } = versionCompletions(range, knowledge, context);
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
    const [item] = versionCompletions(range, known(['4.2.1'], [['CVE-2024-1', ['4.2.1']]]), context).items;
    assert.deepEqual(item?.textEdit, { range, newText: '4.2.1' });
    assert.equal(item.filterText, '4.2.1');
    assert.equal(item.tags, undefined);
  });

  it('asks to be asked again while the package is not known', () => {
    assert.deepEqual(versionCompletions(range, undefined, context), { isIncomplete: true, items: [] });
    assert.deepEqual(versionCompletions(range, known([]), context), { isIncomplete: false, items: [] });
  });

  it('says how old its knowledge is, and what could not be read', () => {
    const detail = (parts: Partial<KnowledgeParts>): string | undefined =>
      versionCompletions(range, known(['1.0'], [], parts), context).items[0]?.detail;
    assert.equal(detail({ checkedAt: noon - 3_600_000 }), 'no known advisory');
    assert.equal(detail({ checkedAt: noon - 7_200_000 }), 'no known advisory (as of 2 h ago)');
    assert.equal(
      detail({ checkedAt: noon - 7_200_000, unreadable: ['PYSEC-9'] }),
      'no known advisory (as of 2 h ago; 1 could not be read)',
    );
  });

  it('keeps its order beyond a thousand versions', () => {
    const many = Array.from({ length: 1200 }, (_, index) => `1.${index}`);
    const texts = versionCompletions(range, known(many), context).items.map(({ sortText }) => sortText ?? '');
    assert.equal(texts.length, 500);
    assert.deepEqual(texts, [...texts].sort());
  });
});
