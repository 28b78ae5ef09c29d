import assert from 'node:assert/strict';
import { pipKind } from '../../../../../../server/src/core/manifests/pip/pipManifest.ts';

/** The text after the correction of the line at `index`; `undefined` where there is none. */
function corrected(text: string, index = 0): string | undefined {
  const file = pipKind.parse(text);
  const correction = file.correctionOf?.(index);
  return correction && file.edit(correction.changes).text;
}

describe('what a broken line plainly means', () => {
  for (const [written, meant] of [
    ['django=4.2', 'django==4.2'],
    ['Django[argon2] = 4.2 ; python_version > "3" # c', 'Django[argon2] == 4.2 ; python_version > "3" # c'],
    ['django=>4.2,<5', 'django>=4.2,<5'],
    ['django>4,=<5', 'django>4,<=5'],
    ['django~4.2', 'django~=4.2'],
    ['django<>4.2', 'django!=4.2'],
    ['django≥4.2', 'django>=4.2'],
    ['django 4.2', 'django==4.2'],
    ['django>4.2<5', 'django>4.2,<5'],
    ['"django==4.2"', 'django==4.2'],
    ['dj\u200Bango==4.2\u2060', 'django==4.2'],
  ] as const) {
    it(`${JSON.stringify(written)} means ${meant}`, () => {
      assert.equal(corrected(`six==1\n${written}\nx==1\n`, 1), `six==1\n${meant}\nx==1\n`);
    });
  }

  for (const written of [
    ...['django==4.2', 'django', 'django = "^4.2"', 'import django', 'django==', '<<<<<<< HEAD', '{{ name }}==1'],
    ...['django==4.2 flask==1', '-r', '# django=1', 'x=1 \\\n  --hash=sha256:aa'],
  ]) {
    it(`${JSON.stringify(written)} means nothing else, or nobody can say`, () => {
      assert.equal(corrected(`${written}\n`), undefined);
    });
  }

  const hash = `--hash=sha256:${'a'.repeat(64)}`;
  for (const [what, text, index, after] of [
    ['a backslash is missing', `django==4.2\n    ${hash}\n`, 1, `django==4.2 \\\n    ${hash}\n`],
    ['also before CRLF', `django==4.2  \r\n    ${hash}\r\n`, 1, `django==4.2 \\\r\n    ${hash}\r\n`],
    [
      'a comment stands between',
      `django==4.2 \\\n    # why\n    ${hash}\nx==1\n`,
      1,
      `django==4.2 \\\n    ${hash}\nx==1\n`,
    ],
    ['there is nothing that it could belong to', `-r a.txt\n${hash}\n`, 1, undefined],
  ] as const) {
    it(`puts a stray hash behind its requirement: ${what}`, () => assert.equal(corrected(text, index), after));
  }
});

describe('what is no requirement and was never meant to be one', () => {
  for (const [line, message] of [
    ['<<<<<<< HEAD', /^Unresolved merge conflict/u],
    ['=======', /^Unresolved merge conflict/u],
    ['>>>>>>> feature', /^Unresolved merge conflict/u],
    ['{{ cookiecutter.package }}', /looks like a template/u],
    ['{% if x %}', /looks like a template/u],
    ['django=={{ version }}', /looks like a template/u],
    ['${NAME}==1', /environment variable NAME is not set/u],
    ['djan\u200Bgo==1', /invisible character \(U\+200B\)/u],
  ] as const) {
    it(`is called so: ${JSON.stringify(line)}`, () => {
      assert.match(pipKind.parse(`${line}\n`).entries[0]?.problems[0]?.message ?? '', message);
    });
  }
});
