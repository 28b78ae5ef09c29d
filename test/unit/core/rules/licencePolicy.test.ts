import assert from 'node:assert/strict';
import { decodeLicence, type Licence, readLicence } from '../../../../server/src/core/packages/licence.ts';
import { licencePolicy, type LicenceRules } from '../../../../server/src/core/rules/licencePolicy.ts';
import { metadataFile } from '../../../../server/src/core/packages/metadataFile.ts';
import { parseSpdxExpression } from '../../../../server/src/core/packages/spdxExpression.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';

const licence = (changes: Partial<Licence>): Licence => ({ classifiers: [], ...changes });
const verdict = (rules: LicenceRules, changes: Partial<Licence>): string => licencePolicy(rules)(licence(changes)).kind;
const osi = (name: string): string => `OSI Approved :: ${name}`;

describe('licence expressions', () => {
  it('are read as SPDX writes them', () => {
    assert.deepEqual(parseSpdxExpression('MIT or (Apache-2.0 AND GPL-2.0+ WITH Classpath-exception-2.0)'), {
      kind: 'or',
      parts: [
        { kind: 'licence', id: 'MIT' },
        {
          kind: 'and',
          parts: [
            { kind: 'licence', id: 'Apache-2.0' },
            { kind: 'licence', id: 'GPL-2.0-or-later', exception: 'Classpath-exception-2.0' },
          ],
        },
      ],
    });
  });

  it('are none where words follow each other, something is missing, or they never end', () => {
    for (const text of ['', 'MIT License', 'MIT OR', '(MIT', 'MIT)', 'AND', 'MIT WITH', `${'('.repeat(5000)}MIT`]) {
      assert.equal(parseSpdxExpression(text), undefined, text.slice(0, 20));
    }
    assert.equal(parseSpdxExpression(`${'('.repeat(400)}MIT${')'.repeat(400)}`), undefined);
  });
});

describe('policy of licences', () => {
  it('allows what is listed and nothing else', () => {
    const rules = { allow: ['MIT', 'BSD-*'] };
    assert.equal(verdict(rules, { expression: 'mit' }), 'allowed');
    assert.equal(verdict(rules, { expression: 'BSD-3-Clause' }), 'allowed');
    assert.equal(verdict(rules, { expression: 'GPL-3.0-only' }), 'denied');
    assert.equal(verdict(rules, { expression: 'MIT-0' }), 'denied');
  });

  it('needs all of an AND and one of an OR', () => {
    const rules = { deny: ['GPL-*', 'AGPL-*'] };
    assert.equal(verdict(rules, { expression: 'MIT OR GPL-3.0-only' }), 'allowed');
    assert.equal(verdict(rules, { expression: 'MIT AND GPL-3.0-only' }), 'denied');
    assert.equal(verdict(rules, { expression: '(MIT OR AGPL-3.0-only) AND (GPL-2.0 OR AGPL-3.0)' }), 'denied');
  });

  it('puts what is denied above what is allowed, and tells exceptions apart', () => {
    assert.equal(verdict({ allow: ['*'], deny: ['MIT'] }, { expression: 'MIT' }), 'denied');
    const rules = { allow: ['MIT', 'GPL-2.0-only WITH Classpath-exception-2.0'] };
    assert.equal(verdict(rules, { expression: 'GPL-2.0 WITH Classpath-exception-2.0' }), 'allowed');
    assert.equal(verdict(rules, { expression: 'GPL-2.0' }), 'denied');
  });

  it('takes an expression alone where there is one', () => {
    assert.equal(verdict({ allow: ['MIT'] }, { expression: 'MIT', text: 'GPL', classifiers: [osi('x')] }), 'allowed');
  });

  it('decides by a classifier that may mean several licences only where they agree', () => {
    const bsd = { classifiers: [osi('BSD License')] };
    assert.equal(verdict({ allow: ['BSD-*', '0BSD'] }, bsd), 'allowed');
    assert.equal(verdict({ allow: ['BSD-3-Clause'] }, bsd), 'unknown');
    assert.equal(verdict({ deny: ['GPL-*'] }, bsd), 'allowed');
    assert.equal(verdict({ allow: ['MIT'] }, bsd), 'denied');
    assert.equal(verdict({ allow: ['BSD-3-Clause'] }, { ...bsd, text: 'BSD-3-Clause' }), 'allowed');
  });

  it('does not guess whether several classifiers are alternatives', () => {
    const both = { classifiers: [osi('MIT License'), osi('GNU General Public License v3 (GPLv3)')] };
    assert.equal(verdict({ deny: ['GPL-*'] }, both), 'unknown');
    assert.equal(verdict({ deny: ['AGPL-*'] }, both), 'allowed');
  });

  it('never takes for allowed what it cannot tell', () => {
    const rules = { deny: ['AGPL-*'] };
    for (const told of [
      {},
      { expression: 'MIT License' },
      { text: 'Dual License' },
      { text: 'Proprietary' },
      { text: 'GPL' },
      { classifiers: ['Other/Proprietary License'] },
      { classifiers: ['OSI Approved'] },
      { classifiers: [osi('MIT License'), 'Other/Proprietary License'] },
      { text: 'AGPL-3.0-only', classifiers: [osi('MIT License')] },
    ]) {
      assert.equal(verdict(rules, told), 'unknown', JSON.stringify(told));
    }
    assert.equal(verdict(rules, { text: 'MIT' }), 'allowed');
    assert.equal(verdict({ deny: ['Proprietary'] }, { text: 'Proprietary' }), 'denied');
  });
});

describe('licences in metadata', () => {
  it('are read from the header alone, whatever its line ends', () => {
    const metadata = [
      'Metadata-Version: 2.1',
      'Name: x',
      'License: MIT',
      '        or so',
      'Classifier: License :: OSI Approved :: MIT License',
      'Classifier: Programming Language :: Python',
      '',
      'License-Expression: GPL-3.0-only',
    ];
    const expected = { text: 'MIT or so', classifiers: ['OSI Approved :: MIT License'] };
    assert.deepEqual(readLicence(metadata.join('\n')), expected);
    assert.deepEqual(readLicence(metadata.join('\r\n')), expected);
    assert.deepEqual(readLicence('license-expression: MIT'), { expression: 'MIT', classifiers: [] });
    assert.deepEqual(readLicence(''), { classifiers: [] });
  });

  it('are bounded, and survive storage', () => {
    const read = readLicence(`License: ${'x'.repeat(1e6)}\n${'Classifier: License :: y\n'.repeat(5000)}`);
    assert.ok(JSON.stringify(read).length < 1000);
    assert.deepEqual(decodeLicence(JSON.parse(JSON.stringify(read))), read);
    for (const bad of [null, 1, {}, { classifiers: [1] }, { classifiers: [], expression: 3 }, { forgotten: true }]) {
      assert.equal(decodeLicence(bad), undefined, JSON.stringify(bad));
    }
  });

  it('are never judged by their beginning alone', () => {
    const judge = licencePolicy({ deny: ['GPL-*'] });
    const long = `${'MIT AND '.repeat(50)}GPL-3.0-only`;
    for (let more = 0; more < 8; more++) {
      for (const field of ['License-Expression', 'License']) {
        const metadata = `${field}: ${'('.repeat(more)}${long}${')'.repeat(more)}`;
        assert.equal(judge(readLicence(metadata)).kind, 'unknown', `${field}, ${more} further characters`);
      }
    }
    const many = [...Array.from({ length: 10 }, () => 'MIT License'), 'GNU General Public License v3 (GPLv3)'];
    const classifiers = many.map((name) => `Classifier: License :: OSI Approved :: ${name}`).join('\n');
    assert.equal(judge(readLicence(classifiers)).kind, 'unknown');
  });

  it('are found beside a file of the release that is not yanked', () => {
    const file = (filename: string, more: object = { 'core-metadata': true }) => ({ filename, url: filename, ...more });
    const find = (...files: readonly object[]) => metadataFile({ files }, normalizeName('x'), '1.0')?.url;
    const wheel = 'x-1.0.0-py3-none-any.whl';
    assert.equal(find(file('x-2.0-py3-none-any.whl'), file('x-1.0.tar.gz', {}), file(wheel)), wheel);
    assert.equal(find(file(wheel, { 'core-metadata': false })), undefined);
    assert.equal(find(file(wheel, { 'dist-info-metadata': { sha256: 'a' } })), wheel);
    assert.equal(find(file('y-1.0-py3-none-any.whl')), undefined);
    const yanked = file(wheel, { 'core-metadata': true, yanked: 'broken' });
    assert.equal(find(yanked, file('x-1.0-py2-none-any.whl')), 'x-1.0-py2-none-any.whl');
    assert.equal(find(yanked), wheel);
    for (const bad of [undefined, null, {}, { files: 1 }, { files: [null, 1, { filename: 3 }] }]) {
      assert.equal(metadataFile(bad, normalizeName('x'), '1.0'), undefined);
    }
  });
});
