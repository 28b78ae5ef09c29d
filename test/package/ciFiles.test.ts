import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { kindOf } from '../../server/src/core/manifests/manifestKinds.ts';
import { root } from './nodes.ts';
import { codeBlocks } from './recipeJobs.ts';
import { objectsIn, readYaml } from './readYaml.ts';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { version, bin } = JSON.parse(read('package.json')) as { version: string; bin: Record<string, string> };
const pages = globSync('docs/ci/*.md', { cwd: root });
/** Each YAML text for GitHub, with where it stands. */
const forGitHub: readonly (readonly [string, string])[] = [
  ...['action.yml', ...globSync('.github/workflows/*.yml', { cwd: root })].map((file) => [file, read(file)] as const),
  ...codeBlocks(read('docs/ci/github.md')).map(
    ({ code }, index) => [`docs/ci/github.md, block ${index + 1}`, code] as const,
  ),
];

describe('what is there for CI', () => {
  for (const [place, text] of forGitHub) {
    it(`${place} puts no expression into a script, and names foreign actions by their commit`, () => {
      for (const { run, uses } of objectsIn(readYaml(text))) {
        assert.doesNotMatch(String(run), /\$\{\{/u);
        if (typeof uses === 'string' && !uses.startsWith('pinwatch/')) {
          assert.match(uses, /@[0-9a-f]{40}$/u);
        }
      }
    });
  }

  it('names the present version everywhere', () => {
    for (const file of pages) {
      const named = [...read(file).matchAll(/(?:pinwatch@v?|rev: v|\.git#v)(\d+\.\d+\.\d+\S*?)\b(?![.\d])/gu)];
      assert.deepEqual(
        named.map(([, one]) => one).filter((one) => one !== version),
        [],
        file,
      );
    }
  });

  it('names no registry, no address in the lock file, and holds no token', () => {
    const files = [
      ...pages,
      'action.yml',
      'Dockerfile',
      '.npmrc',
      'npm/README.md',
      'package-lock.json',
      'docs/releasing.md',
    ];
    for (const file of [...files, ...globSync('.github/workflows/*.yml', { cwd: root })]) {
      assert.doesNotMatch(
        read(file),
        /registry\.[a-z]|registry=|"resolved"|_authToken|npm_[A-Za-z0-9]{36}|ghp_/u,
        file,
      );
    }
  });

  describe('the hook for pre-commit', () => {
    const hooks = readYaml(read('.pre-commit-hooks.yaml')) as readonly Readonly<Record<string, unknown>>[];
    const [hook = {}] = hooks;
    // Python's verbose expression, with the letters that switch it on in front.
    const files = new RegExp(String(hook['files']).replace('(?ix)', '').replace(/\s/gu, ''), 'i');

    it('runs the program of the package, and gets no names of files, which could be options', () => {
      assert.equal(hooks.length, 1);
      assert.deepEqual([hook['id'], hook['language'], hook['pass_filenames']], ['pinwatch', 'node', false]);
      assert.ok(Object.hasOwn(bin, String(hook['entry']).split(' ')[0] ?? ''));
    });

    for (const file of [
      ...[
        'requirements.txt',
        'a/requirements-dev.in',
        'requirements/prod/base.txt',
        'Constraints.TXT',
        'a/constraints/b.in',
      ],
      ...['readme.txt', 'requirements.md', 'requirements/base.toml', 'a/requirements.txt/b.c', 'docs/in.txt'],
    ]) {
      const expected = kindOf(file, { include: [], exclude: [] }) !== undefined;
      it(`${expected ? 'runs' : 'does not run'} for ${file}`, () => assert.equal(files.test(file), expected));
    }

    for (const file of [
      'uv.lock',
      'a/poetry.lock',
      'Pipfile.lock',
      'pylock.toml',
      'pylock.dev.toml',
      'osv-scanner.toml',
      'pinwatch.toml',
      'Pipfile',
      'setup.py',
      'a/setup.cfg',
      'tox.ini',
      'pixi.toml',
      'environment.yml',
      '.pre-commit-config.yaml',
      'Dockerfile',
      'dev.Dockerfile',
    ]) {
      it(`runs for ${file}`, () => assert.ok(files.test(file)));
    }

    for (const file of ['src/a.py', 'a.ipynb']) {
      it(`does not run for ${file}, which seldom names requirements`, () => assert.ok(!files.test(file)));
    }
  });
});
