import assert from 'node:assert/strict';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import type { VersionToken } from '../../../server/src/core/manifests/manifest.ts';
import { parseVersion } from '../../../server/src/core/versions/version.ts';
import { versionCompletions } from '../../../server/src/features/completion.ts';
import {
  type KnowledgeParts,
  packageKnowledge,
  type PackageKnowledge,
} from '../../../server/src/engine/store/packageKnowledge.ts';
import { noon } from '../../support/builders.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { advisory } from '../core/advisories/advisoryBuilder.ts';

const name = normalizeName('django');
const range = { start: { line: 3, character: 8 }, end: { line: 3, character: 8 } };
/** Nothing is typed behind the operator yet. */
const token: VersionToken = { name, range, text: '', typed: '', operator: '==' };
const context = { now: noon, freshForMs: 3_600_000, labelDetails: true, words: english };

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
      const version = parseVersion(text.replace(/!$/u, ''));
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
    const { items } = versionCompletions(token, knowledge, context);
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

  it('says in every row what to think of it, where the client shows that', () => {
    const knowledge = known(['4.1.7', '4.1.8', '4.1.9!', '4.2'], [['CVE-2024-1', ['4.1.7'], '4.1.8']]);
    const rows = (labelDetails: boolean) =>
      versionCompletions(token, knowledge, { ...context, labelDetails }).items.map(
        (item) => item.labelDetails?.description,
      );
    assert.deepEqual(rows(true), ['fixed', 'no known advisory', 'yanked', 'vulnerable (1)']);
    assert.deepEqual(rows(false), [undefined, undefined, undefined, undefined]);
  });

  it('replaces the version token and nothing else, and never strikes a version through', () => {
    const [item] = versionCompletions(token, known(['4.2.1'], [['CVE-2024-1', ['4.2.1']]]), context).items;
    assert.deepEqual(item?.textEdit, { range, newText: '4.2.1' });
    assert.equal(item.filterText, '4.2.1');
    assert.equal(item.tags, undefined);
  });

  it('asks to be asked again while the package is not known', () => {
    assert.deepEqual(versionCompletions(token, undefined, context), { isIncomplete: true, items: [] });
    assert.deepEqual(versionCompletions(token, known([]), context), { isIncomplete: true, items: [] });
  });

  it('says how old its knowledge is, and what could not be read', () => {
    const detail = (parts: Partial<KnowledgeParts>): string | undefined =>
      versionCompletions(token, known(['1.0'], [], parts), context).items[0]?.detail;
    assert.equal(detail({ checkedAt: noon - 3_600_000 }), 'no known advisory');
    assert.equal(detail({ checkedAt: noon - 7_200_000 }), 'no known advisory (as of 2 h ago)');
    assert.equal(
      detail({ checkedAt: noon - 7_200_000, unreadable: ['PYSEC-9'] }),
      'no known advisory (as of 2 h ago; 1 could not be read)',
    );
  });

  it('keeps its order beyond a thousand versions', () => {
    const many = Array.from({ length: 1200 }, (_, index) => `1.${index}`);
    const texts = versionCompletions(token, known(many), context).items.map(({ sortText }) => sortText ?? '');
    assert.equal(texts.length, 500);
    assert.deepEqual(texts, [...texts].sort());
  });

  /** What is offered for a line, in the order of the editor; `|` is the cursor, at the end where there is none. */
  function offered(line: string, releases: readonly string[]): readonly string[] {
    const at = line.includes('|') ? line.indexOf('|') : line.length;
    const found = pipKind.parse(line.replace('|', '')).versionAt?.({ line: 0, character: at });
    const { items } = found === undefined ? { items: [] } : versionCompletions(found, known(releases), context);
    return [...items].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(({ label }) => label);
  }

  const django = ['3.2', '3.2.1', '3.2.20', '3.2.25', '4.0', '4.2', '4.2.30', '5.2'];

  for (const { line, releases = django, offers } of [
    { line: 'django==3.2.0', offers: [] },
    { line: 'requests==2.19', releases: ['2.19.0', '2.19.1', '2.31.0'], offers: ['2.19', '2.19.1', '2.19.0'] },
    { line: 'pyyaml==5', releases: ['5.1', '5.4', '6.0.1'], offers: ['5', '5.4', '5.1'] },
    { line: 'django>=4', offers: ['4', '4.2.30', '4.2', '4.0'] },
    { line: 'django==3.2.', offers: ['3.2.25', '3.2.20', '3.2.1'] },
    { line: 'django==3.2', offers: ['3.2', '3.2.25', '3.2.20', '3.2.1'] },
    { line: 'django>=3.2,<4', offers: [] },
    { line: 'django<=4', offers: [] },
    { line: 'django!=3', offers: [] },
    { line: 'django<', offers: [] },
    { line: 'django<4,>=3.2.2', offers: ['3.2.2', '3.2.25', '3.2.20'] },
    { line: 'django~=4.2', offers: ['4.2', '4.2.30'] },
    { line: 'django===4.2', offers: ['4.2', '4.2.30'] },
    { line: 'django==3.2.*', offers: [] },
    { line: 'django==3.2.|*', offers: [] },
    { line: 'django==3.|2.1', offers: ['3.2.1', '3.2.25', '3.2.20', '3.2'] },
    { line: 'django==|3.2.1', offers: ['3.2.1', '5.2', '4.2.30', '4.2', '4.0', '3.2.25', '3.2.20', '3.2'] },
    { line: 'django[argon2, bcrypt]==4.2', offers: ['4.2', '4.2.30'] },
    { line: 'django==1!2', releases: ['1!2.0', '1!2.1', '2.1'], offers: ['1!2', '1!2.1', '1!2.0'] },
    { line: 'django==v4', offers: [] },
    { line: '# django==4', offers: [] },
    { line: 'django # ==4', offers: [] },
    { line: 'django==3.2 # and not ==4', offers: [] },
    { line: 'django==3.2 ; python_version >= "3', offers: [] },
  ] as readonly { line: string; releases?: readonly string[]; offers: readonly string[] }[]) {
    it(`offers [${offers.join(', ')}] at ${line}`, () => assert.deepEqual(offered(line, releases), offers));
  }

  it('has what is typed, where it is a version, at hand before anything that would change it', () => {
    const found = pipKind.parse('django==4.2').versionAt?.({ line: 0, character: 11 });
    assert.ok(found);
    const [first] = versionCompletions(found, known(django, [['CVE-2024-1', ['4.2']]]), context).items;
    assert.equal(first?.preselect, true);
    assert.equal(first.detail, 'vulnerable: CVE-2024-1');
    assert.deepEqual(first.textEdit, { range: found.range, newText: '4.2' });
  });
});
