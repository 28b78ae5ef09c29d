import assert from 'node:assert/strict';
import { assessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import type { AssessmentTarget } from '../../../../server/src/core/assessment/assessmentTarget.ts';
import { parseFile } from '../../../../server/src/core/requirements/parseFile.ts';

describe('assessmentTarget', () => {
  it('asks about a pin in its normal form, and shows it as written', () => {
    const text = 'Django_CMS [x] >= 0.9 , == v01.0-RC1';
    assert.deepEqual(target(text), {
      kind: 'pin',
      pin: { name: 'django-cms', version: '1.0rc1' },
      token: { start: text.indexOf('v01'), end: text.length },
      version: 'v01.0-RC1',
    });
  });

  for (const [text, reason, token, message] of [
    ['flask', 'unpinned', 'flask', 'flask names no version'],
    ['flask>=2.0', 'range', '2.0', 'flask ">=2.0" allows more than one release'],
    ['flask>=2,<3', 'range', 'flask', 'flask ">=2,<3" allows'],
    ['flask==2.*', 'range', '2.*', 'flask "==2.*" allows'],
    ['flask==1,==2', 'contradictory', 'flask', 'No version of flask can fulfil'],
    ['flask===latest', 'notPep440', 'latest', 'flask: "latest" is not a PEP 440'],
    ['acme-core==1.0', 'private', '1.0', 'acme-core is private by your settings'],
    ['acme-core>=1', 'private', '1', 'acme-core is private by your settings'],
    ['flask @ https://e.org/f.zip', 'url', 'flask', 'flask is installed from a URL'],
    [
      'https://u:pw@e.org/f.zip?key=1',
      'url',
      'https://u:pw@e.org/f.zip?key=1',
      '"https://e.org/f.zip" is installed from',
    ],
    ['./pkg', 'path', './pkg', '"./pkg" is a local path'],
    ['-e ./pkg', 'editable', './pkg', '"./pkg" is an editable install'],
  ] as const) {
    it(`says of "${text}" why there is nothing to ask`, () => {
      const found = target(text);
      assert.ok(found?.kind === 'skipped');
      assert.equal(found.outcome.reason, reason);
      assert.equal(text.slice(found.token.start, found.token.end), token);
      assert.ok(found.outcome.message.startsWith(message), found.outcome.message);
    });
  }

  it('never lets a name that is private through, pinned or not', () => {
    for (const specifier of ['', '==1.0', '>=1', '===x', '==1,==2']) {
      const found = target(`ACME.Core${specifier}`);
      assert.ok(found?.kind === 'skipped' && found.outcome.reason === 'private');
    }
  });

  it('says of a line that cannot be read that it could not be checked', () => {
    for (const text of ['flask==', 'flask==1.0=py_0', 'flask>=2.0<3', '==1.0', '-e git+https://e.org/x']) {
      const found = target(text);
      assert.ok(found?.kind === 'invalid', text);
      assert.equal(found.outcome.reason, 'invalid');
      assert.match(found.outcome.message, /could not be checked: ./u);
    }
  });

  it('has nothing for lines that ask for no package', () => {
    for (const text of ['--pre', '-r a.txt', '-c a.txt', '--no-such-option']) {
      assert.equal(target(text), undefined, text);
    }
  });
});

function target(text: string): AssessmentTarget | undefined {
  const [item] = parseFile(`${text}\n`).items;
  assert.ok(item !== undefined);
  return assessmentTarget(item, (name) => name.startsWith('acme-'));
}
