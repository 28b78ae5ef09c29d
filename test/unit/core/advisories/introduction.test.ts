import assert from 'node:assert/strict';
import { withoutIntroduction } from '../../../../server/src/core/advisories/introduction.ts';

describe('the introduction of an advisory', () => {
  for (const [text, rest] of [
    ['Pillow is a Python imaging library. Nested lists crash it.', 'Nested lists crash it.'],
    [
      'NLTK (Natural Language Toolkit) is a suite of modules. Prior to 3.10, it reads any file.',
      'Prior to 3.10, it reads any file.',
    ],
    ['The tool is an end-to-end platform, e.g. for tests. In version 2 it stops.', 'In version 2 it stops.'],
    ['`pkg` is the client for v1.2 of the service. A token is written to the log.', 'A token is written to the log.'],
  ] as const) {
    it(`goes: ${text}`, () => assert.equal(withoutIntroduction(text), rest));
  }

  for (const text of [
    'There is a heap overflow in the parser. Crafted input leads to a crash.',
    'Uvicorn before 0.11.7 is a vulnerable server. Headers are not escaped.',
    'This is an attempt to read any file. It works.',
    'pkg is a library for tests.',
    'An issue is a problem. It is here.',
    'Django is an injection risk. Fix it.',
    '',
  ]) {
    it(`is not taken for one: ${text}`, () => assert.equal(withoutIntroduction(text), text));
  }

  it('is sought in no time in a text that has no end', () => {
    const long = `a ${'b. '.repeat(100_000)}is a ${'c '.repeat(100_000)}`;
    assert.equal(withoutIntroduction(long), long);
  });
});
