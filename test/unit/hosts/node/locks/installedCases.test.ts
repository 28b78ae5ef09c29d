import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installedKind } from '../../../../../server/src/core/manifests/manifestKinds.ts';
import { readInstalledPackages } from '../../../../../server/src/hosts/node/locks/installedPackages.ts';
import { casesIn, linesOf } from '../../../../support/manifestCases.ts';

const cases = casesIn('installed.cases');

describe('our own cases of installed packages', () => {
  let root = '';
  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'pinwatch-installed-'));
  });
  after(() => fs.rmSync(root, { recursive: true }));

  it('are fifty or more, and say what an independent reading says', async () => {
    assert.ok(cases.length >= 50);
    const wrong: object[] = [];
    for (const [number, { title, text, said }] of cases.entries()) {
      const site = path.join(root, String(number), 'site-packages');
      for (const part of text.split(/^>> /mu).slice(1)) {
        const end = part.indexOf('\n');
        const file = path.join(site, part.slice(0, end));
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, part.slice(end + 1));
      }
      const read = await readInstalledPackages(site, new AbortController().signal);
      assert.ok(!('error' in read), title);
      const lines = linesOf(installedKind.describe(read.text), false);
      if (JSON.stringify(lines) !== JSON.stringify([...said].sort())) wrong.push({ title, text, said, lines });
    }
    assert.deepEqual(wrong, []);
  });
});
