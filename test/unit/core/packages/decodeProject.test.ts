import assert from 'node:assert/strict';
import { decodeProject } from '../../../../server/src/core/packages/decodeProject.ts';
import { fileVersionsOf } from '../../../../server/src/core/packages/fileVersion.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';

describe('the version of a file', () => {
  const rows: readonly (readonly [filename: string, name: string, version: string | undefined])[] = [
    ['demo-1.0.tar.gz', 'demo', '1.0'],
    ['demo-1.0.zip', 'demo', '1.0'],
    ['demo-1.0.tgz', 'demo', '1.0'],
    ['demo-1.0.tar.bz2', 'demo', '1.0'],
    ['Demo_Kit-1.0rc1.tar.gz', 'demo-kit', '1.0rc1'],
    ['demo.kit-1.0.tar.gz', 'demo-kit', '1.0'],
    ['demo-kit-1.0-beta.tar.gz', 'demo-kit', '1.0b0'],
    ['demo-2-kit-1.0-1.tar.gz', 'demo-2-kit', '1.0.post1'],
    ['demo-1.0+cu118.tar.gz', 'demo', '1.0+cu118'],
    ['demo-v1.0.tar.gz', 'demo', '1.0'],
    ['demo-1!2.0.tar.gz', 'demo', '1!2.0'],
    ['demo-1.0-py3-none-any.whl', 'demo', '1.0'],
    ['Demo_Kit-1.0.post1-py2.py3-none-any.whl', 'demo-kit', '1.0.post1'],
    ['demo-1.0-7b-cp39-abi3-manylinux1_x86_64.whl', 'demo', '1.0'],
    ['demo-1.0+cu118-cp39-cp39-linux_x86_64.whl', 'demo', '1.0+cu118'],
    ['demo-1.0-py3.whl', 'demo', undefined],
    ['demo-kit-1.0-py3-none-any.whl', 'demo-kit', undefined],
    ['other-1.0-py3-none-any.whl', 'demo', undefined],
    ['other-1.0.tar.gz', 'demo', undefined],
    ['demo-kit-1.0.tar.gz', 'demo', undefined],
    ['demo-1.0-final-version.tar.gz', 'demo', undefined],
    ['demo.tar.gz', 'demo', undefined],
    ['demo-.tar.gz', 'demo', undefined],
    ['demo-1.0-py3.6.egg', 'demo', undefined],
    ['demo-1.0.win32-py2.7.exe', 'demo', undefined],
    ['demo-1.0.tar.gz.asc', 'demo', undefined],
    ['demo-1.0.rpm', 'demo', undefined],
    ['../demo-1.0.tar.gz', 'demo', undefined],
    ['', 'demo', undefined],
    [`demo-${'1.'.repeat(300)}0.tar.gz`, 'demo', undefined],
  ];
  for (const [filename, name, expected] of rows) {
    it(`${expected ?? 'is none'} in ${filename.slice(0, 60)}`, () => {
      const written = fileVersionsOf(normalizeName(name))(filename) ?? '';
      assert.equal(parseVersion(written)?.normal, expected);
    });
  }
});

describe('a project page', () => {
  const digest = 'A1'.repeat(32);
  const decode = (files: unknown, changes: object = {}) => {
    const decoded = decodeProject(
      { meta: { 'api-version': '1.0' }, name: 'demo', files, ...changes },
      normalizeName('demo'),
    );
    assert.ok(decoded.kind === 'project', JSON.stringify(decoded));
    return decoded.releases.map(({ version, ...rest }) => ({ version: version.normal, ...rest }));
  };

  it('is the releases in the order of PEP 440, each with its files', () => {
    const names = ['demo-10.0.zip', 'demo-9.0.zip', 'demo-10.0rc1.zip', 'demo-9.0-py3-none-any.whl'];
    const releases = decode(names.map((filename) => ({ filename, hashes: {} })));
    assert.deepEqual(
      releases.map(({ version, files }) => [version, files.map(({ filename }) => filename)]),
      [
        ['9.0', ['demo-9.0.zip', 'demo-9.0-py3-none-any.whl']],
        ['10.0rc1', ['demo-10.0rc1.zip']],
        ['10.0', ['demo-10.0.zip']],
      ],
    );
  });

  it('joins files whose versions are equal', () => {
    const releases = decode([{ filename: 'demo-1.0.zip' }, { filename: 'demo-1.0.0-py3-none-any.whl' }]);
    assert.deepEqual(
      releases.map(({ version, files }) => [version, files.length]),
      [['1.0', 2]],
    );
  });

  it('has a release yanked when all of its files are, with or without a reason', () => {
    const yanked = (...values: unknown[]) =>
      decode(values.map((value, at) => ({ filename: `demo-1.0-${at}-py3-none-any.whl`, yanked: value })))[0]?.yanked;
    assert.equal(yanked(true, 'broken'), true);
    assert.equal(yanked(true, false), false);
    assert.equal(yanked(true, ''), false);
    assert.equal(yanked(undefined), false);
    assert.equal(yanked(1), false);
  });

  it('has requires-python of a file that is not yanked', () => {
    const releases = decode([
      { filename: 'demo-1.0.zip', 'requires-python': '>=2', yanked: true },
      { filename: 'demo-1.0-py3-none-any.whl', 'requires-python': '>=3.9' },
      { filename: 'demo-2.0.zip', 'requires-python': null },
      { filename: 'demo-3.0.zip', 'requires-python': '>=3.8', yanked: true },
    ]);
    assert.deepEqual(
      releases.map(({ requiresPython }) => requiresPython),
      ['>=3.9', undefined, '>=3.8'],
    );
  });

  it('is as old as its first file, where the index says when that was uploaded', () => {
    const releases = decode([
      { filename: 'demo-1.0.zip', 'upload-time': '2026-03-02T10:00:00.123456Z' },
      { filename: 'demo-1.0-py3-none-any.whl', 'upload-time': '2026-03-01T10:00:00Z' },
      { filename: 'demo-2.0.zip', 'upload-time': 'yesterday' },
      { filename: 'demo-3.0.zip', 'upload-time': 5 },
    ]);
    assert.deepEqual(
      releases.map(({ uploadedAt }) => uploadedAt),
      [Date.UTC(2026, 2, 1, 10), undefined, undefined],
    );
  });

  it('has SHA-256 digests in lower case, and none that is something else', () => {
    const hashes = [{ sha256: digest }, { sha256: 'ab' }, { sha256: `${digest}\nevil==1` }, { md5: digest }, null, 'x'];
    const files = hashes.map((value, at) => ({ filename: `demo-1.0-${at}-py3-none-any.whl`, hashes: value }));
    const [release] = decode(files);
    assert.deepEqual(
      release?.files.map(({ sha256 }) => sha256),
      [digest.toLowerCase(), ...Array<undefined>(5)],
    );
  });

  it('leaves out what cannot be read', () => {
    const files = [
      null,
      7,
      'demo-1.0.zip',
      [],
      {},
      { filename: 7 },
      { filename: 'evil-1.0.zip' },
      { filename: 'demo-1.0.egg' },
    ];
    assert.deepEqual(decode(files), []);
    assert.deepEqual(decode([], { versions: ['1.0'] }), []);
  });

  const invalid: readonly unknown[] = [
    undefined,
    null,
    [],
    'text',
    { files: [] },
    { meta: { 'api-version': '2.0' }, files: [] },
    { meta: { 'api-version': 1 }, files: [] },
    { meta: { 'api-version': '1.0' } },
    { meta: { 'api-version': '1.0' }, files: {} },
  ];
  for (const page of invalid) {
    it(`is not ${JSON.stringify(page) ?? 'nothing'}`, () => {
      assert.equal(decodeProject(page, normalizeName('demo')).kind, 'invalid');
    });
  }
});
