import assert from 'node:assert/strict';
import type { Raise } from '../../../../server/src/core/assessment/advice/raise.ts';
import { raiseAdvice, type RaisedWhere } from '../../../../server/src/core/fixes/words/raiseText.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';

function where(file: string, more: Partial<RaisedWhere> = {}): RaisedWhere {
  const { id, lockAgain } = kindOfNamed(file);
  const isDeclared = (name: string): boolean => name === 'flask';
  return { name: 'jinja2', nearest: '3.1.6', kind: id, again: lockAgain, isDeclared, ...more };
}

const raiseText = (raise: Raise, of: RaisedWhere): string => raiseAdvice(raise, of).text;

const compiled = { tool: 'pip-compile', sources: ['requirements.in'] } as const;
const flask = normalizeName('flask');
const raise: Raise = { kind: 'raise', name: flask, version: '2.2.5', allows: '3.1.6', along: [flask] };
const none: Raise = { kind: 'none', allows: '3.1.6' };
const unknown: Raise = { kind: 'unknown', why: 'the package index is not queried' };
const barred: Raise = { kind: 'barred', why: 'neither flask 1.0 nor shop 1.0 allows it' };

describe('what to raise, in words', () => {
  it('names the requirement, its nearest release and the command of the tool', () => {
    assert.equal(
      raiseText(raise, where('uv.lock')),
      'flask 2.2.5 is the nearest version that allows it. Raise it. Run: uv lock --upgrade-package flask --upgrade-package jinja2.',
    );
    assert.match(raiseText(raise, where('poetry.lock')), /Run: poetry update flask jinja2\.$/u);
    assert.equal(
      raiseText(raise, where('requirements.txt', { compiled })),
      'flask 2.2.5 is the nearest version that allows it. Raise it in requirements.in. Compile again with --upgrade-package flask --upgrade-package jinja2.',
    );
    const along = [normalizeName('shop'), flask];
    assert.equal(
      raiseText({ ...raise, name: normalizeName('shop'), version: '2', allows: '3.2', along }, where('pdm.lock')),
      'shop 2 is the nearest version that allows 3.2. Run: pdm update shop flask jinja2.',
      'nothing is to be changed where no file declares it',
    );
  });

  it('is the command alone where all allow a safe version, and names that if it is another one', () => {
    assert.equal(
      raiseText(none, where('uv.lock')),
      'All that ask for it allow that. Run: uv lock --upgrade-package jinja2.',
    );
    assert.equal(
      raiseText({ ...none, allows: '3.2' }, where('Pipfile.lock')),
      'All that ask for it allow 3.2. Run: pipenv update jinja2.',
    );
    assert.equal(
      raiseText(none, where('requirements.txt', { compiled: { ...compiled, tool: 'pipenv' } })),
      'All that ask for it allow that. Compile again.',
    );
  });

  it('says why it is not known, and how the tool is given a bound', () => {
    const start =
      'Run: uv lock --upgrade-package jinja2. It is not known whether something has to be raised first: the package index is not queried.';
    assert.equal(
      raiseText(unknown, where('uv.lock')),
      `${start} Or add "jinja2>=3.1.6" to constraint-dependencies of [tool.uv]: the tool says whether all that asks for it allows that.`,
    );
    assert.match(raiseAdvice(unknown, where('uv.lock')).doubt ?? '', /^It is not known .* Or add /u);
    assert.match(
      raiseText(unknown, where('requirements.txt', { compiled })),
      /^Compile again with --upgrade-package jinja2\..* Or add "jinja2>=3\.1\.6" to a constraints file \(-c\) of what it is compiled from: /u,
    );
    assert.match(
      raiseText(unknown, where('pylock.toml')),
      /^Run: the command that made the file\. It .* not queried\.$/u,
    );
  });

  it('says what does not allow it, and how the tool is made to take it', () => {
    const why = 'No single release lets it have a safe version: neither flask 1.0 nor shop 1.0 allows it.';
    assert.equal(
      raiseText(barred, where('uv.lock')),
      `${why} To have it all the same, add "jinja2>=3.1.6" to override-dependencies of [tool.uv]: the tool then takes it, whatever others ask for.`,
    );
    assert.match(
      raiseText(barred, where('pdm.lock')),
      /add jinja2 = ">=3\.1\.6" to \[tool\.pdm\.resolution\.overrides\]:/u,
    );
    assert.equal(raiseText(barred, where('poetry.lock')), why);
    assert.equal(raiseText(barred, where('requirements.txt', { compiled })), why);
  });
});
