import assert from 'node:assert/strict';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { namesOtherIndex } from '../../../../server/src/core/manifests/namesOtherIndex.ts';

describe('a package index that a file names', () => {
  for (const [name, text, expected] of [
    ['requirements.txt', 'flask\n', false],
    ['requirements.txt', '--index-url https://pypi.org/simple\nflask\n', false],
    ['requirements.txt', '-i https://packages.example/simple\nflask\n', true],
    ['requirements.txt', 'flask\n--extra-index-url=https://packages.example/simple\n', true],
    ['requirements.txt', '--extra-index-url ${INDEX}\nflask\n', true],
    ['requirements.txt', '--no-index\nflask\n', true],
    ['pyproject.toml', '[project]\nname = "x"\nurl = "https://packages.example"\n', false],
    ['pyproject.toml', '[[tool.uv.index]]\nname = "x"\nurl = "https://packages.example/simple"\n', true],
    ['pyproject.toml', '[tool.uv]\nindex-url = "https://packages.example/simple"\n', true],
    ['pyproject.toml', '[[tool.poetry.source]]\nname = "x"\nurl = "https://packages.example/simple"\n', true],
    ['Pipfile', '[[source]]\nurl = "https://pypi.org/simple"\nname = "pypi"\n[packages]\nflask = "*"\n', false],
    ['Pipfile', '[[source]]\nurl = "https://packages.example/simple"\nname = "x"\n', true],
  ] as const) {
    it(`${JSON.stringify(text)} of ${name}: ${expected}`, () =>
      assert.equal(namesOtherIndex(kindOfNamed(name).parse(text)), expected));
  }
});
