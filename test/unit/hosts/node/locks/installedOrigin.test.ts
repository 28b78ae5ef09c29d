import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nothingDecided } from '../../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { placeRequirements, rememberedTargets } from '../../../../../server/src/core/assessment/placeRequirements.ts';
import { declaredIn, withDeclared } from '../../../../../server/src/core/manifests/declared.ts';
import { installedKind, kindOfNamed } from '../../../../../server/src/core/manifests/manifestKinds.ts';
import { readInstalledPackages } from '../../../../../server/src/hosts/node/locks/installedPackages.ts';
import { createLockReader } from '../../../../../server/src/hosts/node/locks/lockReader.ts';
import { writeTree } from '../../../../support/trees.ts';

describe('where installed packages are from', () => {
  let root = '';
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'pinwatch-origin-'));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const site = '.venv/lib/python3.12/site-packages';
  const signal = new AbortController().signal;

  async function asked(ownIndex = ''): Promise<readonly string[]> {
    const read = await readInstalledPackages(path.join(root, '.venv'), signal);
    assert.ok(!('error' in read));
    const text = withDeclared(read.text, declaredIn([kindOfNamed('pyproject.toml').parse(ownIndex)]));
    const placed = placeRequirements(
      installedKind.parse(text),
      rememberedTargets(() => false, nothingDecided),
    );
    return placed.requirements.flatMap(({ name, subject }) => (subject.kind === 'lookup' ? [name] : []));
  }

  async function inTree(): Promise<readonly (readonly [string, string | undefined, string | undefined])[]> {
    const reader = createLockReader({ log: { debug: () => undefined }, wantsNeeds: () => true });
    const file = path.join(root, 'requirements.txt');
    const [environment] = (await reader.read([file], [root], signal)).get(file) ?? [];
    return (environment?.tree?.packages ?? []).map(({ name, version, unread }) => [name, version?.text, unread]);
  }

  it('may be none of an index where that cannot be read', async () => {
    writeTree(root, {
      'elsewhere.json': '{"url": "file:///private", "dir_info": {}}',
      '.venv/pyvenv.cfg': '',
      [`${site}/linked-1.0.dist-info/METADATA`]: 'Name: linked\nVersion: 1.0\n',
      [`${site}/linked-1.0.dist-info/direct_url.json`]: { link: '../../../../../../elsewhere.json' },
      [`${site}/six-1.0.dist-info/METADATA`]: 'Name: six\nVersion: 1.0\n',
    });
    assert.deepEqual(await asked(), ['six']);
    assert.deepEqual(await inTree(), [
      ['linked', undefined, undefined],
      ['six', '1.0', undefined],
    ]);
  });

  it('counts for one whose metadata cannot be read', async () => {
    writeTree(root, {
      '.venv/pyvenv.cfg': '',
      [`${site}/checkout-1.0.dist-info/METADATA`]: 'nothing',
      [`${site}/checkout-1.0.dist-info/direct_url.json`]: '{"url": "file:///private", "dir_info": {}}',
      [`${site}/six-1.0.dist-info/METADATA`]: 'nothing',
    });
    assert.deepEqual(await inTree(), [
      ['checkout', undefined, 'The metadata of checkout-1.0.dist-info could not be read.'],
      ['six', '1.0', 'The metadata of six-1.0.dist-info could not be read.'],
    ]);
  });

  it('is an index of its own where a file declares that', async () => {
    writeTree(root, {
      '.venv/pyvenv.cfg': '',
      [`${site}/Corp_X-3.0.dist-info/METADATA`]: 'Name: Corp_X\nVersion: 3.0\n',
      [`${site}/six-1.0.dist-info/METADATA`]: 'Name: six\nVersion: 1.0\n',
    });
    const corporate = [
      '[project]',
      'dependencies = ["corp-x"]',
      '[tool.uv.sources]',
      'corp-x = { index = "corp" }',
      '[[tool.uv.index]]',
      'name = "corp"',
      'url = "https://corp.example/simple"',
      '',
    ];
    assert.deepEqual(await asked(corporate.join('\n')), ['six']);
  });

  it('says nothing of a package that asks for more than is read', async () => {
    const requires = Array.from({ length: 2_001 }, (_, index) => `Requires-Dist: p${index}\n`).join('');
    writeTree(root, {
      '.venv/pyvenv.cfg': '',
      [`${site}/many-1.0.dist-info/METADATA`]: `Name: many\nVersion: 1.0\n${requires}`,
    });
    const [[, , unread] = []] = await inTree();
    assert.equal(unread, 'The metadata of many-1.0.dist-info could not be read.');
  });
});
